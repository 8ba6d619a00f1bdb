"""Column types read off a CSV file, for specification files that do not give them.

Whoever brings the files plays every partner here. Between real partners each station declares its own columns, since
the categories of a group column become part of the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from station.datasets.files import format_of, open_file, quoted
from station.reasons import Refused
from station.specification import (
    BoolType,
    CodeType,
    ColumnType,
    DigitsType,
    HexType,
    IntType,
    TextType,
    UuidType,
)

MOST_CATEGORIES = 5_000
NUMBER = "-?[0-9]{1,18}"
WRITTEN_ONCE = "0|-?[1-9][0-9]{0,17}"  # a whole number that can be written in one way only
DECIMAL = r"-?[0-9]*[.,][0-9]+"
UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


@dataclass(frozen=True)
class JoinKeys:
    """Which column of each party joins, and the one type all of them have."""

    column: dict[str, str]
    type: ColumnType


@dataclass(frozen=True)
class Table:
    organisation: str
    file: Path

    @cached_property
    def _opened(self) -> tuple[duckdb.DuckDBPyConnection, list[str]]:
        return open_file(self.file, format_of(self.file), self.organisation)

    @property
    def names(self) -> list[str]:
        return self._opened[1]

    @cached_property
    def rows(self) -> int:
        return int(self._one("SELECT count(*) FROM file")[0])

    def checked_name(self, name: str) -> str:
        if name not in self.names:
            raise Refused("dataset.column_missing", column=name[:60], dataset=self.organisation)
        return name

    def all_match(self, name: str, form: str) -> bool:
        return bool(self._one(f"SELECT bool_and(regexp_full_match({quoted(name)}, ?)) FROM file", form)[0])  # noqa: S608

    def lengths(self, name: str) -> tuple[int, int]:
        """Shortest and longest cell."""
        cell = quoted(self.checked_name(name))
        shortest, longest = self._one(f"SELECT min(length({cell})), max(length({cell})) FROM file")  # noqa: S608
        if shortest is None:
            raise Refused("dataset.empty_file", dataset=self.organisation)
        return int(shortest), int(longest)

    def type_of(self, name: str, use: str) -> ColumnType:
        """Groups become categories, conditions whole numbers where they can."""
        self.lengths(name)
        if self.all_match(name, "(?i)true|false"):
            return BoolType()
        if use == "condition" and self.all_match(name, NUMBER):
            return IntType()
        if self.all_match(name, f"{NUMBER}|{DECIMAL}") and not self.all_match(name, NUMBER):
            raise Refused("own_data.decimals", organisation=self.organisation, column=name)
        return CodeType(values=self._categories(name))

    def _categories(self, name: str) -> list[str]:
        cell = quoted(name)
        order = f"TRY_CAST({cell} AS BIGINT) NULLS LAST, {cell}"
        found = self._all(
            f"SELECT {cell} FROM file WHERE {cell} <> '' GROUP BY {cell} ORDER BY {order} LIMIT {MOST_CATEGORIES + 1}"  # noqa: S608
        )
        if not found or len(found) > MOST_CATEGORIES or max(map(len, found)) > 100:
            raise Refused("own_data.categories", organisation=self.organisation, column=name, most=MOST_CATEGORIES)
        return found

    def _one(self, query: str, *values: str) -> tuple[Any, ...]:
        try:
            return self._opened[0].execute(query, list(values)).fetchone() or (None,)
        except duckdb.Error:  # its messages quote rows
            raise Refused("dataset.unreadable", dataset=self.organisation, format=format_of(self.file)) from None

    def _all(self, query: str) -> list[str]:
        try:
            return [str(row[0]) for row in self._opened[0].execute(query).fetchall()]
        except duckdb.Error:
            raise Refused("dataset.unreadable", dataset=self.organisation, format=format_of(self.file)) from None


def join_keys(named: dict[str, str | None], files: dict[str, Path]) -> JoinKeys:
    """The join key of every party: the named one, else the only column that stands in every file."""
    tables = {organisation: Table(organisation, files[organisation]) for organisation in named}
    columns = {o: tables[o].checked_name(name or _common(tables)) for o, name in named.items()}
    return JoinKeys(columns, _key_type([(tables[o], name) for o, name in columns.items()]))


def _common(tables: dict[str, Table]) -> str:
    shared = set.intersection(*(set(table.names) for table in tables.values()))
    if len(shared) != 1:
        raise Refused("own_data.join_key", number=len(shared))
    return shared.pop()


def _key_type(keys: list[tuple[Table, str]]) -> ColumnType:
    lengths = [length for table, name in keys for length in table.lengths(name)]
    shortest, longest = min(lengths, default=1), max(lengths, default=1)

    def all_match(form: str) -> bool:
        return all(table.all_match(name, form) for table, name in keys)

    if shortest == longest <= 20 and all_match("[0-9]+"):
        return DigitsType(length=longest)
    if all_match(WRITTEN_ONCE):
        return IntType()
    if all_match(UUID):
        return UuidType()
    if shortest == longest and 16 <= longest <= 128 and all_match("[0-9A-Fa-f]+"):
        return HexType(length=longest)
    return TextType(max_length=min(200, max(100, longest)))
