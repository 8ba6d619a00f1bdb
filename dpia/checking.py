"""Whether a value fits its question, and what is still missing in it. Half a row may be saved, not handed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dpia.template import Question, TableColumn
from station.contract.canonical import digest
from station.reasons import Reason, Refused

LONGEST = 20_000
LONGEST_CELL = 2_000
MOST_ROWS = 100


def empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def checked(question: Question, value: Any) -> Any:
    """The value in its proper form, or a refusal that says what is wrong."""
    if question.locked:
        raise Refused("answer.locked", **named(question))
    if empty(value):
        return [] if question.type in ("multichoice", "table") else ""
    if question.type in ("text", "longtext"):
        return storable(value, LONGEST)
    if question.type == "bool":
        return _expect(isinstance(value, bool), value)
    if question.type == "choice":
        return _expect(value in _keys(question), value)
    if question.type == "multichoice":
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
    """Required cells of a table that are still empty."""
    columns = [column for column in question.columns if column.typed and column.required]
    for number, row in enumerate(value if question.type == "table" and value else [], start=1):
        for column in columns:
            if empty(row.get(column.id)):
                facts = {**named(question), "row": number, "column": column.label.nl, "column_en": column.label.en}
                yield Reason("answer.cell", facts)


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
    """Rows of a table with exactly the columns that are typed; an entirely empty row is left out."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Refused("answer.form")
    columns = {column.id: column for column in question.columns if column.typed}
    if any(set(row) - set(columns) for row in value):
        raise Refused("answer.form")
    kept = [row for row in value if not all(empty(cell) for cell in row.values())]
    if len(kept) > MOST_ROWS:
        raise Refused("answer.rows", limit=MOST_ROWS)
    rows = [{key: _cell(column, row.get(key)) for key, column in columns.items()} for row in kept]
    return [row for row in rows if any(row.values())]


def _cell(column: TableColumn, value: Any) -> str:
    if empty(value):
        return ""
    if column.type == "choice":
        return str(_expect(value in [option.key for option in column.options], value))
    return storable(value, LONGEST_CELL)
