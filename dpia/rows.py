"""Rows that people add and remove without JavaScript: every button posts the whole form, and nothing is saved by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from dpia.checking import MOST_ROWS
from dpia.computed import PLAIN, Ground
from dpia.questions import Option, TableColumn
from dpia.reading import Shown, level, words
from dpia.risk_library import picked


@dataclass(frozen=True)
class Cell:
    """One input of a row. ``kind``: ``text``, ``select``, ``date``, ``number`` or ``several`` (``chosen`` of them)."""

    name: str
    id: str
    label: Any
    value: str
    options: list[tuple[str, str]]
    first: bool
    kind: str = "text"
    chosen: tuple[str, ...] = ()


Levels = list[tuple[str, Shown]]
"""Label and value of everything that is computed in one row."""


@dataclass(frozen=True)
class Row:
    """``title``: of a row that is always there; ``marks``: what it holds beside its cells, hidden."""

    number: int
    cells: list[Cell]
    computed: Levels
    new: bool
    title: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)


class Rows(forms.Widget):
    """Reads the rows; the page itself shows them with ``templates/dpia/rows.html``."""

    def __init__(
        self, columns: Sequence[TableColumn], fixed: Sequence[Option] = (), marks: Sequence[str] = (),
        ground: Ground = PLAIN,
    ) -> None:  # fmt: skip
        """``fixed``: the rows of a matrix, all and only those; ``marks``: hidden parts of a row."""
        super().__init__()
        self.columns, self.fixed, self.marks = columns, fixed, (*marks, *(["row"] if fixed else []))
        self.ground = ground

    @property
    def typed(self) -> list[TableColumn]:
        return [column for column in self.columns if column.typed]

    @property
    def keys(self) -> list[str]:
        return [*self.marks, *(column.id for column in self.typed)]

    @property
    def several(self) -> set[str]:
        """The columns in which a row names several things."""
        return {column.id for column in self.columns if column.type == "references"}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        several = self.several
        return [
            {key: _sent(data, f"{name}-{n}-{key}", key in several) for key in self.keys}
            for n in range(count(data, name))
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-rows" not in data

    def rows(self, name: str, values: Sequence[Mapping[str, Any]], new: int | None = None) -> list[Row]:
        """What the page shows; ``new``: the row that was just added, where typing goes on."""
        if self.fixed:
            given = {value.get("row"): value for value in values}
            values = [{**given.get(row.key, {}), "row": row.key} for row in self.fixed]
        return [self._row(name, n, value, n == new) for n, value in enumerate(values)]

    def levels(self, values: Sequence[Mapping[str, Any]]) -> Iterator[Levels]:
        """What follows from each row as it is typed; nothing for a table in which nothing is computed."""
        columns = [column for column in self.columns if not column.typed]
        if columns:
            yield from ([(words(c.label), level(c, dict(value), self.ground)) for c in columns] for value in values)

    def _row(self, name: str, n: int, value: Mapping[str, Any], new: bool) -> Row:
        cells = [_cell(f"{name}-{n}-{c.id}", c, value.get(c.id) or "", new and c is self.typed[0]) for c in self.typed]
        computed = [(words(c.label), level(c, dict(value), self.ground)) for c in self.columns if not c.typed]
        marks = [(f"{name}-{n}-{key}", str(value.get(key) or "")) for key in self.marks]
        title = words(self.fixed[n].label) if self.fixed else ""
        return Row(n + 1, cells, computed, new, title, marks)


def _cell(name: str, column: TableColumn, value: Any, first: bool) -> Cell:
    options = [(option.key, words(option.label)) for option in column.offered]
    if column.type == "references":
        chosen = (value,) if isinstance(value, str) else tuple(value)
        return Cell(name, f"id_{name}", words(column.label), "", options, first, "several", chosen)
    kind = "select" if column.type in ("choice", "reference", "check") else column.type
    return Cell(name, f"id_{name}", words(column.label), value, options, first, kind)


def _sent(data: Mapping[str, Any], name: str, several: bool) -> Any:
    if not several:
        return data.get(name, "")
    return data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])


def count(data: Mapping[str, Any], name: str) -> int:
    """How many rows a form holds, whatever it claims."""
    given = str(data.get(f"{name}-rows", ""))
    return min(int(given), MOST_ROWS + 1) if given.isdecimal() and len(given) < 5 else 0


def changed(data: QueryDict, widgets: Mapping[str, Rows]) -> tuple[QueryDict, tuple[str, int]] | None:
    """The posted form with one row more or less, and which row; None when no such button was pressed."""
    name, _colon, place = data.get("remove_row", "").partition(":")
    widgets = {one: widget for one, widget in widgets.items() if not widget.fixed}
    if data.get("add_row") in widgets:
        return _added(data, data["add_row"])
    if data.get("pick") in widgets:
        return _picked(data, data["pick"])
    if name in widgets and place.isdecimal() and int(place) < count(data, name):
        return _removed(data, name, int(place), widgets[name].keys)
    return None


def _added(data: QueryDict, name: str) -> tuple[QueryDict, tuple[str, int]]:
    more, number = data.copy(), count(data, name)
    more[f"{name}-rows"] = str(min(number + 1, MOST_ROWS))
    return more, (name, number)


def _picked(data: QueryDict, name: str) -> tuple[QueryDict, tuple[str, int]]:
    """With a row for each risk that was chosen from the library."""
    more, first = data.copy(), count(data, name)
    rows = picked(data.getlist(f"{name}-library"))[: MOST_ROWS - first]
    for number, row in enumerate(rows, start=first):
        more.update({f"{name}-{number}-{key}": cell for key, cell in row.items()})
    more[f"{name}-rows"] = str(first + len(rows))
    return more, (name, first if rows else -1)


def _removed(data: QueryDict, name: str, place: int, keys: Sequence[str]) -> tuple[QueryDict, tuple[str, int]]:
    less, number = data.copy(), count(data, name)
    for n in range(place, number - 1):
        for key in keys:
            less.setlist(f"{name}-{n}-{key}", data.getlist(f"{name}-{n + 1}-{key}"))
    less[f"{name}-rows"] = str(number - 1)
    return less, (name, -1)
