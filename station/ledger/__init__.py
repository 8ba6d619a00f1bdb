"""The station's memory: contracts, signatures, its own statements in a hash chain, slots used, attempts and shares."""

from station.ledger.attempts import Attempt
from station.ledger.ledger import Ledger, Statement

__all__ = ["Attempt", "Ledger", "Statement"]
