"""The form of a template: parts, points and questions as data; conditions have one structured form, no expressions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from dpia import computed, facts

TEMPLATES = Path(__file__).parent / "templates_data"
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
QuestionType = Literal["text", "longtext", "choice", "multichoice", "bool", "table", "computed"]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Form):
    nl: str
    en: str


class Option(Form):
    key: Id
    label: Label


class TableColumn(Form):
    id: Id
    label: Label
    type: Literal["text", "choice", "bool"] = "text"
    options: list[Option] = []
    required: bool = True


class Condition(Form):
    """Either ``{q, op, value}`` or exactly one of ``all``, ``any`` and ``not``."""

    q: Id | None = None
    op: Literal["eq", "ne", "in", "contains", "truthy", "empty"] | None = None
    value: Any = None
    all: list[Condition] = []
    any: list[Condition] = []
    not_: Condition | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        if sum([self.q is not None, bool(self.all), bool(self.any), self.not_ is not None]) != 1:
            raise ValueError("a condition is one of q, all, any and not")
        if (self.q is None) != (self.op is None):
            raise ValueError("q and op go together")
        return self

    def holds(self, answers: dict[str, Any]) -> bool:
        if self.all:
            return all(condition.holds(answers) for condition in self.all)
        if self.any:
            return any(condition.holds(answers) for condition in self.any)
        if self.not_ is not None:
            return not self.not_.holds(answers)
        given = answers.get(self.q or "")
        return {
            "eq": lambda: given == self.value,
            "ne": lambda: given != self.value,
            "in": lambda: given in (self.value or []),
            "contains": lambda: self.value in (given or []),
            "truthy": lambda: bool(given),
            "empty": lambda: given in (None, "", []),
        }[self.op or "truthy"]()

    def questions(self) -> Iterator[str]:
        if self.q is not None:
            yield self.q
        for nested in [*self.all, *self.any, *([self.not_] if self.not_ else [])]:
            yield from nested.questions()


class Autofill(Form):
    """``locked``: shown, never typed; ``prefill``: a proposal until somebody answers."""

    fact: str
    mode: Literal["locked", "prefill"]


class Question(Form):
    id: Id
    type: QuestionType
    label: Label
    help: Label | None = None
    required: bool = False
    material: bool = False
    per: Literal["joint", "controller"] = "joint"
    options: list[Option] = []
    columns: list[TableColumn] = []
    autofill: Autofill | None = None
    computed: str | None = None
    show_if: Condition | None = None

    @property
    def locked(self) -> bool:
        """Nobody types here: it follows from the facts or from other answers."""
        return self.type == "computed" or (self.autofill is not None and self.autofill.mode == "locked")

    @model_validator(mode="after")
    def _complete(self) -> Question:
        if self.type in ("choice", "multichoice") and not self.options:
            raise ValueError(f"{self.id}: a choice needs options")
        if self.type == "table" and not self.columns:
            raise ValueError(f"{self.id}: a table needs columns")
        if (self.type == "computed") != (self.computed is not None):
            raise ValueError(f"{self.id}: computed names the function")
        if self.computed is not None and self.computed not in computed.COMPUTED:
            raise ValueError(f"{self.id}: no computed value {self.computed}")
        if self.autofill is not None and self.autofill.fact not in facts.FACTS:
            raise ValueError(f"{self.id}: no fact {self.autofill.fact}")
        return self


class Point(Form):
    id: Id
    number: str
    title: Label
    questions: list[Question]


class Part(Form):
    id: Id
    title: Label
    points: list[Point]


class TemplateForm(Form):
    schema_: Literal["nicpet.assessment-template/1"] = Field(alias="schema")
    key: str
    version: str
    title: Label
    parts: list[Part]

    @model_validator(mode="after")
    def _consistent(self) -> TemplateForm:
        ids = [question.id for question in self.questions()]
        if len(set(ids)) != len(ids):
            raise ValueError("a question id stands twice")
        for question in self.questions():
            unknown = set(question.show_if.questions() if question.show_if else ()) - set(ids)
            if unknown:
                raise ValueError(f"{question.id}: its condition names unknown questions {sorted(unknown)}")
        return self

    def points(self) -> Iterator[Point]:
        for part in self.parts:
            yield from part.points

    def questions(self) -> Iterator[Question]:
        for point in self.points():
            yield from point.questions

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions() if question.id == key), None)


@cache
def from_file(key: str) -> TemplateForm:
    """The template as it is shipped; an error in it stops here, with where it stands."""
    text = (TEMPLATES / f"{key}.yaml").read_text("utf-8")
    return TemplateForm.model_validate(yaml.safe_load(text))


def read_form(data: dict[str, Any]) -> TemplateForm:
    return TemplateForm.model_validate(data)
