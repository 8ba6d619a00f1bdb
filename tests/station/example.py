"""An invented computation of three organisations with all that belongs to its contract; a test changes one thing."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from joserfc.jwk import ECKey

from station.contract.canonical import canonical, digest
from station.contract.contract import Contract, read_contract
from station.contract.coverage import BASIS, needed
from station.contract.signatures import new_key, public, sign, thumbprint
from station.contract.statements import schema_digest
from station.specification import Specification

TEXT = {"nl": "verzonnen", "en": "invented"}
PARTIES = ("belastingdienst", "gemeenten", "kvk")
USE_CASE = "0b0f6f5e-1f1b-4f0e-8f4b-0d7a5d1f2c3b"
NUMBER = {"kind": "digits", "length": 8}
COLUMNS: dict[str, list[dict[str, Any]]] = {
    "kvk": [{"name": "nr", "type": NUMBER}, {"name": "region", "type": {"kind": "code", "values": ["Noord", "Zuid"]}}],
    "belastingdienst": [
        {"name": "nr", "type": NUMBER},
        {"name": "arrears", "type": {"kind": "int", "minimum": 0, "maximum": None}},
    ],
}

ROWS = {
    "kvk": "nr,region\n00000001,Noord\n00000002,Zuid\n",
    "belastingdienst": "nr,arrears\n00000001,500\n00000003,0\n",
}


def days(number: int) -> str:
    """So many days from today."""
    return (date.today() + timedelta(days=number)).isoformat()


def specification(**changes: Any) -> dict[str, Any]:
    """kvk asks and receives, belastingdienst checks, gemeenten only computes."""
    document: dict[str, Any] = {
        "schema": "nicpet.specification/1",
        "title": TEXT, "purpose": TEXT, "asker": "kvk", "analysis": "grouped_counts", "engine": "mpyc",
        "parties": [_party("kvk", ["input_party", "computing_party", "result_party"]),
                    _party("belastingdienst", ["input_party", "computing_party"]),
                    _party("gemeenten", ["computing_party"])],
        "inputs": [_input("kvk", ["join_key", "group"]), _input("belastingdienst", ["join_key", "condition"])],
        "parameters": {"base": "kvk", "group_by": [{"input": "kvk", "column": "region"}],
                       "conditions": [{"input": "belastingdienst", "column": "arrears", "op": "gt", "value": 0}]},
        "disclosure": {"k": 25, "two_sided": True, "rounding_base": 0},
        "outputs": [{"name": "table", "kind": "aggregate_table", "title": TEXT, "recipients": ["kvk"],
                     "checker": "belastingdienst", "shown_on_platform": True, "use": TEXT}],
        "retention": [{"artefact": TEXT, "holder": "kvk", "days": 30}],
        "schedule": {"recurrence": "once", "start": days(0), "end": days(30), "slots": 2},
    }  # fmt: skip
    return copy.deepcopy(document | changes)


def read(document: dict[str, Any]) -> Specification:
    return Specification.model_validate(document)


def _party(key: str, roles: list[str]) -> dict[str, Any]:
    return {"organisation": key, "name": key.title(), "capacity": "joint_controller", "party_roles": roles}


def _input(key: str, uses: list[str]) -> dict[str, Any]:
    columns = [{**column, "use": use, "justification": TEXT} for column, use in zip(declared(key), uses, strict=True)]
    return {"id": key, "organisation": key, "dataset": "register", "subject_category": TEXT,
            "padded_rows": 100, "columns": columns}  # fmt: skip


def declared(organisation: str) -> list[dict[str, Any]]:
    """The columns as that organisation's own station announces them."""
    return [{**column, "data_class": "ordinary", "description": TEXT} for column in COLUMNS[organisation]]


def schema(organisation: str) -> dict[str, Any]:
    return {"dataset": "register", "description": TEXT, "columns": declared(organisation)}


@dataclass
class Agreed:
    """A contract in the making: ``keys`` of the stations, ``papers`` it rests on, and what a test changes."""

    keys: dict[str, ECKey] = field(default_factory=lambda: {key: new_key() for key in PARTIES})
    specification: dict[str, Any] = field(default_factory=specification)
    trial: bool = False
    papers: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.trial and not self.papers:
            self.papers = [paper("assessment"), paper("agreement"), *bases(self.specification)]

    @property
    def document(self) -> dict[str, Any]:
        """Hash consistent: what a platform that drafts correctly makes of this."""
        return copy.deepcopy({
            "schema": "nicpet.contract/1", "kind": "trial_contract" if self.trial else "contract",
            "use_case": USE_CASE, "serial": 1,
            "specification": self.specification, "specification_sha256": digest(self.specification),
            "documents": [entry(text) for text in self.papers],
            "stations": [{"organisation": key, "thumbprint": thumbprint(self.keys[key])} for key in sorted(self.keys)],
            "datasets": [{"input": key, "synthetic": self.trial,
                          "sha256": schema_digest("register", declared(key), self.trial)}
                         for key in ("belastingdienst", "kvk")],
            "valid_to": [] if self.trial else [{"organisation": key, "valid_to": days(60)} for key in PARTIES],
            "drafted_on": days(0),
        } | self.changes)  # fmt: skip

    @property
    def contract(self) -> Contract:
        return read_contract(self.document)

    @property
    def text(self) -> str:
        return canonical(self.document).decode()

    @property
    def sha256(self) -> str:
        return digest(self.document)

    def jwks(self) -> list[dict[str, Any]]:
        return [{"organisation": key, "jwk": public(self.keys[key])} for key in sorted(self.keys)]

    def texts(self) -> list[dict[str, str]]:
        return [{"sha256": digest(text), "text": canonical(text).decode()} for text in self.papers]

    def approval(self, organisation: str, /, *, key: ECKey | None = None, kind: str = "", **changes: Any) -> str:
        """The approval of that organisation's station, or one that looks like it."""
        payload = {
            "contract": self.sha256, "organisation": organisation, "capacity": "joint_controller",
            "mandate": {"function": "director", "reference": "invented 1", "valid_to": days(90)},
            "documents": [digest(text) for text in self.papers], "decided_on": days(0),
        } | changes  # fmt: skip
        return sign(kind or self.contract.approval_type, payload, key or self.keys[organisation])

    def answer(self, **changes: Any) -> dict[str, Any]:
        """What an honest platform answers when a station asks for this contract."""
        honest = {
            "contract": self.text, "documents": self.texts(), "keys": self.jwks(),
            "approvals": [self.approval(key) for key in PARTIES], "revocations": [],
        }  # fmt: skip
        return honest | changes


def paper(kind: str, organisation: str | None = None) -> dict[str, Any]:
    """A document that a contract can rest on."""
    return {"kind": kind, "organisation": organisation, "about": "invented"}


def bases(specification: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    """What the register says for these parties, a row for every cell; kvk's second row is about the result."""
    asked = sorted({(cell.organisation, cell.operation) for cell in needed(read(specification))})
    return [basis(specification, *about, **changes) for about in asked]


def basis(specification: dict[str, Any], organisation: str, operation: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "legal_basis", "schema": BASIS, "specification_sha256": digest(specification),
        "organisation": organisation, "operation": operation, "regime": "gdpr", "ground": "6.1.e",
        "valid_from": days(-10), "valid_to": days(60),
    } | changes  # fmt: skip


def entry(text: dict[str, Any]) -> dict[str, Any]:
    """How a contract names a document."""
    return {
        "kind": text["kind"], "organisation": text["organisation"], "title": f"{text['kind']} {text['organisation']}",
        "sha256": digest(text), "valid_to": text.get("valid_to"),
    }  # fmt: skip
