"""A CSV or Parquet file as a DuckDB view in which every cell is text. DuckDB stays in memory and calls no one."""

from __future__ import annotations

import codecs
import csv
import re
from pathlib import Path

import duckdb

from station.reasons import Refused

BLOCK = 1 << 20
LINE = re.compile(r"[^\n]*CSV Error on Line: ([0-9]{1,12})\n")
OPTIONS: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",
    "memory_limit": "1GB",
    "max_temp_directory_size": "0B",  # never spill rows to a file
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def format_of(path: Path) -> str:
    """``parquet`` or ``csv``, by the file's own first bytes."""
    try:
        with path.open("rb") as file:
            return "parquet" if file.read(4) == b"PAR1" else "csv"
    except OSError as error:
        raise Refused("file.unreadable", path=str(path)) from error


def open_file(path: Path, kind: str, dataset: str) -> tuple[duckdb.DuckDBPyConnection, list[str]]:
    """A connection with the view ``file`` (all columns VARCHAR) and the column names in the file's order."""
    try:
        if kind == "csv":
            _check_text(path, dataset)
        connection = duckdb.connect(":memory:", config=OPTIONS)
        _create_view(connection, path, kind)
        names = [str(row[0]) for row in connection.execute("DESCRIBE file").fetchall()]
    except OSError as error:
        raise Refused("dataset.no_file", dataset=dataset) from error
    except duckdb.Error as error:
        raise unreadable(error, dataset, kind) from None
    return connection, names


def unreadable(error: duckdb.Error, dataset: str, kind: str) -> Refused:
    """What to tell. DuckDB quotes rows in its messages: only the line number of one may be shown, and no chain."""
    if found := LINE.match(str(error)):
        return Refused("dataset.unreadable_line", dataset=dataset, line=int(found[1]))
    return Refused("dataset.unreadable", dataset=dataset, format=kind)


def _create_view(connection: duckdb.DuckDBPyConnection, path: Path, kind: str) -> None:
    place = "'" + str(path).replace("'", "''") + "'"
    if kind == "parquet":
        names = [str(row[0]) for row in connection.execute(f"DESCRIBE FROM read_parquet({place})").fetchall()]
        cells = ", ".join(f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}" for name in names)
        connection.execute(f"CREATE VIEW file AS SELECT {cells} FROM read_parquet({place})")  # noqa: S608
    else:
        sign = _delimiter(path)
        connection.execute(
            f"CREATE VIEW file AS SELECT * FROM read_csv({place}, header=true, all_varchar=true, delim='{sign}', "  # noqa: S608
            "quote='\"', escape='\"', encoding='utf-8', auto_detect=false, strict_mode=true, max_line_size=16777216, "
            f"columns={_columns(path, sign)})"
        )


def _check_text(path: Path, dataset: str) -> None:
    """UTF-8 to the last byte, and a header in which every column has a name of its own."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                if b"\0" in block:
                    raise Refused("dataset.encoding", dataset=dataset)
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Refused("dataset.encoding", dataset=dataset) from None
    names = _header(path, _delimiter(path))
    if not any(names):
        raise Refused("dataset.empty_file", dataset=dataset)
    for place, name in enumerate(names, start=1):
        if not name.strip():
            raise Refused("dataset.column_unnamed", number=place, dataset=dataset)
        if sum(other.lower() == name.lower() for other in names) > 1:
            raise Refused("dataset.column_doubled", column=name[:60], dataset=dataset)


def _delimiter(path: Path) -> str:
    """Comma, semicolon (what a Dutch spreadsheet writes) or tab: whichever the header holds most."""
    with path.open(encoding="utf-8-sig") as file:
        header = file.readline(BLOCK)
    return max(",;\t", key=header.count)


def _header(path: Path, sign: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            return next(csv.reader([file.readline(BLOCK)], delimiter=sign), [])
        except csv.Error:
            return []


def _columns(path: Path, sign: str) -> str:
    cells = (f"'{name.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for name in _header(path, sign))
    return "{" + ", ".join(cells) + "}"


def quoted(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
