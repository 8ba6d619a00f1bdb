"""Whether a value fits its question, and what is still missing in it. Half a row may be saved, not handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from dpia.questions import SEVERAL, Option, Question, TableColumn
from station.contract.canonical import digest
from station.reasons import Reason, Refused

LONGEST = 20_000
LONGEST_CELL = 2_000
MOST_ROWS = 300
ROW_ID = re.compile(r"[a-z0-9_-]{1,40}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def checked(question: Question, value: Any) -> Any:
    """The value in its proper form, or a refusal that says what is wrong."""
    if question.locked:
        raise Refused("answer.locked", **named(question))
    if empty(value):
        return [] if question.tabular or question.type in SEVERAL else ""
    if question.type in ("text", "longtext"):
        return storable(value, LONGEST)
    if question.type == "bool":
        return _expect(isinstance(value, bool), value)
    if question.type == "choice":
        return _expect(value in _keys(question), value)
    if question.type == "number":
        return _number(value)
    if question.type == "date":
        return _day(value)
    if question.type == "attachment":
        return _papers(value)
    if question.type in ("multichoice", "reference"):
        right = isinstance(value, list) and all(one in _keys(question) for one in value)
        return _expect(right, [key for key in _keys(question) if right and key in value])
    return _rows(question, value)


def fingerprint(question: Question, value: Any) -> str:
    """By which a form knows an answer again. A fact that would be refused as an answer has one too."""
    try:
        return digest(checked(question, value))
    except Refused:
        return digest(value)


def open_cells(question: Question, value: Any) -> Iterator[Reason]:
    """Required cells of a table that are still empty, and references to a row that is no longer there."""
    columns = [column for column in question.columns if column.typed]
    for number, row in enumerate(value if question.tabular and value else [], start=1):
        for column in columns:
            missing = empty(row.get(column.id))
            if (missing and column.required) or (not missing and _lost(column, row[column.id])):
                yield Reason("answer.cell", _where(question, number, column))
        yield from _without_check(question, number, row)


def _lost(column: TableColumn, value: Any) -> bool:
    keys = [option.key for option in column.options]
    if column.type == "references":
        return any(one not in keys for one in value)
    return column.type == "reference" and value not in keys


def _without_check(question: Question, number: int, row: dict[str, Any]) -> Iterator[Reason]:
    """What the platform is said to enforce names how that is verified, where the form asks for it."""
    for column in question.columns:
        if column.type == "check" and row.get("enforced_by") == "platform" and empty(row.get(column.id)):
            yield Reason("answer.check", _where(question, number, column))


def _where(question: Question, number: int, column: TableColumn) -> dict[str, str | int]:
    return {**named(question), "row": number, "column": column.label.nl, "column_en": column.label.en}


def storable(value: Any, longest: int) -> str:
    """Without outer white space, with one kind of line end, and storable."""
    if not isinstance(value, str):
        raise Refused("answer.form")
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(value) > longest:
        raise Refused("answer.too_long", limit=longest)
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
        raise Refused("answer.characters")
    return value


def named(question: Question) -> dict[str, str | int]:
    """How reasons name a question, in both languages."""
    return {"question": question.label.nl, "question_en": question.label.en}


def _keys(question: Question) -> list[str]:
    return [option.key for option in question.options]


def _expect(right: bool, value: Any) -> Any:
    if not right:
        raise Refused("answer.form")
    return value


def _rows(question: Question, value: Any) -> list[dict[str, Any]]:
    """Rows of a table with exactly the columns that are typed; an entirely empty row is left out, and a matrix keeps
    its own rows. The rows of risks and measures have an id that stays, by which others refer to them."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Refused("answer.form")
    columns, marks = {column.id: column for column in question.columns if column.typed}, marks_of(question)
    if any(set(row) - set(columns) - marks for row in value):
        raise Refused("answer.form")
    kept = [row for row in value if not all(empty(row.get(key)) for key in columns)]
    if len(kept) > MOST_ROWS:
        raise Refused("answer.rows", limit=MOST_ROWS)
    if question.type == "matrix":
        return _matrix(question.rows, columns, kept)
    rows = [_row(question, number, row, columns) for number, row in enumerate(kept, start=1)]
    rows = [row for row in rows if any(row[key] for key in columns)]
    return with_ids(rows) if marks else rows


