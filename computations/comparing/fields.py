"""Specifications beside each other, field by field: equal is what is exactly equal, whatever the words show of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from computations.specifying.differences import fields, leaves
from station.contract.canonical import digest
from station.reasons import Refused

PARTS = {
    _("Purpose and asker"): ("title", "purpose", "asker"),
    _("Parties and their roles"): ("parties",),
    _("Datasets and variables"): ("inputs",),
    _("Analysis and its parameters"): ("analysis", "parameters"),
    _("Engine"): ("engine",),
    _("What may be shown: threshold and rounding"): ("disclosure",),
    _("Outputs, recipients and checker"): ("outputs",),
    _("Retention"): ("retention",),
    _("Window and number of runs"): ("schedule",),
}
"""Every field of a specification but its form stands under one of these; what is new stands under the last."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One field, with its value in each column; empty where that document does not have it."""

    where: str
    values: tuple[str, ...]
    same: bool


@dataclass(frozen=True)
class Part:
    title: str
    lines: list[Line]
    same: bool

    @property
    def differing(self) -> int:
        return sum(not line.same for line in self.lines)


def parts(columns: Sequence[Document]) -> Iterator[Part]:
    """The same part of every column. An empty document differs from everything."""
    known = {name for names in PARTS.values() for name in names}
    rest = sorted({name for document in columns for name in document} - known)
    for title, names in [*PARTS.items(), (_("Form of the document"), tuple(rest))]:
        taken = [{name: document[name] for name in names if name in document} for document in columns]
        if any(taken):
            yield Part(str(title), list(_lines(taken)), len({_exact(document) for document in taken}) == 1)


def _lines(columns: Sequence[Document]) -> Iterator[Line]:
    words = [dict(leaves(document)) for document in columns]
    exact = [{path: _exact(value) for path, value in fields(document)} for document in columns]
    for path in dict.fromkeys(path for column in words for path in column):
        values = tuple(column.get(path, "") for column in words)
        yield Line(" › ".join(path), values, len({column.get(path) for column in exact}) == 1)


def _exact(value: Any) -> str:
    """What no canonical document can hold is equal to itself at most."""
    try:
        return digest(value)
    except Refused:
        return repr(value)
