"""The form of a template: parts, points and questions as data; conditions have one structured form, no expressions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dpia import computed, facts
from dpia.template_file import read_yaml

TEMPLATES = Path(__file__).parent / "templates_data"
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Words = Annotated[str, Field(min_length=1, max_length=1_000)]
QuestionType = Literal["text", "longtext", "choice", "multichoice", "bool", "table", "computed"]
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("eq", "ne", "truthy", "empty"),
    "longtext": ("truthy", "empty"),
    "choice": ("eq", "ne", "in", "truthy", "empty"),
    "multichoice": ("contains", "truthy", "empty"),
    "bool": ("eq", "ne", "truthy", "empty"),
    "table": ("truthy", "empty"),
    "computed": ("eq", "ne", "in", "truthy", "empty"),
}
"""Which comparison makes sense with which type of question."""


class Form(BaseModel):
    """Unknown keys are refused and nothing is converted: an unquoted ``no`` in YAML is a boolean, and no text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Label(Form):
    nl: Words
    en: Words


class Option(Form):
    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.]{0,59}$")]
    label: Label


class TableColumn(Form):
    """``choices`` holds several keys (only where a fact fills the table); ``computed`` follows from its own row."""

    id: Id
    label: Label
    type: Literal["text", "choice", "choices", "computed"] = "text"
    options: list[Option] = []
    required: bool = True
    computed: str | None = None

    @property
    def typed(self) -> bool:
        return self.type != "computed"

    @model_validator(mode="after")
    def _complete(self) -> TableColumn:
        if self.type in ("choice", "choices") and not self.options:
            raise ValueError(f"{self.id}: a choice needs options")
        if (self.type == "computed") != (self.computed is not None):
            raise ValueError(f"{self.id}: computed names the function")
        if self.computed is not None and self.computed not in computed.OF_ROW:
            raise ValueError(f"{self.id}: no value {self.computed} can be computed from a row")
        _no_doubles(self.id, [option.key for option in self.options])
        return self


class Condition(Form):
    """Either ``{q, op, value}`` or exactly one of ``all``, ``any`` and ``not``."""

    q: Id | None = None
    op: Literal["eq", "ne", "in", "contains", "truthy", "empty"] | None = None
    value: str | bool | list[str] | None = None
    all: list[Condition] = []
    any: list[Condition] = []
    not_: Condition | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        if sum([self.q is not None, bool(self.all), bool(self.any), self.not_ is not None]) != 1:
            raise ValueError("a condition is one of q, all, any and not")
        if (self.q is None) != (self.op is None):
            raise ValueError("q and op go together")
        if (self.op in ("truthy", "empty") or self.q is None) and self.value is not None:
            raise ValueError("truthy and empty take no value")
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
            "in": lambda: isinstance(self.value, list) and given in self.value,
            "contains": lambda: self.value in (given or []),
            "truthy": lambda: bool(given),
            "empty": lambda: given in (None, "", []),
        }[self.op or "truthy"]()

    def single(self) -> Iterator[Condition]:
        """The comparisons it consists of."""
        if self.q is not None:
            yield self
        for nested in [*self.all, *self.any, *([self.not_] if self.not_ else [])]:
            yield from nested.single()


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

    def reads(self) -> set[str]:
        """The questions whose answers this one looks at."""
        shown_by = {one.q for one in self.show_if.single()} if self.show_if else set()
        return {*filter(None, shown_by), *(computed.OF_FORM[self.computed].reads if self.computed else ())}

    @model_validator(mode="after")
    def _complete(self) -> Question:
        if (self.type in ("choice", "multichoice")) != bool(self.options):
            raise ValueError(f"{self.id}: a choice needs options, and only a choice has them")
        if (self.type == "table") != bool(self.columns):
            raise ValueError(f"{self.id}: a table needs columns, and only a table has them")
        if (self.type == "computed") != (self.computed is not None):
            raise ValueError(f"{self.id}: computed names the function")
        if self.computed is not None and self.computed not in computed.OF_FORM:
            raise ValueError(f"{self.id}: no computed value {self.computed}")
        if self.locked and self.required:
            raise ValueError(f"{self.id}: what nobody types cannot be required")
        _no_doubles(self.id, [option.key for option in self.options])
        _no_doubles(self.id, [column.id for column in self.columns])
        return self

    @model_validator(mode="after")
    def _filled(self) -> Question:
        if self.autofill is None:
            if any(column.type == "choices" for column in self.columns):
                raise ValueError(f"{self.id}: a column with several choices needs a fact that fills it")
            return self
        if self.autofill.fact not in facts.FACTS:
            raise ValueError(f"{self.id}: no fact {self.autofill.fact}")
        if self.autofill.fact not in facts.FILLS.get(self.type, {}):
            raise ValueError(f"{self.id}: the fact {self.autofill.fact} does not fill a {self.type}")
        return self