def _row(question: Question, number: int, row: dict[str, Any], columns: dict[str, TableColumn]) -> dict[str, Any]:
    """Its marks and its cells; a risk that was picked from the library keeps from which one."""
    made: dict[str, Any] = {"id": row.get("id")} if "id" in marks_of(question) else {}
    if not empty(row.get("library")):
        made["library"] = _expect(isinstance(row["library"], str) and ROW_ID.fullmatch(row["library"]), row["library"])
    for key, column in columns.items():
        try:
            made[key] = _cell(column, row.get(key))
        except Refused as refusal:
            long = {"limit": LONGEST_CELL, **_where(question, number, column)}
            reasons = (Reason("answer.cell_long", long) if r.code == "answer.too_long" else r for r in refusal.reasons)
            raise Refused(*reasons) from refusal
    return made


def marks_of(question: Question) -> set[str]:
    """What a row can hold beside its cells: the row of a matrix it is, its id, the risk of the library it was."""
    marks = {"matrix": {"row"}, "risk_table": {"id", "library"}, "measure_table": {"id"}}
    return marks.get(question.type, set())


def _matrix(rows: list[Option], columns: dict[str, TableColumn], value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every row of the matrix once, in its own order; none when nothing is filled in."""
    given = {row.get("row"): row for row in value}
    if len(given) != len(value) or set(given) - {row.key for row in rows}:
        raise Refused("answer.form")
    found = [
        {"row": row.key, **{key: _cell(column, given.get(row.key, {}).get(key)) for key, column in columns.items()}}
        for row in rows
    ]
    return found if any(cell for row in found for key, cell in row.items() if key != "row") else []


def with_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every row with an id of its own. A new row gets one that follows from what it says, so that the same form gives
    the same rows."""
    taken: set[str] = set()
    for row in rows:
        given = row.get("id")
        if empty(given):
            given = "r" + digest({key: cell for key, cell in row.items() if key != "id"})[:8]
            while given in taken:
                given = f"{given}x"
        if not isinstance(given, str) or not ROW_ID.fullmatch(given) or given in taken:
            raise Refused("answer.form")
        taken.add(given)
        row["id"] = given
    return rows


def _number(value: Any) -> int:
    """Whole and not negative; typed as digits or already a number."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal() and len(value) <= 15:
        return int(value)
    return int(_expect(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**15, value))


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise Refused("answer.form") from error


def _papers(value: Any) -> list[dict[str, str]]:
    """Name and hash of files that are kept elsewhere."""
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise Refused("answer.form")
    return [_paper(one) for one in value]


def _paper(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) != {"name", "sha256"}:
        raise Refused("answer.form")
    if not isinstance(value["sha256"], str) or not SHA256.fullmatch(value["sha256"]):
        raise Refused("answer.form")
    return {"name": storable(value["name"], 200), "sha256": value["sha256"]}


def _cell(column: TableColumn, value: Any) -> str | list[str]:
    if column.type == "references":
        return _several(column, value)
    if empty(value):
        return ""
    if column.type in ("choice", "reference", "check"):
        return str(_expect(value in [option.key for option in column.offered], value))
    if column.type == "number":
        return str(_number(value))
    if column.type == "date":
        return _day(value)
    return storable(value, LONGEST_CELL)


def _several(column: TableColumn, value: Any) -> list[str]:
    """Keys in the order in which they are offered; a single one is a list of one."""
    given = [value] if isinstance(value, str) and value else value or []
    keys = [option.key for option in column.options]
    _expect(isinstance(given, list) and all(one in keys for one in given), given)
    return [key for key in keys if key in given]
