"""What stands under each question of a point, for the page: an input where this person answers, else the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BoundField

from accounts.models import Organisation, User
from dpia.models import Paper
from dpia.point_form import PointForm
from dpia.reading import Shown, shown, source, words
from dpia.risk_library import Shelf, shelves
from dpia.rows import Row, Rows
from dpia.sheet import Sheet
from dpia.template import Point, Question


@dataclass(frozen=True)
class Given:
    """An answer that is read. ``whose`` is empty for a joint one; ``by`` when nobody typed it."""

    whose: str
    shown: Shown
    source: str
    by: User | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """A question on the page. ``field``: where this person types; ``theirs``: what somebody else wrote meanwhile."""

    question: Question
    answers: list[Given]
    field: BoundField | None = None
    seen: str = ""
    rows: list[Row] | None = None
    source: str = ""
    theirs: Given | None = None
    open: bool = False
    removed: bool = False
    shelves: list[Shelf] | None = None
    papers: list[Paper] | None = None
    wrong: list[str] | None = None

    @property
    def label(self) -> str:
        return words(self.question.label)


def entries(
    sheet: Sheet, point: Point, form: PointForm | None, added: tuple[str, int] | None = None,
    wrong: Mapping[str, list[str]] | None = None,
) -> Iterator[Entry]:  # fmt: skip
    """``added``: the table and row that were just added, where typing goes on; ``wrong``: question to what was wrong
    with its files."""
    left = {(one.question.id, one.organisation) for one in sheet.open()}
    for question in point.questions:
        if form is not None and question.id in form.fields:
            whose = form.organisation if question.per == "controller" else None
            yield _typed(form, question, (question.id, whose) in left, list(_others(sheet, question, whose)), added)
        elif form is not None and question.type == "attachment" and _asked(sheet, question, form.organisation):
            yield _papers(sheet, question, form.organisation, (wrong or {}).get(question.id))
        elif answers := list(_others(sheet, question, None)):
            yield Entry(question, answers, open=any(key == question.id for key, _whose in left))


def _asked(sheet: Sheet, question: Question, organisation: Organisation) -> bool:
    return question.id in sheet.values(organisation)


def _papers(sheet: Sheet, question: Question, organisation: Organisation, wrong: list[str] | None) -> Entry:
    """The papers that this person can add to and take away from, and those of the other controllers to read."""
    whose = organisation if question.per == "controller" else None
    named = {one["sha256"] for one in sheet.values(organisation).get(question.id) or []}
    held = sheet.assessment.papers.filter(question=question.id, organisation=whose, sha256__in=named)
    others = list(_others(sheet, question, whose)) if whose else []
    return Entry(question, others, papers=list(held.select_related("by")), wrong=wrong)


def given(sheet: Sheet, question: Question, organisation: Organisation | None) -> Given:
    answer = sheet.given(question, organisation)
    value = sheet.values(organisation).get(question.id)
    whose = organisation.name if organisation else ""
    where = source(sheet.source(question, organisation))
    return Given(whose, shown(question, value), where, answer.by if answer else None, answer.at if answer else None)


def _others(sheet: Sheet, question: Question, mine: Organisation | None) -> Iterator[Given]:
    """The joint answer, or those of the controllers but mine; none where the question is not asked."""
    if question.per == "joint":
        whose: list[Organisation | None] = [None]
    else:
        whose = [organisation for organisation in sheet.controllers if organisation != mine]
    yield from (given(sheet, question, one) for one in whose if question.id in sheet.values(one))


def _typed(
    form: PointForm, question: Question, is_open: bool, others: list[Given], added: tuple[str, int] | None
) -> Entry:
    field, organisation = form[question.id], form.organisation
    rows, widget = None, field.field.widget
    if isinstance(widget, Rows):
        new = added[1] if added and added[0] == question.id else None
        rows = widget.rows(question.id, _raw(field), new)
    per_controller = question.per == "controller"
    theirs = None
    if question.id in form.changed_by_others:
        theirs = given(form.sheet, question, organisation if per_controller else None)
    return Entry(
        question, others if per_controller else [], field, form.seen(question), rows,
        source(form.sheet.source(question, organisation)), theirs, is_open,
        added == (question.id, -1), _shelves(form, question, field),
    )  # fmt: skip


def _shelves(form: PointForm, question: Question, field: BoundField) -> list[Shelf] | None:
    """What the library offers, for a table of risks."""
    if question.type != "risk_table":
        return None
    return list(shelves(form.sheet.assessment.facts.data, _raw(field)))


def _raw(field: BoundField) -> list[dict[str, Any]]:
    value = field.value()
    return value if isinstance(value, list) else []
