"""The filled-in sheet of a DPIA: what stands under each question, whether it is complete, and how it is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.models import Organisation
from dpia.checking import empty, named, open_cells
from dpia.computed import OF_FORM, OF_ROW
from dpia.facts import FACTS
from dpia.models import Answer, Assessment
from dpia.pointing import with_options
from dpia.template import Question, TemplateForm, stored_form
from station.reasons import Reason


@dataclass(frozen=True)
class Open:
    """A question that is not complete: for whom (None: for all controllers together) and why."""

    question: Question
    organisation: Organisation | None
    reason: Reason


class Sheet:
    """Everything that stands in a DPIA now, read once."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        taking_part = assessment.controllers.select_related("organisation").order_by("organisation__slug")
        self.controllers: list[Organisation] = [row.organisation for row in taking_part]
        given = assessment.answers.select_related("by", "organisation")
        self._given = {(answer.question, answer.organisation_id): answer for answer in given}
        rows = {question: answer.value for (question, whose), answer in self._given.items() if whose is None}
        self.form: TemplateForm = with_options(stored_form(assessment.template), assessment.facts.data, rows)
        self._values: dict[Organisation | None, dict[str, Any]] = {}

    def given(self, question: Question, organisation: Organisation | None = None) -> Answer | None:
        """What somebody answered, of all controllers or of this one; None when nobody did or nobody can."""
        whose = organisation.pk if organisation and question.per == "controller" else None
        if question.locked or (question.per == "controller" and whose is None):
            return None
        return self._given.get((question.id, whose))

    def answer(self, question: Question, organisation: Organisation | None = None) -> Any:
        """What somebody answered, else what the facts say; nothing that is computed."""
        answer = self.given(question, organisation)
        return answer.value if answer else self.facts.get(question.id)

    def values(self, organisation: Organisation | None = None) -> dict[str, Any]:
        """Question to value for every question that is shown: joint answers, those of one controller, facts, and what
        is computed from them. A question that is not shown counts as not answered."""
        if organisation not in self._values:
            found: dict[str, Any] = {}
            for question in self.form.in_order:
                if question.show_if is None or question.show_if.holds(found):
                    found[question.id] = self._value(question, organisation, found)
            self._values[organisation] = found
        return self._values[organisation]

    def shown(self, organisation: Organisation | None = None) -> list[Question]:
        """The questions whose condition holds, in the order of the form."""
        values = self.values(organisation)
        return [question for question in self.form.questions() if question.id in values]

    def open(self) -> Iterator[Open]:
        """Required questions without an answer, and rows with empty cells."""
        for organisation in [None, *self.controllers]:
            per, values = "controller" if organisation else "joint", self.values(organisation)
            for question in self.form.questions():
                if question.per == per and question.id in values:
                    yield from _open(question, organisation, values[question.id])

    def required(self) -> Iterator[tuple[Question, Organisation | None]]:
        """Every question that has to be answered as things stand, and by whom."""
        for organisation in [None, *self.controllers]:
            per, values = "controller" if organisation else "joint", self.values(organisation)
            for question in self.form.questions():
                if question.required and question.per == per and question.id in values:
                    yield question, organisation

    def frozen(self) -> dict[str, Any]:
        """All shown questions with their answers and where each came from, for a version."""
        template, facts = self.assessment.template, self.assessment.facts
        return {
            "template": {"key": template.key, "version": template.version, "sha256": template.sha256},
            "facts_sha256": facts.sha256,
            "specification_sha256": facts.specification_sha256,
            "controllers": [organisation.slug for organisation in self.controllers],
            "answers": [answer for one in [None, *self.controllers] for answer in self._answers(one)],
        }

    def material(self, data: dict[str, Any]) -> dict[str, Any]:
        """The answers in a frozen version that reopen the advice when they change."""
        keys = {question.id for question in self.form.questions() if question.material}
        return {f"{a['question']}/{a['organisation']}": a["value"] for a in data["answers"] if a["question"] in keys}

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Question to what the facts document says about it now."""
        return facts_of(self.form, self.assessment.facts.data)

    def _value(self, question: Question, organisation: Organisation | None, found: dict[str, Any]) -> Any:
        if question.computed is not None:
            return OF_FORM[question.computed].function(found, question.ground)
        return with_computed_cells(question, self.answer(question, organisation))

    def _answers(self, organisation: Organisation | None) -> Iterator[dict[str, Any]]:
        per, values = "controller" if organisation else "joint", self.values(organisation)
        for question in self.form.questions():
            if question.per == per and not empty(values.get(question.id)):
                yield {
                    "question": question.id,
                    "label": question.label.model_dump(),
                    "organisation": organisation.slug if organisation else None,
                    "value": values[question.id],
                    "source": self.source(question, organisation),
                }

    def source(self, question: Question, organisation: Organisation | None = None) -> str:
        """``computed``, ``fact:`` with its name, or ``answered``."""
        if question.computed:
            return "computed"
        if question.autofill and self.given(question, organisation) is None:
            return f"fact:{question.autofill.fact}"
        return "answered"


def stands(assessment: Assessment, question: Question, organisation: Organisation | None) -> tuple[Answer | None, Any]:
    """What somebody answered, and else what the facts say: one question of ``Sheet.given`` and ``Sheet.answer``,
    without reading all others."""
    given = assessment.answers.filter(question=question.id, organisation=organisation).select_related("by").first()
    if given is not None:
        return given, given.value
    return None, fact_of(question, assessment.facts.data)


def facts_of(form: TemplateForm, facts: dict[str, Any]) -> dict[str, Any]:
    """Question to what the facts document says about it."""
    return {question.id: fact_of(question, facts) for question in form.questions() if question.autofill}


def fact_of(question: Question, facts: dict[str, Any]) -> Any:
    """What the facts document says about one question; None when it is not filled from there. Of the rows of a fact
    only what the question has a column for: what a fact tells more later changes no answer."""
    if question.autofill is None:
        return None
    value = FACTS[question.autofill.fact](facts)
    if not question.tabular:
        return value
    keys = {column.id for column in question.columns}
    return [{key: cell for key, cell in row.items() if key in keys} for row in value]


def with_computed_cells(question: Question, value: Any) -> Any:
    computed = {column.id: column.computed for column in question.columns if column.computed}
    if not computed or not isinstance(value, list):
        return value
    return [{**row, **{key: OF_ROW[name](row, question.ground) for key, name in computed.items()}} for row in value]


def _open(question: Question, organisation: Organisation | None, value: Any) -> Iterator[Open]:
    if question.required and empty(value):
        code = "assessment.unanswered_by" if organisation else "assessment.unanswered"
        whose = {"organisation": organisation.name} if organisation else {}
        yield Open(question, organisation, Reason(code, {**named(question), **whose}))
    for reason in () if question.locked else open_cells(question, value):
        yield Open(question, organisation, reason)
