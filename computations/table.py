"""A released table in the form a page or a spreadsheet wants it. The last column is the measure; null is suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from station.specification import Specification, Text

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cross:
    """Two groups as rows and columns."""

    row_name: str
    column_name: str
    columns: list[str]
    rows: list[tuple[str, list[int | None]]]


def cross(table: dict[str, Any]) -> Cross | None:
    """The table turned into rows and columns when it has exactly two groups; every cell stays."""
    if len(table["columns"]) != 3:
        return None
    rows = list(dict.fromkeys(str(row[0]) for row in table["rows"]))
    columns = list(dict.fromkeys(str(row[1]) for row in table["rows"]))
    cells = {(str(row[0]), str(row[1])): row[2] for row in table["rows"]}
    body = [(row, [cells.get((row, column)) for column in columns]) for row in rows]
    return Cross(str(table["columns"][0]), str(table["columns"][1]), columns, body)


def meanings(spec: Specification, names: list[str]) -> dict[str, Text]:
    """What the columns of a result mean, as the specification describes them; a measure has no description there."""
    described = {column.name: column.description for entry in spec.inputs for column in entry.columns}
    return {name: described[name] for name in names if name in described}


def plain_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; a suppressed cell is empty."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value
