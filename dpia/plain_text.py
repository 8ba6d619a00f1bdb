"""Answers as Markdown that people read, and read back from it: for forms that hold nothing but text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dpia.checking import empty
from dpia.questions import Label, Option, Question, TableColumn
from station.reasons import Refused

HEADING = re.compile(r"^(\\*)## ", re.MULTILINE)
ESCAPED = re.compile(r"^\\(\\*## )", re.MULTILINE)
NUMBER = "#"
YES, NO = "Ja", "Nee"


def written(question: Question, value: Any) -> str:
    """The whole answer as text; empty where there is nothing to say in words (a drawing, an empty answer)."""
    if empty(value) or question.type == "diagram":
        return ""
    if question.tabular:
        return table(question.all_columns, value)
    if question.type == "bool":
        return YES if value else NO
    if question.type == "attachment":
        return "\n".join(f"- {paper['name']} ({paper['sha256']})" for paper in value)
    if question.type in ("multichoice", "reference"):
        return "\n".join(f"- {called(question.options, key)}" for key in value)
    return escaped(called(question.options, value) if question.options else said(value))


def understood(question: Question, text: str) -> Any:
    """The answer that a text stands for; Refused when it stands for none."""
    if question.tabular:
        return rows(question.all_columns, text)
    if question.type == "bool":
        return _known(text, {YES.lower(): True, "true": True, "yes": True, NO.lower(): False, "false": False,
                             "no": False})  # fmt: skip
    if question.type in ("multichoice", "reference"):
        lines = [line.strip().removeprefix("- ").strip() for line in text.split("\n") if line.strip()]
        return [key_of(question.options, line) for line in lines]
    if question.type == "choice":
        return key_of(question.options, text)
    if question.type == "attachment":
        raise Refused("exchange.papers")
    return unescaped(text)


def said(value: Any) -> str:
    """Dutch where it exists in two languages: the forms that this is for are Dutch."""
    if isinstance(value, Mapping):
        return str(value.get("nl", ""))
    return str(value)


def called(options: Sequence[Option], key: Any) -> str:
    """The Dutch label; the key itself when two options are called the same."""
    labels = [option.label.nl for option in options if option.key == key]
    if not labels:
        return str(key)
    return labels[0] if sum(option.label.nl == labels[0] for option in options) == 1 else str(key)


def key_of(options: Sequence[Option], text: str) -> str:
    """By Dutch or English label, or by key."""
    wanted = text.strip().lower()
    known = {name.lower(): o.key for o in options for name in (o.label.en, o.label.nl, o.key)}
    return str(_known(wanted, known))


def _known(text: str, known: Mapping[str, Any]) -> Any:
    found = known.get(text.strip().lower())
    if found is None:
        raise Refused("exchange.value", value=text[:80])
    return found


def table(columns: Sequence[TableColumn], value: Sequence[Mapping[str, Any]], first: int = 0) -> str:
    """Cells stand on one line each. ``first``: with the numbers of the rows before them, from this one on."""
    names = [*([NUMBER] if first else []), *(_cell(column.label.nl) for column in columns)]
    lines = [_line(names), _line(["---"] * len(names))]
    for number, row in enumerate(value, start=first):
        cells = [_cell(cell(column, row.get(column.id))) for column in columns]
        lines.append(_line([*([str(number)] if first else []), *cells]))
    return "\n".join(lines)


def cell(column: TableColumn, value: Any) -> str:
    if empty(value):
        return ""
    if isinstance(value, list):
        return "\n".join(called(column.offered, key) for key in value)
    return called(column.offered, value) if column.offered else said(value)


def rows(columns: Sequence[TableColumn], text: str) -> list[dict[str, Any]]:
    """The rows of a table as ``table`` writes it; what is computed is computed again. Refused when it is no table."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.startswith("|") and line.endswith("|") for line in lines):
        raise Refused("exchange.no_table")
    names = [_plain(name) for name in _split(lines[0])]
    by_name = {name.lower(): column for column in columns for name in (column.label.en, column.label.nl)}
    known = [by_name.get(name.lower()) for name in names]
    return [dict(_cells(known, _split(line))) for line in lines[2:]]


def numbers(text: str) -> list[int]:
    """Which row each line of a numbered table is about; in their own order where it has no numbers."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines or _split(lines[0])[:1] != [NUMBER]:
        return list(range(1, max(0, len(lines) - 2) + 1))
    found = [_split(line)[0].strip() for line in lines[2:]]
    if not all(one.isdecimal() and len(one) < 5 for one in found):
        raise Refused("exchange.no_table")
    return [int(one) for one in found]


def _cells(known: Sequence[TableColumn | None], cells: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for column, text in zip(known, cells, strict=False):
        if column is not None and column.typed:
            yield column.id, _understood(column, _plain(text))


def _understood(column: TableColumn, text: str) -> Any:
    if column.type in ("references", "choices"):
        return [key_of(column.offered, one) for one in text.split("\n") if one.strip()]
    return key_of(column.offered, text) if column.offered and text else text


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """On one line and without a bar of its own."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<br>", "\\<br>").replace("\n", "<br>")


def _plain(text: str) -> str:
    return re.sub(r"\\(\\|\||<br>)|<br>", lambda found: found.group(1) or "\n", text.strip())


def _split(line: str) -> list[str]:
    """The cells between bars that are not escaped; in one pass, whatever somebody sends."""
    cells, cell = [], ""
    for piece in re.findall(r"\\.|[^|\\]+|[|\\]", line.strip()[1:]):
        if piece == "|":
            cells.append(cell.strip())
        cell = "" if piece == "|" else cell + piece
    return cells


def escaped(text: str) -> str:
    """A line that looks like one of our headings is kept apart from them."""
    return HEADING.sub(r"\\\1## ", text)


def unescaped(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def heading(label: Label, whose: str = "") -> str:
    words = " ".join(label.nl.split())
    return f"## {words} ({whose})" if whose else f"## {words}"


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Heading and what stands below it; first what stands before any heading, under an empty one."""
    title, kept = "", []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("## "):
            yield title, "\n".join(kept).strip()
            title, kept = line.removeprefix("## ").strip(), []
        else:
            kept.append(line)
    yield title, "\n".join(kept).strip()
