"""The pre-scan: whether a DPIA is needed, why, and which sister duties there are. Rules are data, and none of them can
quietly never be true: a comparison names an option that exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from dpia.conditions import Condition, Form, Id
from dpia.facts import FACTS, YES_NO
from dpia.questions import Label, Question, no_doubles
from dpia.template import check_comparison
from dpia.template_file import read_source
from dpia.wrong import Wrong, problems

PRESCANS = Path(__file__).parent / "templates_data" / "prescans"
Result = Literal["required", "dpo_decides", "not_required", "not_applicable"]
ORDER: tuple[Result, ...] = ("not_applicable", "required", "dpo_decides", "not_required")
"""What counts when several rules apply: the first of these."""


class Suggestion(Form):
    """An option that a fact about the use case speaks for; whoever leaves it out says why."""

    question: Id
    add: str
    when: str


class Rule(Form):
    result: Result
    when: Condition
    because: Label


class Duty(Form):
    key: Id
    title: Label
    when: Condition
    because: Label


class PreScanForm(Form):
    schema_: Literal["nicpet.prescan/1"] = Field(alias="schema")
    key: str
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    title: Label
    questions: Annotated[list[Question], Field(min_length=1)]
    suggests: list[Suggestion] = []
    outcomes: Annotated[list[Rule], Field(min_length=1)]
    duties: list[Duty] = []

    @cached_property
    def known(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @model_validator(mode="after")
    def _consistent(self) -> PreScanForm:
        no_doubles("the pre-scan", [question.id for question in self.questions])
        no_doubles("the pre-scan", [duty.key for duty in self.duties])
        for rule in [*self.outcomes, *self.duties]:
            for one in rule.when.single():
                if one.q not in self.known:
                    raise Wrong(
                        f"a rule looks at {one.q}, which is not asked",
                        f"een regel kijkt naar {one.q}, wat niet is gevraagd",
                    )
                check_comparison(self.known[one.q], one, self.known[one.q])
        for suggestion in self.suggests:
            self._check(suggestion)
        return self

    def _check(self, suggestion: Suggestion) -> None:
        asked = self.known.get(suggestion.question)
        if asked is None or suggestion.add not in [option.key for option in asked.options]:
            raise Wrong(
                f"{suggestion.add} is no option of {suggestion.question}",
                f"{suggestion.add} is geen optie van {suggestion.question}",
            )
        if suggestion.when not in YES_NO:
            raise Wrong(f"no fact {suggestion.when}", f"er is geen feit {suggestion.when}")


@dataclass(frozen=True)
class Found:
    """``reasons``: all rules that apply, each with its result, not only the one that decides."""

    result: Result
    reasons: list[Rule]
    duties: list[Duty]

    def document(self) -> dict[str, Any]:
        return {
            "result": self.result,
            "reasons": [{"result": one.result, "because": one.because.model_dump()} for one in self.reasons],
            "duties": [
                {"key": one.key, "title": one.title.model_dump(), "because": one.because.model_dump()}
                for one in self.duties
            ],
        }


@cache
def shipped(key: str = "nl-prescan") -> PreScanForm:
    source = read_source((PRESCANS / f"{key}.yaml").read_text("utf-8"))
    try:
        return PreScanForm.model_validate(source.data)
    except ValidationError as error:
        raise problems(error, source) from error


def given(form: PreScanForm, facts: dict[str, Any]) -> dict[str, Any]:
    """What the facts document answers by itself."""
    return {q.id: FACTS[q.autofill.fact](facts) for q in form.questions if q.autofill}


def suggested(form: PreScanForm, facts: dict[str, Any]) -> dict[str, list[str]]:
    """Question to the options that the facts speak for."""
    found: dict[str, list[str]] = {}
    for suggestion in form.suggests:
        if YES_NO[suggestion.when](facts):
            found.setdefault(suggestion.question, []).append(suggestion.add)
    return found


def judge(form: PreScanForm, answers: Mapping[str, Any]) -> Found:
    """The outcome of these answers. When no rule applies the DPO decides: nothing is quietly 'not needed'."""
    reasons = [rule for rule in form.outcomes if rule.when.holds(answers)]
    results = {rule.result for rule in reasons}
    result: Result = next((one for one in ORDER if one in results), "dpo_decides")
    return Found(result, reasons, [duty for duty in form.duties if duty.when.holds(answers)])
