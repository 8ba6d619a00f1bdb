"""The form of a template: parts, points and questions as data; conditions have one structured form, no expressions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from dpia import computed, references
from dpia.computed import Ground
from dpia.conditions import OPERATORS, Condition, Form, Id
from dpia.labels import Words
from dpia.matrices import DEFAULT, matrices
from dpia.overlays import laid_over
from dpia.questions import Autofill, Label, Option, Question, TableColumn, no_doubles
from dpia.template_file import read_source
from dpia.wrong import Wrong, problems
from station.reasons import Refused

if TYPE_CHECKING:
    from dpia.models import Template

__all__ = [
    "Autofill", "Condition", "Label", "Option", "Part", "Point", "Question", "TableColumn", "TemplateForm", "from_file",
    "read_form", "read_template", "stored_form",
]  # fmt: skip
ReviewKind = Literal["privacy", "law", "security"]
TEMPLATES = Path(__file__).parent / "templates_data"


class Point(Form):
    id: Id
    number: Words
    title: Label
    guidance: Label | None = None
    questions: Annotated[list[Question], Field(min_length=1)]


class Part(Form):
    id: Id
    title: Label
    points: Annotated[list[Point], Field(min_length=1)]


class TemplateForm(Form):
    """``reviews``: which reviews every controller gives: always, or when it has somebody in that role.
    ``representatives``: the questions about the opinion of data subjects (GDPR art. 35(9)), shown beside the review."""

    schema_: Literal["nicpet.assessment-template/1"] = Field(alias="schema")
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    title: Label
    parts: Annotated[list[Part], Field(min_length=1)]
    laid_over: list[Id] = []
    reviews: dict[ReviewKind, Literal["always", "if_filled"]] = {"privacy": "always"}
    representatives: list[Id] = []
    risk_matrix: str = DEFAULT

    @model_validator(mode="after")
    def _consistent(self) -> TemplateForm:
        if self.risk_matrix not in matrices():
            raise Wrong(
                f"there is no risk matrix {self.risk_matrix}; there are {sorted(matrices())}",
                f"er is geen risicomatrix {self.risk_matrix}; er zijn {sorted(matrices())}",
            )
        no_doubles("the template", [question.id for question in self.questions()])
        no_doubles("the template", [point.id for point in self.points()])
        if self.reviews.get("privacy") != "always":
            raise Wrong(
                "reviews: the review by the privacy officer is always asked",
                "reviews: het oordeel van de privacy officer wordt altijd gevraagd",
            )
        known = {question.id: question for question in self.questions()}
        if unknown := set(self.representatives) - set(known):
            raise Wrong(
                f"representatives: unknown questions {sorted(unknown)}",
                f"representatives: onbekende vragen {sorted(unknown)}",
            )
        for question in known.values():
            if unknown := question.reads() - set(known):
                raise Wrong(
                    f"{question.id} looks at unknown questions {sorted(unknown)}",
                    f"{question.id} kijkt naar onbekende vragen {sorted(unknown)}",
                )
            if question.per == "joint" and any(known[key].per == "controller" for key in question.reads()):
                raise Wrong(
                    f"{question.id} is joint and looks at an answer that differs per controller",
                    f"{question.id} is gezamenlijk en kijkt naar een antwoord dat per verantwoordelijke verschilt",
                )
            for condition in question.show_if.single() if question.show_if else ():
                check_comparison(question, condition, known[condition.q or ""])
            _check_references(question, known)
        try:
            self.in_order  # noqa: B018 (a circle is found here)
        except CycleError as error:
            raise Wrong(
                f"questions that depend on each other: {', '.join(error.args[1])}",
                f"vragen die van elkaar afhangen: {', '.join(error.args[1])}",
            ) from error
        for question in known.values():
            question.on(self.ground)
        return self

    @property
    def ground(self) -> Ground:
        """What levels are computed on: the matrix that this template names."""
        return Ground(matrices()[self.risk_matrix])

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
    return read_template((TEMPLATES / f"{key}.yaml").read_text("utf-8"))


def read_template(text: str) -> TemplateForm:
    """A template from its YAML; Refused says every mistake with its line and place."""
    source = read_source(text)
    try:
        return read_form(laid_over(source.data))
    except ValidationError as error:
        raise problems(error, source) from error
    except Wrong as error:
        facts = {"line": source.line(("overlays",)), "place": "overlays", "problem": error.nl, "problem_en": error.en}
        raise Refused("template.problem", **facts) from error


def read_form(data: Any) -> TemplateForm:
    return TemplateForm.model_validate(data)


def stored_form(template: Template) -> TemplateForm:
    """The form of a stored template. It never changes, so it is read once."""
    found = _READ.get(template.sha256)
    if found is None:
        if len(_READ) >= MOST_READ:
            _READ.clear()
        found = _READ[template.sha256] = read_form(template.data)
    return found


MOST_READ = 50
_READ: dict[str, TemplateForm] = {}


def check_comparison(question: Question, condition: Condition, asked: Question) -> None:
    """The comparison fits the question it looks at, so that none is quietly never true."""
    where, hier = f"{question.id}: its condition on {asked.id}", f"{question.id}: de voorwaarde op {asked.id}"
    if condition.op not in OPERATORS[asked.type]:
        raise Wrong(
            f"{where} cannot use {condition.op} with a {asked.type}",
            f"{hier} kan {condition.op} niet gebruiken bij een {asked.type}",
        )
    if condition.op in ("truthy", "empty"):
        return
    if asked.tabular and (condition.op == "contains") != (condition.column is not None):
        raise Wrong(
            f"{where} names a column when it looks for a value in a table, and only then",
            f"{hier} noemt een kolom als zij een waarde in een tabel zoekt, en alleen dan",
        )
    if (condition.op == "in") != isinstance(condition.value, list):
        raise Wrong(
            f"{where} compares {condition.op} with {condition.value!r}",
            f"{hier} vergelijkt {condition.op} met {condition.value!r}",
        )
    if not _can_be_answered(condition, asked):
        raise Wrong(
            f"{where} compares with {condition.value!r}, which is never an answer",
            f"{hier} vergelijkt met {condition.value!r}, wat nooit een antwoord is",
        )


def _can_be_answered(condition: Condition, asked: Question) -> bool:
    if condition.op == "at_least" or asked.type == "number":
        return isinstance(condition.value, int) and not isinstance(condition.value, bool)
    if asked.type == "bool":
        return isinstance(condition.value, bool)
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    keys = _keys(condition, asked)
    return all(isinstance(one, str) and (one in keys or asked.type == "text") for one in values)


def _keys(condition: Condition, asked: Question) -> set[str]:
    if asked.type == "computed":
        return {*computed.LEVELS}
    options = asked.options
    if condition.column is not None:
        options = [o for column in asked.columns if column.id == condition.column for o in column.options]
    return {option.key for option in options}


def _check_references(question: Question, known: dict[str, Question]) -> None:
    for name in question.refers_to() - set(references.OF_FACTS):
        if known[name].type not in ("risk_table", "measure_table", "attachment"):
            raise Wrong(
                f"{question.id} refers to {name}, whose rows have no id",
                f"{question.id} verwijst naar {name}, waarvan de rijen geen id hebben",
            )
