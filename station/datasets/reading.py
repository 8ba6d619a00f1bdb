"""Reading an input: only the columns the contract names, checked cell by cell, or refused with counts and row numbers.

A refusal never holds a value: rows are named by number (the first row under the header is 1), at most five of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

from station.datasets.files import open_file, quoted, unreadable
from station.datasets.forms import Array, form_of
from station.datasets.objections import Objections
from station.reasons import Reason, Refused
from station.specification import ColumnType, Input

LONGEST_CELL = 10_000
ROWS_NAMED = 5
PLACE = '"row number"'  # no column can be called this
FORMULA = {
    "text": "regexp_matches({c}, '^[=+@\t\r-]')",
    "code": "regexp_matches({c}, '^([=@\t\r]|[+-][^0-9 ])')",  # categories like "-1" and "- unknown" are fine
}


@dataclass(frozen=True)
class Rows:
    """``ids``: normal text, one per row, all different. ``columns``: by name, in the order of ``ids``:

    int -> int64, bool -> bool, code -> int32 (place in the declared values), anything else -> list of text.
    """

    ids: list[str]
    columns: dict[str, Array | list[str]]

    def __len__(self) -> int:
        return len(self.ids)


class Named(Protocol):
    """What reading needs to know of a column: a specification's column and a schema's column both fit."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> ColumnType: ...


def read_input(source: dict[str, Any], spec_input: Input) -> Rows:
    """The rows behind ``spec_input``, without those of people who objected. ``source``: {path, format, objections}.
    Raises Refused with every reason found."""
    key = next(column.name for column in spec_input.columns if column.use == "join_key")
    objections = Objections(Path(source["objections"]), spec_input.dataset) if "objections" in source else None
    connection, total = _checked(source, spec_input.dataset, spec_input.columns, objections)
    with connection:
        if total > spec_input.padded_rows:
            raise Refused("dataset.too_many_rows", dataset=spec_input.dataset, most=spec_input.padded_rows)
        cells = {column.name: _read(connection, column) for column in spec_input.columns}
    ids = [str(cell) for cell in cells.pop(key)]
    doubled = len(ids) - len(set(ids))
    if doubled:
        raise Refused("dataset.duplicate_ids", dataset=spec_input.dataset, number=doubled)
    return Rows(ids, cells)


def read_column(source: dict[str, Any], dataset: str, column: Named) -> Array | list[str]:
    """One column of a whole file, checked; in the order of the file."""
    connection, _total = _checked(source, dataset, [column])
    with connection:
        return _read(connection, column)


def check_file(source: dict[str, Any], dataset: str, columns: Sequence[Named]) -> int:
    """Checks every declared column of a file; returns the number of rows."""
    connection, total = _checked(source, dataset, columns)
    connection.close()
    return total


def _checked(
    source: dict[str, Any], dataset: str, columns: Sequence[Named], objections: Objections | None = None
) -> tuple[duckdb.DuckDBPyConnection, int]:
    connection, names = open_file(Path(source["path"]), source["format"], dataset)
    try:
        missing = [
            Reason("dataset.column_missing", {"column": c.name, "dataset": dataset})
            for c in columns
            if c.name not in names
        ]
        if missing:
            raise Refused(*missing)
        wanted = ", ".join(quoted(column.name) for column in columns)
        staying = list(objections.conditions(names)) if objections else []
        where = " AND ".join(["true", *(condition for condition, _ids in staying)])
        connection.execute(
            f"CREATE TEMP TABLE cells AS SELECT {PLACE}, {wanted} "  # noqa: S608
            f"FROM (SELECT row_number() OVER () AS {PLACE}, * FROM file) WHERE {where}",
            [ids for _condition, ids in staying],
        )
        total = int(_one(connection, "SELECT count(*) FROM cells")[0])
        if not total:
            raise Refused("dataset.empty_file", dataset=dataset)
        wrong = [reason for column in columns for reason in _column_reasons(connection, column)]
        if wrong:
            raise Refused(*wrong)
    except duckdb.Error as error:
        connection.close()
        raise unreadable(error, dataset, source["format"]) from None
    except Refused:
        connection.close()
        raise
    return connection, total


def _column_reasons(connection: duckdb.DuckDBPyConnection, column: Named) -> Iterator[Reason]:
    """At most one reason per column: the first kind of fault found in it."""
    form, cell = form_of(column.type), quoted(column.name)
    values = [list(column.type.values)] if column.type.kind == "code" else []
    formula = FORMULA.get(column.type.kind)
    faults: list[tuple[str, str, list[Any]]] = [
        ("dataset.empty_cells", f"{cell} IS NULL OR {cell} = ''", []),
        ("dataset.long_cells", f"length({cell}) > {LONGEST_CELL}", []),
        *([("dataset.formulas", formula.format(c=cell), [])] if formula else []),
        ("dataset.categories" if values else "dataset.form", f"NOT ({form.test.format(c=cell)})", values),
    ]
    for code, fault, parameters in faults:
        number, rows = _one(
            connection,
            f"SELECT count(*), min({PLACE}, {ROWS_NAMED}) FROM cells WHERE {fault}",  # noqa: S608
            parameters,
        )
        if number:
            facts: dict[str, str | int] = {"column": column.name, "number": number, "rows": ", ".join(map(str, rows))}
            yield Reason(code, facts | {"most": LONGEST_CELL} | ({"kind": form.name} if code == "dataset.form" else {}))
            return


def _read(connection: duckdb.DuckDBPyConnection, column: Named) -> Array | list[str]:
    form = form_of(column.type)
    query = f"SELECT {form.normal.format(c=quoted(column.name))} FROM cells ORDER BY {PLACE}"  # noqa: S608
    return form.array([row[0] for row in connection.execute(query).fetchall()])


def _one(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
    row = connection.execute(query, list(parameters)).fetchone()
    return row if row is not None else (0, [])
