"""Rows that people add and remove without JavaScript: every button posts the whole form, and nothing is saved by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from dpia.checking import MOST_ROWS
from dpia.reading import Shown, level, words
from dpia.template import TableColumn


@dataclass(frozen=True)
class Cell:
    """One input of a row."""

    name: str
    id: str
    label: Any
    value: str
    options: list[tuple[str, str]]
    first: bool


Levels = list[tuple[str, Shown]]
"""Label and value of everything that is computed in one row."""


@dataclass(frozen=True)
class Row:
    number: int
    cells: list[Cell]
    computed: Levels
    new: bool


class Rows(forms.Widget):
    """Reads the rows; the page itself shows them with ``templates/dpia/rows.html``."""

    def __init__(self, columns: Sequence[TableColumn]) -> None:
        super().__init__()
        self.columns = columns

    @property
    def typed(self) -> list[TableColumn]:
        return [column for column in self.columns if column.typed]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        return [
            {column.id: data.get(f"{name}-{n}-{column.id}", "") for column in self.typed}
            for n in range(count(data, name))
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-rows" not in data

    def rows(self, name: str, values: Sequence[Mapping[str, Any]], new: int | None = None) -> list[Row]:
        """What the page shows; ``new``: the row that was just added, where typing goes on."""
        return [self._row(name, n, value, n == new) for n, value in enumerate(values)]

    def levels(self, values: Sequence[Mapping[str, Any]]) -> Iterator[Levels]:
        """What follows from each row as it is typed; nothing for a table in which nothing is computed."""
        columns = [column for column in self.columns if not column.typed]
        if columns:
            yield from ([(words(c.label), level(c, dict(value))) for c in columns] for value in values)

    def _row(self, name: str, n: int, value: Mapping[str, Any], new: bool) -> Row:
        cells = [_cell(f"{name}-{n}-{c.id}", c, value.get(c.id) or "", new and c is self.typed[0]) for c in self.typed]
        computed = [(words(c.label), level(c, dict(value))) for c in self.columns if not c.typed]
        return Row(n + 1, cells, computed, new)


def _cell(name: str, column: TableColumn, value: str, first: bool) -> Cell:
    options = [(option.key, words(option.label)) for option in column.options]
    return Cell(name, f"id_{name}", words(column.label), value, options, first)


def count(data: Mapping[str, Any], name: str) -> int:
    """How many rows a form holds, whatever it claims."""
    given = str(data.get(f"{name}-rows", ""))
    return min(int(given), MOST_ROWS + 1) if given.isdecimal() and len(given) < 5 else 0


def changed(data: QueryDict, widgets: Mapping[str, Rows]) -> tuple[QueryDict, tuple[str, int]] | None:
    """The posted form with one row more or less, and which row; None when no such button was pressed."""
    name, _colon, place = data.get("remove_row", "").partition(":")
    if data.get("add_row") in widgets:
        return _added(data, data["add_row"])
    if name in widgets and place.isdecimal() and int(place) < count(data, name):
        return _removed(data, name, int(place), [column.id for column in widgets[name].typed])
    return None


def _added(data: QueryDict, name: str) -> tuple[QueryDict, tuple[str, int]]:
    more, number = data.copy(), count(data, name)
    more[f"{name}-rows"] = str(min(number + 1, MOST_ROWS))
    return more, (name, number)


def _removed(data: QueryDict, name: str, place: int, columns: Sequence[str]) -> tuple[QueryDict, tuple[str, int]]:
    less, number = data.copy(), count(data, name)
    for n in range(place, number - 1):
        for column in columns:
            less[f"{name}-{n}-{column}"] = data.get(f"{name}-{n + 1}-{column}", "")
    less[f"{name}-rows"] = str(number - 1)
    return less, (name, -1)
