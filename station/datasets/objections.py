"""Who objected (GDPR art. 21): ids whose rows a station leaves out of every run, kept at this station alone.

A list belongs to a dataset and one of its columns; several columns can have one. Nobody else learns that a list exists:
the number of rows is filled up before anything is sent. Rows are left out when a run reads the file, so an objection
counts from the next run on, whatever the file holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from pydantic import TypeAdapter

from station.datasets.files import OPTIONS, quoted
from station.datasets.forms import form_of
from station.private import write_private
from station.reasons import Refused
from station.specification import ColumnType

MOST = 1_000_000
KEYS = ("digits", "hex", "uuid", "text")
"""Kinds of columns that can say who somebody is."""
_TYPES: TypeAdapter[ColumnType] = TypeAdapter(ColumnType)


@dataclass(frozen=True)
class Objections:
    """The lists of one dataset: a private file ``objections/DATASET.json``."""

    path: Path
    dataset: str

    def counts(self) -> dict[str, int]:
        """Column to the number of ids; the ids themselves are never shown."""
        return {column: len(entry["ids"]) for column, entry in self._read().items()}

    def add(self, column: str, kind: ColumnType, ids: Iterable[str]) -> int:
        """Puts ids on the list; returns how many were new. Raises Refused, and keeps nothing, when one does not fit."""
        lists = self._read()
        known = set(lists.get(column, {"ids": []})["ids"])
        together = known | set(normal(self.dataset, column, kind, ids))
        if len(together) > MOST:
            raise Refused("objection.too_many", most=MOST)
        lists[column] = {"type": kind.model_dump(mode="json"), "ids": sorted(together)}
        self._write(lists)
        return len(together) - len(known)

    def remove(self, column: str, kind: ColumnType, ids: Iterable[str]) -> int:
        """Takes ids off the list, for an objection that was withdrawn; returns how many were on it."""
        lists = self._read()
        known = set(lists.get(column, {"ids": []})["ids"])
        left = known - set(normal(self.dataset, column, kind, ids))
        if left:
            lists[column]["ids"] = sorted(left)
        else:
            lists.pop(column, None)
        self._write(lists)
        return len(known) - len(left)

    def _read(self) -> dict[str, Any]:
        """A list that cannot be read stops a run: leaving it aside would compute on who objected."""
        try:
            return dict(json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Refused("objection.unreadable", dataset=self.dataset, path=str(self.path)) from error

    def _write(self, lists: dict[str, Any]) -> None:
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(self.path, json.dumps(lists, ensure_ascii=False))

    def conditions(self, names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
        """An SQL condition and its parameter for each list: true for the rows that stay. ``names``: the file's columns;
        a list that cannot be applied stops the run."""
        for column, entry in self._read().items():
            if column not in names:
                raise Refused("dataset.column_missing", column=column, dataset=self.dataset)
            normal_cell = form_of(_type(entry["type"])).normal.format(c=quoted(column))
            yield f"coalesce({normal_cell} NOT IN (SELECT unnest(?)), true)", entry["ids"]


def normal(dataset: str, column: str, kind: ColumnType, ids: Iterable[str]) -> list[str]:
    """The ids in the one normal text of their column; raises Refused with the lines that do not have its form."""
    given = [entry.strip() for entry in ids]
    if kind.kind not in KEYS:
        raise Refused("objection.no_key", dataset=dataset, column=column)
    form = form_of(kind)
    with duckdb.connect(":memory:", config=OPTIONS) as connection:
        numbered = "SELECT unnest(?) AS id, generate_subscripts(?, 1) AS line"
        connection.execute(f"CREATE TEMP TABLE given AS {numbered}", [given, given])
        wrong = connection.execute(
            f"SELECT line FROM given WHERE NOT ({form.test.format(c='id')}) ORDER BY line LIMIT 5"  # noqa: S608
        ).fetchall()
        if wrong:
            lines = ", ".join(str(row[0]) for row in wrong)
            raise Refused("objection.form", dataset=dataset, column=column, rows=lines, kind=form.name)
        rows = connection.execute(f"SELECT {form.normal.format(c='id')} FROM given").fetchall()  # noqa: S608
    return [str(row[0]) for row in rows]


def _type(document: dict[str, Any]) -> ColumnType:
    return _TYPES.validate_python(document)
