"""The filled-in sheet of a DPIA: what stands under each question, whether it is complete, and how it is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.models import Organisation
from dpia.computed import COMPUTED
from dpia.facts import FACTS
from dpia.models import Assessment
from dpia.template import Question, TemplateForm, read_form
from station.reasons import Reason, Refused

LONGEST = 20_000
MOST_ROWS = 200


def form(assessment: Assessment) -> TemplateForm:
    return read_form(assessment.template.data)


def values(assessment: Assessment, organisation: Organisation | None = None) -> dict[str, Any]:
    """Question to value: the joint answers, those of one controller, the facts, and what is computed from them."""
    questions = list(form(assessment).questions())
    found = {q.id: _fact(assessment, q) for q in questions if q.autofill}
    locked = {q.id for q in questions if q.locked}
    given = assessment.answers.filter(organisation=None) | assessment.answers.filter(organisation=organisation)
    found.update({a.question: a.value for a in given if a.question not in locked})
    found.update({q.id: COMPUTED[q.computed](found) for q in questions if q.computed})
    return found


def shown(assessment: Assessment, organisation: Organisation | None = None) -> list[Question]:
    """The questions whose condition holds."""
    answers = values(assessment, organisation)
    return [q for q in form(assessment).questions() if q.show_if is None or q.show_if.holds(answers)]


def missing(assessment: Assessment) -> Iterator[Reason]:
    """Every required question is answered, by every controller where each answers for itself."""
    for question in shown(assessment):
        if question.required and question.per == "joint" and empty(values(assessment).get(question.id)):
            yield Reason("assessment.unanswered", {"question": question.label.nl, "question_en": question.label.en})
    for controller in assessment.controllers.select_related("organisation"):
        answers = values(assessment, controller.organisation)
        for question in shown(assessment, controller.organisation):
            if question.required and question.per == "controller" and empty(answers.get(question.id)):
                facts = {"question": question.label.nl, "question_en": question.label.en}
                yield Reason("assessment.unanswered_by", {**facts, "organisation": controller.organisation.name})


def empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def checked(question: Question, value: Any) -> Any:
    """The value in its proper form, or a refusal that says what is wrong."""
    if question.locked:
        raise Refused("answer.locked", question=question.label.nl, question_en=question.label.en)
    if question.type in ("text", "longtext"):
        return _text(value)
    if question.type == "bool":
        return _expect(isinstance(value, bool) or value is None, value)
    if question.type == "choice":
        return _expect(value in _keys(question), value)
    if question.type == "multichoice":
        right = isinstance(value, list) and all(one in _keys(question) for one in value)
        return _expect(right, sorted(set(value)) if right else value)
    return _rows(question, value)


def frozen(assessment: Assessment) -> dict[str, Any]:
    """All shown questions with their answers and where each came from, for a version."""
    organisations = [None, *(c.organisation for c in assessment.controllers.select_related("organisation"))]
    return {
        "template": {
            "key": assessment.template.key,
            "version": assessment.template.version,
            "sha256": assessment.template.sha256,
        },
        "facts_sha256": assessment.facts.sha256,
        "specification_sha256": assessment.facts.specification_sha256,
        "answers": [answer for organisation in organisations for answer in _answers(assessment, organisation)],
    }


def material(assessment: Assessment, data: dict[str, Any]) -> dict[str, Any]:
    """The answers in a frozen version that reopen the advice when they change."""
    keys = {question.id for question in form(assessment).questions() if question.material}
    return {f"{a['question']}/{a['organisation']}": a["value"] for a in data["answers"] if a["question"] in keys}


def _answers(assessment: Assessment, organisation: Organisation | None) -> Iterator[dict[str, Any]]:
    per = "controller" if organisation else "joint"
    answers = values(assessment, organisation)
    given = set(assessment.answers.filter(organisation=organisation).values_list("question", flat=True))
    for question in shown(assessment, organisation):
        if question.per == per and not empty(answers.get(question.id)):
            yield {
                "question": question.id,
                "label": question.label.model_dump(),
                "organisation": organisation.slug if organisation else None,
                "value": answers[question.id],
                "source": _source(question, given),
            }


def _source(question: Question, given: set[str]) -> str:
    if question.computed:
        return "computed"
    if question.autofill and (question.locked or question.id not in given):
        return f"fact:{question.autofill.fact}"
    return "answered"


def _fact(assessment: Assessment, question: Question) -> Any:
    return FACTS[question.autofill.fact](assessment.facts.data) if question.autofill else None


def _keys(question: Question) -> list[str]:
    return [option.key for option in question.options]


def _expect(right: bool, value: Any) -> Any:
    if not right:
        raise Refused("answer.form")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused("answer.form")
    if len(value) > LONGEST:
        raise Refused("answer.too_long", limit=LONGEST)
    return value.strip()


def _rows(question: Question, value: Any) -> list[dict[str, Any]]:
    """Rows of a table: exactly its columns; an entirely empty row is left out."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Refused("answer.form")
    if len(value) > MOST_ROWS:
        raise Refused("answer.rows", limit=MOST_ROWS)
    columns = {column.id: column for column in question.columns}
    rows = [row for row in value if any(not empty(cell) for cell in row.values())]
    for number, row in enumerate(rows, start=1):
        if set(row) - set(columns):
            raise Refused("answer.form")
        for key, column in columns.items():
            cell = row.get(key)
            if empty(cell) and column.required:
                raise Refused("answer.cell", row=number, column=column.label.nl, column_en=column.label.en)
            if column.type == "choice" and cell not in [option.key for option in column.options]:
                raise Refused("answer.form")
            if column.type == "text" and not empty(cell):
                row[key] = _text(cell)
    return rows
