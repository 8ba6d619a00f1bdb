"""The same question answered in the open, in plain Python over the parties' files. Only demo and tests may do this:
it is what the computation on shares must equal. Each analysis has its own reference; here the files are read for it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from station.analyses import get
from station.output import table as output_table
from station.specification import ColumnType, Input, Specification

TRUE = {"true", "1", "yes", "ja", "t"}


def table(spec: Specification, files: Mapping[str, Path]) -> dict[str, Any]:
    """``{columns, rows, suppressed}`` of the first output, as its checker sees it; ``files``: organisation -> CSV."""
    output = spec.outputs[0]
    return output_table(spec, output, values(spec, files)[output.name])


def values(spec: Specification, files: Mapping[str, Path]) -> dict[str, list[int]]:
    """Per output the numbers that the shares must add up to."""
    return get(spec.analysis).plain(spec, lists_of(spec, files))


def lists_of(spec: Specification, files: Mapping[str, Path]) -> dict[str, dict[str, dict[str, Any]]]:
    """All lists in the clear: input -> id -> column -> cell."""
    return {entry.id: _read(entry, files[entry.organisation]) for entry in spec.inputs}


def households(spec: Specification, files: Mapping[str, Path]) -> set[str]:
    """The households of a household threshold: what its base list is about."""
    base, column = spec.input(str(spec.parameters["base"])), cast("dict[str, str]", spec.parameters["household"])
    rows = _read(base, files[base.organisation]) if base else {}
    return {row[column["column"]] for row in rows.values()}


def _read(entry: Input, path: Path) -> dict[str, dict[str, Any]]:
    """id -> the cells of the columns that the specification names."""
    key = next(column.name for column in entry.columns if column.use == "join_key")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return {
            row[key]: {column.name: _value(column.type, row[column.name]) for column in entry.columns}
            for row in csv.DictReader(opened)
        }


def _value(kind: ColumnType, text: str) -> Any:
    if kind.kind == "int":
        return int(text)
    return text.strip().lower() in TRUE if kind.kind == "bool" else text
