"""A first schema from a file, for a person to read and confirm; nothing inferred counts before that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from station.datasets.files import open_file, quoted, unreadable
from station.datasets.schema import Schema, read_schema
from station.reasons import Refused

MOST_CATEGORIES = 60
UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


def infer_schema(path: Path, kind: str, dataset: str) -> Schema:
    """Types from the cells; descriptions are the column names and every class is ``sensitive`` until someone knows."""
    connection, names = open_file(path, kind, dataset)
    try:
        if not connection.execute("SELECT 1 FROM file LIMIT 1").fetchone():
            raise Refused("dataset.empty_file", dataset=dataset)
        columns = [_column(connection, name) for name in names]
    except duckdb.Error as error:
        raise unreadable(error, dataset, kind) from None
    finally:
        connection.close()
    key = re.sub(r"[^a-z0-9_-]", "_", dataset.lower())
    return read_schema({"dataset": key, "description": {"nl": dataset, "en": dataset}, "columns": columns})


def _column(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    found = next(_types(connection, quoted(name)), {"kind": "text", "max_length": 200})
    return {"name": name, "type": found, "data_class": "sensitive", "description": {"nl": name, "en": name}}


def _types(connection: duckdb.DuckDBPyConnection, cell: str) -> Iterator[dict[str, Any]]:
    """Fitting types, the narrowest first."""

    def one(expression: str) -> Any:
        row = connection.execute(f"SELECT {expression} FROM file").fetchone()  # noqa: S608
        return row[0] if row else None

    def all_match(pattern: str) -> bool:
        return bool(one(f"bool_and(regexp_full_match({cell}, '{pattern}'))"))

    least, most = one(f"min(length({cell}))"), one(f"max(length({cell}))")
    distinct = one(f"count(DISTINCT {cell})")
    if all_match("(?i)true|false"):
        yield {"kind": "bool"}
    if all_match(UUID):
        yield {"kind": "uuid"}
    if least == most and 4 <= (most or 0) <= 20 and all_match("[0-9]+") and distinct == one("count(*)"):
        yield {"kind": "digits", "length": most}
    if all_match("-?(0|[1-9][0-9]{0,17})"):
        yield {"kind": "int"}
    if distinct and distinct <= MOST_CATEGORIES and most <= 100:
        rows = connection.execute(f"SELECT DISTINCT {cell} FROM file WHERE {cell} IS NOT NULL ORDER BY 1")  # noqa: S608
        yield {"kind": "code", "values": [row[0] for row in rows.fetchall()]}
