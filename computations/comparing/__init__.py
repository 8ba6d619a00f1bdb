"""Assessed versus what runs: DPIA, contract and run, compared from what they say themselves and never from a state."""

from computations.comparing.compared import Comparison, compare

__all__ = ["Comparison", "compare"]
