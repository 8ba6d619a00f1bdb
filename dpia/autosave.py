"""Saving while somebody types: each answer for itself, and what cannot be saved is kept as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from accounts.models import Organisation, User
from dpia.checking import empty, fingerprint
from dpia.desk import Desk, at_desk
from dpia.entries import Given
from dpia.forms import sentences
from dpia.models import Assessment
from dpia.point_form import QuestionField
from dpia.reading import shown
from dpia.rows import Levels, Rows
from dpia.template import Point, Question, stored_form
from station.reasons import Refused


@dataclass(frozen=True)
class Outcome:
    """What became of one answer. ``seen``: by which fingerprint the page knows what stands there now; ``theirs``: what
    somebody else wrote at the same time; ``filled``: whether an answer came or went; ``levels``: what is computed in
    each row that was posted, and ``ids``: by which it is known from now on."""

    question: Question
    state: str
    seen: str = ""
    said: tuple[str, ...] = ()
    theirs: Given | None = None
    filled: bool = False
    levels: tuple[Levels, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Saved:
    """What was done with what was posted, and for whom this person answers."""

    assessment: Assessment
    point: Point
    organisation: Organisation
    outcomes: list[Outcome]


@transaction.atomic
def autosave(*, assessment: UUID, point: str, data: QueryDict, by: User) -> Saved | None:
    """Every question that was posted, in the order of the point; None when there is no such point."""
    desk = at_desk(assessment, by)
    mine, asked = desk.seat.drafting_for(), stored_form(desk.assessment.template).point(point)
    if asked is None:
        return None
    posted = (q for q in asked.questions if f"seen-{q.id}" in data and not q.locked)
    outcomes = [_one(desk, desk.pointing(q), mine if q.per == "controller" else None, data) for q in posted]
    return Saved(desk.assessment, asked, mine, outcomes)


def _one(desk: Desk, question: Question, whose: Organisation | None, data: QueryDict) -> Outcome:
    field = QuestionField(question)
    typed = field.widget.value_from_datadict(data, {}, question.id)
    try:
        value = field.clean(typed)
    except ValidationError as error:
        return Outcome(question, "refused", said=tuple(error.messages))
    try:
        _made, before = desk.save(question, value, whose, seen=data[f"seen-{question.id}"], typing=True)
    except Refused as refusal:
        return _kept_aside(desk, question, whose, value, refusal)
    levels = tuple(field.widget.levels(typed)) if isinstance(field.widget, Rows) else ()
    filled = empty(before) != empty(value)
    ids = tuple(_ids(question, typed, value)) if isinstance(field.widget, Rows) and field.widget.marks else ()
    return Outcome(question, "saved", fingerprint(question, value), filled=filled, levels=levels, ids=ids)


def _ids(question: Question, typed: list[dict[str, Any]], value: list[dict[str, Any]]) -> Iterator[str]:
    """The id of every row of the form; an empty one was not kept, and has none."""
    kept, columns = iter(value), [column.id for column in question.columns if column.typed]
    for row in typed:
        yield next(kept)["id"] if any(_typed(row.get(key)) for key in columns) else ""


def _typed(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else bool(cell)


def _kept_aside(
    desk: Desk, question: Question, whose: Organisation | None, value: Any, refusal: Refused
) -> Outcome:
    """Somebody else was first, or handed the DPIA over: the text is kept, and the answer stays as it is."""
    codes = {reason.code for reason in refusal.reasons}
    if codes & {"answer.changed", "lifecycle.state"}:
        desk.set_aside(question, value, whose)
    if "answer.changed" not in codes:
        return Outcome(question, "refused", said=tuple(sentences(refusal)))
    answer, stood = desk.stands(question, whose)
    theirs = Given("", shown(question, stood), "", answer.by if answer else None, answer.at if answer else None)
    return Outcome(question, "changed", fingerprint(question, stood), theirs=theirs)
