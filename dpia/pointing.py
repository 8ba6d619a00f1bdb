"""A form whose references can be chosen from: options from the facts document and from the rows of other answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dpia.questions import Label, Option, Question
from dpia.references import OF_FACTS, Choices, of_rows
from dpia.template import TemplateForm


def with_options(form: TemplateForm, facts: Mapping[str, Any], rows: Mapping[str, Any]) -> TemplateForm:
    """``rows``: question to the rows that stand in its answer. The same form when it refers to nothing, and nothing in
    it is verified against the facts."""
    names = {name for question in form.questions() for name in question.refers_to()}
    if not names and not any(question.of_facts for question in form.questions()):
        return form
    options = {name: _options(_choices(name, facts, rows)) for name in sorted(names)}
    parts = [
        part.model_copy(
            update={
                "points": [
                    point.model_copy(update={"questions": [_pointing(one, options) for one in point.questions]})
                    for point in part.points
                ]
            }
        )
        for part in form.parts
    ]
    made = form.model_copy(update={"parts": parts})
    ground = replace(form.ground, facts=facts)
    known = {question.id: question.on(ground) if question.of_facts else question for question in made.questions()}
    made.__dict__["in_order"] = [known[question.id] for question in form.in_order]
    return made


def _choices(name: str, facts: Mapping[str, Any], rows: Mapping[str, Any]) -> Choices:
    return OF_FACTS[name](facts) if name in OF_FACTS else of_rows(rows.get(name))


def _options(choices: Choices) -> list[Option]:
    return [
        Option.model_construct(key=key, label=Label.model_construct(nl=called["nl"], en=called["en"]))
        for key, called in choices
    ]


def _pointing(question: Question, options: Mapping[str, list[Option]]) -> Question:
    if not question.refers_to():
        return question.model_copy() if question.of_facts else question
    columns = [
        column.model_copy(update={"options": options[column.refers]}) if column.refers else column
        for column in question.columns
    ]
    own = options[question.refers] if question.refers else question.options
    return question.model_copy(update={"columns": columns, "options": own})
