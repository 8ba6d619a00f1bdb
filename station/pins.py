"""Pinned keys: which key each organisation's station signs with, learned once from a contract whose code was compared.

The contract holds every thumbprint, so one comparison of the contract code settles all keys. A pin never changes by
itself: another key for a known organisation is a hard stop.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from station.contract.contract import Contract
from station.contract.signatures import import_public, public, thumbprint
from station.private import write_private
from station.reasons import Reason, Refused


class Pins:
    """``pins.json``: organisation -> {thumbprint, jwk, contract}."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> dict[str, dict[str, Any]]:
        """Refused when the file is there but not whole: without it every key would be new again."""
        try:
            pins = json.loads(self.path.read_text("utf-8"))
            if not all(isinstance(pin["thumbprint"], str) and isinstance(pin["jwk"], dict) for pin in pins.values()):
                raise ValueError("a pin lacks its key")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            raise Refused("file.unreadable", path=str(self.path)) from error
        return dict(pins)

    def reasons(self, contract: Contract) -> list[Reason]:
        """Organisations whose key in the contract differs from the pinned one."""
        pins = self.all()
        return [
            Reason("pin.changed", {"organisation": station.organisation})
            for station in contract.stations
            if pins.get(station.organisation, {}).get("thumbprint", station.thumbprint) != station.thumbprint
        ]

    def learn(self, contract: Contract, keys: Iterable[dict[str, Any]]) -> None:
        """Pins the keys a contract names; only to be called after its code was compared. ``keys``: JWKs."""
        if changed := self.reasons(contract):
            raise Refused(*changed)
        known = {thumbprint(key): key for key in map(import_public, keys)}
        pins = self.all()
        for station in contract.stations:
            key = known.get(station.thumbprint)
            if key is None:
                raise Refused("pin.key_missing", organisation=station.organisation)
            pins.setdefault(
                station.organisation,
                {"thumbprint": station.thumbprint, "jwk": public(key), "contract": contract.sha256},
            )
        write_private(self.path, json.dumps(pins, indent=1, sort_keys=True))

    def key_of(self, contract: Contract, organisation: str) -> Callable[[str], ECKey | None]:
        """Finds the pinned key of one organisation, and only when the contract names the same one."""
        pin = self.all().get(organisation)

        def find(kid: str) -> ECKey | None:
            if pin is None or not pin["thumbprint"] == kid == contract.key_of(organisation):
                return None
            return import_public(pin["jwk"])

        return find
