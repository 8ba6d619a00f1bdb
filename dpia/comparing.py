"""Two versions of a template, question by question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from dpia.template import Question, TemplateForm

Kind = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True)
class Difference:
    """``fields``: what about the question changed."""

    kind: Kind
    question: Question
    before: Question | None = None
    fields: list[str] = field(default_factory=list)


def differences(old: TemplateForm, new: TemplateForm) -> list[Difference]:
    """In the order of the new form; what was removed last."""
    before = {question.id: question for question in old.questions()}
    came_from = {question.id: origin(question, before) for question in new.questions()}
    found = [_difference(question, came_from[question.id]) for question in new.questions()]
    used = {one.id for one in came_from.values() if one is not None}
    gone = [Difference("removed", question) for question in old.questions() if question.id not in used]
    return [one for one in found if one is not None] + gone


def origin(question: Question, before: dict[str, Question]) -> Question | None:
    """What this question was in the other form: the same id, or one that it says it was called."""
    names = [question.id, *question.was]
    return next((before[name] for name in names if name in before), None)


def _difference(question: Question, before: Question | None) -> Difference | None:
    if before is None:
        return Difference("added", question)
    fields = _fields(before.model_dump(exclude={"id", "was"}), question.model_dump(exclude={"id", "was"}))
    if before.id != question.id:
        return Difference("renamed", question, before, fields)
    return Difference("changed", question, before, fields) if fields else None


def _fields(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return [name for name in now if before.get(name) != now[name]]
