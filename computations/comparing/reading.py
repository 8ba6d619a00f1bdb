"""What is stored, read as a stranger would: nothing is believed because it stands in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from collaborations.models import Contract
from station.contract import signatures
from station.contract.canonical import digest, load
from station.reasons import Refused


@dataclass(frozen=True)
class Signed:
    """What a station signed; ``said`` is empty when it signed nothing, or when the signature is not its own."""

    organisation: str
    name: str
    said: Mapping[str, Any]


class Text:
    """A contract, from its text alone. What cannot be read is empty, and differs from everything."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        read = document_of(contract.data)
        self.document: Mapping[str, Any] = read if isinstance(read, dict) else {}

    @cached_property
    def sha256(self) -> str:
        return of_text(self.contract.data)

    @property
    def specification(self) -> dict[str, Any]:
        found = self.document.get("specification")
        return found if isinstance(found, dict) else {}

    @property
    def is_trial(self) -> bool:
        return self.document.get("kind") == "trial_contract"

    @property
    def documents(self) -> list[Mapping[str, Any]]:
        return records(self.document.get("documents"))

    @cached_property
    def names(self) -> dict[str, str]:
        parties = records(self.specification.get("parties"))
        return {str(party.get("organisation")): str(party.get("name")) for party in parties}

    @cached_property
    def stations(self) -> dict[str, str]:
        """Organisation key to the thumbprint of its station's key."""
        found = records(self.document.get("stations"))
        return {str(station.get("organisation")): str(station.get("thumbprint")) for station in found}

    def heard(self, tokens: Iterable[tuple[str, str]], *kinds: str) -> list[Signed]:
        """Per station what it signed, with the key whose thumbprint stands in the text."""
        given = dict(tokens)
        return [
            Signed(key, self.names.get(key, key), self._verified(key, given.get(key), kinds)) for key in self.stations
        ]

    def _verified(self, organisation: str, token: str | None, kinds: tuple[str, ...]) -> Mapping[str, Any]:
        if token is None:
            return {}
        try:
            said = signatures.verify(token, kinds, self._key_of(organisation))
        except (Refused, ValueError):
            return {}
        return said if said.get("organisation") == organisation else {}

    def _key_of(self, organisation: str) -> Any:
        found = [entry["jwk"] for entry in self.contract.keys if entry["organisation"] == organisation]
        key = signatures.import_public(found[0]) if found else None
        agreed = key is not None and signatures.thumbprint(key) == self.stations[organisation]
        return lambda kid: key if agreed else None


def document_of(text: str) -> Any:
    try:
        return load(text)
    except Refused:
        return None


def of_text(text: str) -> str:
    """The hash of a text as it is stored, byte for byte."""
    return hashlib.sha256(text.encode()).hexdigest()


def of_document(document: Any) -> str:
    """The hash of a document; empty for what has none."""
    try:
        return digest(document) if document else ""
    except Refused:
        return ""


def records(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
