"""The measures of a DPIA: which of them the platform verifies and what came of it, and how far each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.turn import Turn
from dpia.models import Answer, Assessment, MeasureNote
from dpia.questions import Question
from dpia.reading import Shown, words
from dpia.reading import computed as read
from dpia.sheet import Sheet

MEASURES = "measures"
"""The question whose rows are followed up."""
COMING = ("proposed", "planned")


@dataclass(frozen=True)
class Followed:
    """One measure as it stands: by its row, and by what was told since. ``organisation``: the key of who sees to it."""

    number: int
    id: str
    measure: str
    organisation: str
    owner: str
    state: str
    due: date | None
    notes: list[MeasureNote]

    def overdue(self, day: date) -> bool:
        return self.state in COMING and self.due is not None and self.due < day

    @property
    def state_label(self) -> str:
        return str(dict(MeasureNote.STATES).get(self.state, self.state))


def followed(assessment: Assessment) -> list[Followed]:
    answer = assessment.answers.filter(question=MEASURES, organisation=None).first()
    if answer is None:
        return []
    return rows_of(answer, assessment, assessment.measure_notes.select_related("by", "organisation"))


def rows_of(answer: Answer, assessment: Assessment, notes: Iterable[MeasureNote]) -> list[Followed]:
    """The measures of an answer that was read already, with what was told about them, the oldest first."""
    if not any(isinstance(row, dict) and row.get("id") for row in answer.value or []):
        return []
    told: dict[str, list[MeasureNote]] = {}
    for note in notes:
        told.setdefault(note.measure, []).append(note)
    return [
        _followed(number, row, told.get(row["id"], []), answer, assessment)
        for number, row in enumerate(answer.value, start=1)
    ]


def _followed(
    number: int, row: dict[str, Any], notes: list[MeasureNote], answer: Answer, assessment: Assessment
) -> Followed:
    newest = notes[-1] if notes and notes[-1].at > answer.at else None
    due = date.fromisoformat(row["due"]) if row.get("due") else None
    return Followed(
        number, row["id"], str(row.get("measure") or ""), row.get("organisation") or assessment.coordinator.slug,
        str(row.get("owner") or ""), newest.state if newest else str(row.get("state") or "proposed"),
        newest.due if newest and newest.due else due, notes,
    )  # fmt: skip


def keep_due(assessment: Assessment) -> None:
    """Writes down the first day on which a measure is due, so that nobody has to read all of them to know."""
    days = (one.due for one in followed(assessment) if one.state in COMING and one.due)
    assessment.measures_due = min(days, default=None)
    assessment.save(update_fields=["measures_due"])


def measure_turns(assessment: Assessment, day: date) -> Iterator[Turn]:
    """For each organisation that sees to a measure whose date has passed: it tells how far that is."""
    if assessment.state == "withdrawn" or assessment.measures_due is None or assessment.measures_due >= day:
        return
    late: dict[str, list[date]] = {}
    for one in followed(assessment):
        if one.overdue(day) and one.due is not None:
            late.setdefault(one.organisation, []).append(one.due)
    for organisation, days in sorted(late.items()):
        begin = datetime.combine(min(days) + timedelta(days=1), time.min, timezone.get_default_timezone())
        facts = {"number": len(days)}
        yield Turn(
            "turn.measures_overdue", facts, organisation, "draft_assessment", since=begin, deadline=min(days)
        )


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