class Point(Form):
    id: Id
    number: Words
    title: Label
    questions: Annotated[list[Question], Field(min_length=1)]


class Part(Form):
    id: Id
    title: Label
    points: Annotated[list[Point], Field(min_length=1)]


class TemplateForm(Form):
    schema_: Literal["nicpet.assessment-template/1"] = Field(alias="schema")
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    title: Label
    parts: Annotated[list[Part], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> TemplateForm:
        _no_doubles("the template", [question.id for question in self.questions()])
        _no_doubles("the template", [point.id for point in self.points()])
        known = {question.id: question for question in self.questions()}
        for question in known.values():
            if unknown := question.reads() - set(known):
                raise ValueError(f"{question.id} looks at unknown questions {sorted(unknown)}")
            if question.per == "joint" and any(known[key].per == "controller" for key in question.reads()):
                raise ValueError(f"{question.id} is joint and looks at an answer that differs per controller")
            for condition in question.show_if.single() if question.show_if else ():
                _check_comparison(question, condition, known[condition.q or ""])
        try:
            self.in_order  # noqa: B018 (a circle is found here)
        except CycleError as error:
            raise ValueError(f"questions that depend on each other: {', '.join(error.args[1])}") from error
        return self

    @cached_property
    def in_order(self) -> list[Question]:
        """Every question after those it looks at."""
        known = {question.id: question for question in self.questions()}
        sorter = TopologicalSorter({key: sorted(question.reads()) for key, question in known.items()})
        return [known[key] for key in sorter.static_order()]

    def points(self) -> Iterator[Point]:
        for part in self.parts:
            yield from part.points

    def questions(self) -> Iterator[Question]:
        for point in self.points():
            yield from point.questions

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions() if question.id == key), None)

    def point(self, key: str) -> Point | None:
        return next((point for point in self.points() if point.id == key), None)

    def document(self) -> dict[str, Any]:
        """As it is stored and hashed: without what is left to its default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


@cache
def from_file(key: str) -> TemplateForm:
    """The template as it is shipped; an error in it stops here, with where it stands."""
    return read_form(read_yaml((TEMPLATES / f"{key}.yaml").read_text("utf-8")))


def read_form(data: Any) -> TemplateForm:
    return TemplateForm.model_validate(data)


def _check_comparison(question: Question, condition: Condition, asked: Question) -> None:
    """The comparison fits the question it looks at, so that none is quietly never true."""
    where = f"{question.id}: its condition on {asked.id}"
    if condition.op not in OPERATORS[asked.type]:
        raise ValueError(f"{where} cannot use {condition.op} with a {asked.type}")
    if condition.op in ("truthy", "empty"):
        return
    if (condition.op == "in") != isinstance(condition.value, list):
        raise ValueError(f"{where} compares {condition.op} with {condition.value!r}")
    if asked.type == "bool":
        fits = isinstance(condition.value, bool)
    else:
        keys = {*computed.LEVELS} if asked.type == "computed" else {option.key for option in asked.options}
        values = condition.value if isinstance(condition.value, list) else [condition.value]
        fits = all(isinstance(one, str) and (one in keys or asked.type == "text") for one in values)
    if not fits:
        raise ValueError(f"{where} compares with {condition.value!r}, which is never an answer")


def _no_doubles(where: str, keys: list[str]) -> None:
    doubles = sorted({key for key in keys if keys.count(key) > 1})
    if doubles:
        raise ValueError(f"{where}: {', '.join(doubles)} stands twice")
