"""Answers as people read them: labels for keys, the reader's language for texts that exist in both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from dpia.checking import empty
from dpia.computed import LEVELS, OF_ROW, Ground
from dpia.drawing import Drawing, drawn
from dpia.facts import FROM_SPECIFICATION, SOURCES
from dpia.prose import prose
from dpia.template import Option, Question, TableColumn
from web.language import language

WIDEST = 8
"""More columns than this do not fit beside each other on a page."""
TONES = {"low": "ok", "medium": "wait", "high": "stop"}
FOUND = {
    "holds": (_lazy("Holds"), "ok"),
    "not_yet": (_lazy("Not so yet"), "wait"),
    "fails": (_lazy("Does not hold"), "stop"),
}


@dataclass(frozen=True)
class Shown:
    """``kind``: ``empty``, ``text``, ``list``, ``level`` and ``check`` (with a ``tone``), ``table``, ``diagram``,
    ``papers`` or ``prose``. Of a ``check`` the ``lines`` are what was found and why."""

    kind: str
    text: str = ""
    tone: str = ""
    lines: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[Shown]] = field(default_factory=list)
    diagram: Drawing | None = None
    papers: list[dict[str, str]] = field(default_factory=list)

    @property
    def records(self) -> list[list[tuple[str, Shown]]]:
        """Of a table that is too wide for paper: each row by itself, what is filled in under the name of its column."""
        if len(self.columns) <= WIDEST:
            return []
        return [[pair for pair in zip(self.columns, row, strict=True) if pair[1].text] for row in self.rows]

    @property
    def html(self) -> str:
        """Of ``prose``: what somebody wrote in Markdown."""
        return prose(self.text)


EMPTY = Shown("empty")


def shown(question: Question, value: Any) -> Shown:
    if empty(value):
        return EMPTY
    if question.tabular:
        return _table(question, value)
    if question.type == "diagram":
        return Shown("diagram", diagram=drawn(value, language()))
    if question.type == "attachment":
        return Shown("papers", papers=[*value])
    if question.type == "computed":
        return _level(value)
    if question.type == "bool":
        return Shown("text", _("Yes") if value else _("No"))
    if question.type in ("multichoice", "reference"):
        return Shown("list", lines=[_label(question.options, key) for key in value])
    if question.type == "date":
        return Shown("text", _day(value))
    if question.type == "longtext":
        return Shown("prose", words(value))
    return Shown("text", _label(question.options, value) if question.options else words(value))


def level(column: TableColumn, row: dict[str, Any], ground: Ground) -> Shown:
    """What a row's computed cell shows while the row is being typed."""
    return computed(OF_ROW[column.computed or ""](row, ground))


def words(text: Any) -> str:
    """In the reader's language, from a label, a mapping with both, or plain text."""
    if isinstance(text, dict):
        return str(text.get(language(), ""))
    return str(getattr(text, language(), text))


def source(name: str) -> str:
    """Where an answer came from, by the ``source`` of a frozen answer; empty when somebody typed it."""
    if name == "computed":
        return _("Follows from the answers.")
    kind, _colon, fact = name.partition(":")
    return _("Taken from %(source)s.") % {"source": SOURCES.get(fact, FROM_SPECIFICATION)} if kind == "fact" else ""


def _table(question: Question, rows: list[dict[str, Any]]) -> Shown:
    return Shown(
        "table",
        columns=[words(column.label) for column in question.all_columns],
        rows=[[_cell(column, row.get(column.id)) for column in question.all_columns] for row in rows],
    )


def _cell(column: TableColumn, value: Any) -> Shown:
    if empty(value):
        return EMPTY
    if column.type == "computed":
        return computed(value)
    if isinstance(value, list):
        return Shown("text", ", ".join(_label(column.options, key) for key in value))
    if column.type == "date":
        return Shown("text", _day(value))
    return Shown("text", _label(column.offered, value) if column.offered else words(value))


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "j F Y")


def computed(value: Any) -> Shown:
    """A level, or what came of a check."""
    if not isinstance(value, dict):
        return _level(value)
    label, tone = FOUND[value["state"]]
    because = words(value["because"])
    return Shown("check", f"{label}. {because}", tone, [str(label), because])


def _level(value: str | None) -> Shown:
    return Shown("level", str(LEVELS[value]), TONES[value]) if value in LEVELS else EMPTY


def _label(options: list[Option], key: str) -> str:
    return next((words(option.label) for option in options if option.key == key), str(key))
