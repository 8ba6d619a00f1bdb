"""The measures of a DPIA: which of them the platform verifies, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dpia.questions import Question
from dpia.reading import Shown, words
from dpia.reading import computed as read
from dpia.sheet import Sheet


@dataclass(frozen=True)
class Verified:
    """One measure that names a check. ``state``: ``holds``, ``not_yet`` or ``fails``."""

    question: Question
    number: int
    measure: str
    state: str
    because: dict[str, str]

    @property
    def shown(self) -> Shown:
        return read({"state": self.state, "because": self.because})


def verified(sheet: Sheet) -> Iterator[Verified]:
    """In the order of the form, by what the facts document says now."""
    values = sheet.values()
    for question in sheet.form.questions():
        for column in question.columns:
            if question.per == "joint" and column.computed == "enforced":
                yield from _verified(question, column.id, values.get(question.id) or [])


def _verified(question: Question, key: str, rows: list[dict[str, Any]]) -> Iterator[Verified]:
    for number, row in enumerate(rows, start=1):
        if found := row.get(key):
            yield Verified(question, number, words(row.get("measure", "")), found["state"], found["because"])
