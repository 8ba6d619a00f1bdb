"""Which legal bases a specification asks for, and whether the rows under it answer: the one place that knows.

Whoever gives data contributes, whoever receives the table receives, and who does neither computes. Whoever checks an
output sees it before it is released, which is a processing of its own. What the columns hold asks for more: an
exception for special categories, a ground for criminal data, a ground for a national number.
Shares are still personal data, so who links or computes needs these grounds for all columns.

The platform draws its matrix with this; a station holds the rows that its contract rests on to it, for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, Protocol

import yaml

from station.contract.canonical import load_canonical
from station.contract.contract import Contract, Document
from station.reasons import Fact, Reason, Refused
from station.specification import Party, Specification

ASKING = ("special", "criminal", "national_id")
"""The data classes that ask for a ground of their own."""
OWN_DATA, ALL_DATA = ("prepare", "contribute"), ("link", "compute")
ON_RESULT = ("receive", "release")
"""What is done with an outcome, and not with the columns that it came from."""
BASIS = "nicpet.legal-basis/1"


class Grounds(Protocol):
    """A row of the register, as far as it matters here; ``number``: the ground for a national number."""

    @property
    def regime(self) -> str: ...
    @property
    def special(self) -> str: ...
    @property
    def criminal(self) -> str: ...
    @property
    def number(self) -> str: ...


class Cell(NamedTuple):
    """One partner, operation and kind of data that needs an approved row."""

    organisation: str
    operation: str
    kind: str


class Row(NamedTuple):
    """A row as its document in the contract says it."""

    organisation: str
    operation: str
    regime: str
    special: str
    criminal: str
    number: str
    valid_from: str
    valid_to: str

    def answers(self, cell: Cell, day: date) -> bool:
        """Whether it is about this cell and holds that day (ISO days compare as they stand)."""
        about = (self.organisation, self.operation) == (cell.organisation, cell.operation)
        return about and self.valid_from <= day.isoformat() <= self.valid_to and covers(self, cell.kind)


def kinds_touched(spec: Specification, organisation: str, operation: str) -> set[str]:
    """The data classes with a ground of their own among the columns that the operation touches."""
    inputs = spec.inputs_of(organisation) if operation in OWN_DATA else spec.inputs if operation in ALL_DATA else []
    return {str(column.data_class) for entry in inputs for column in entry.columns} & set(ASKING)


def covers(row: Grounds, kind: str) -> bool:
    """Whether the row names the ground that this kind of data asks for. The Wpg and Wjsg are about criminal data."""
    if kind == "special":
        return bool(row.special)
    if kind == "criminal":
        return bool(row.criminal) or row.regime in ("wpg", "wjsg")
    return kind != "national_id" or bool(row.number)


def operations(spec: Specification, party: Party) -> list[str]:
    """What a party does, in the words of the register."""
    found = [("input_party", "contribute"), ("result_party", "receive")]
    done = [operation for role, operation in found if role in party.party_roles]
    checks = any(output.checker == party.organisation for output in spec.outputs)
    return [*(done or ["compute"]), *(["release"] if checks else [])]


def needed(spec: Specification) -> Iterator[Cell]:
    """Every cell that needs an approved row; one row can answer several of them."""
    for party in spec.parties:
        for operation in operations(spec, party):
            yield Cell(party.organisation, operation, "result" if operation in ON_RESULT else "data")
            for kind in sorted(kinds_touched(spec, party.organisation, operation)):
                yield Cell(party.organisation, operation, kind)


def named(cells: Iterable[Cell]) -> dict[str, Fact]:
    """Cells in words, as the facts of a reason: ``contribute: data, special categories; receive: result``."""
    by_operation: dict[str, list[str]] = {}
    for cell in cells:
        by_operation.setdefault(cell.operation, []).append(cell.kind)
    return {"cells": _sentence(by_operation, "nl"), "cells_en": _sentence(by_operation, "en")}


def uncovered(contract: Contract, texts: Mapping[str, str], day: date) -> Iterator[Reason]:
    """What the rows under a contract leave open on a day. ``texts``: hash to the text of each document.

    A row counts when it says about itself what the contract says about it, and is about this specification.
    """
    if contract.is_trial:
        return
    rows = []
    for document in contract.documents:
        if document.kind == "legal_basis":
            row = _row(document, texts.get(document.sha256, ""), contract.specification_sha256)
            if row is None:
                yield Reason("contract.basis_differs", {"title": document.title})
            else:
                rows.append(row)
    for party in contract.specification.parties:
        cells = [cell for cell in needed(contract.specification) if cell.organisation == party.organisation]
        open_cells = [cell for cell in cells if not any(row.answers(cell, day) for row in rows)]
        if open_cells:
            yield Reason("contract.cells_open", {"organisation": party.name, **named(open_cells)})


def _row(document: Document, text: str, specification_sha256: str) -> Row | None:
    try:
        said = load_canonical(text)
    except Refused:
        return None
    if not isinstance(said, dict) or said.get("schema") != BASIS:
        return None
    own = (said.get("organisation"), said.get("valid_to"), said.get("specification_sha256"))
    if own != (document.organisation, document.valid_to, specification_sha256):
        return None
    return Row(*(_plain(said, name) for name in Row._fields))


def _plain(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def _sentence(by_operation: Mapping[str, Collection[str]], language: str) -> str:
    return "; ".join(
        f"{word(operation, language)}: {', '.join(word(kind, language) for kind in kinds)}"
        for operation, kinds in by_operation.items()
    )


def word(key: str, language: str) -> str:
    """An operation or a kind of data, for people."""
    return _words().get(key, {}).get(language, key)


@cache
def _words() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        files("station.contract").joinpath("coverage.yaml").read_text("utf-8")
    )
    return loaded
