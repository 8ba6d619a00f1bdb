"""Putting a dossier on another template: which answers move along, and which have no place there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dpia.checking import checked, empty, marks_of
from dpia.comparing import origin
from dpia.models import Answer
from dpia.pointing import with_options
from dpia.sheet import Sheet
from dpia.template import Question, TemplateForm
from station.reasons import Refused


@dataclass(frozen=True)
class Moved:
    """One answer and the question where it goes; None when it has no place there."""

    answer: Answer
    before: Question
    question: Question | None
    value: Any = None


def plan(sheet: Sheet, new: TemplateForm) -> list[Moved]:
    """Every answer that somebody gave, in the order of the form."""
    joint = {answer.question: answer.value for answer in sheet.assessment.answers.filter(organisation=None)}
    new = with_options(new, sheet.assessment.facts.data, joint)
    before = {question.id: question for question in sheet.form.questions()}
    goes_to = {came.id: question for question in new.questions() if (came := origin(question, before)) is not None}
    places = list(before)
    rows = sheet.assessment.answers.select_related("organisation", "by")
    given = [answer for answer in rows if answer.question in before and not empty(answer.value)]
    given.sort(key=lambda answer: (places.index(answer.question), answer.organisation_id or 0))
    return [_moved(answer, before[answer.question], goes_to.get(answer.question)) for answer in given]


def new_questions(sheet: Sheet, new: TemplateForm) -> list[Question]:
    """Those that the old template did not ask, and that nobody fills in for the drafter."""
    before = {question.id: question for question in sheet.form.questions()}
    return [q for q in new.questions() if origin(q, before) is None and not q.locked]


def _moved(answer: Answer, before: Question, question: Question | None) -> Moved:
    if question is None or question.locked or question.per != before.per:
        return Moved(answer, before, None)
    try:
        return Moved(answer, before, question, checked(question, cells(question, answer.value)))
    except Refused:
        return Moved(answer, before, None)


def cells(question: Question, value: Any) -> Any:
    """Rows with the columns that exist there."""
    if not question.tabular or not isinstance(value, list):
        return value
    keys = {column.id for column in question.columns if column.typed} | marks_of(question)
    return [{key: cell for key, cell in row.items() if key in keys} for row in value if isinstance(row, dict)]
