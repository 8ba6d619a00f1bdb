"""When a question is shown: comparisons as data, nested with all, any and not. There is no expression language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dpia.wrong import Wrong

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Operator = Literal["eq", "ne", "in", "contains", "at_least", "gt", "lt", "truthy", "empty"]
ROWS = ("truthy", "empty", "contains", "at_least")
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("eq", "ne", "truthy", "empty"),
    "longtext": ("truthy", "empty"),
    "number": ("eq", "ne", "gt", "lt", "truthy", "empty"),
    "date": ("truthy", "empty"),
    "choice": ("eq", "ne", "in", "truthy", "empty"),
    "multichoice": ("contains", "at_least", "truthy", "empty"),
    "bool": ("eq", "ne", "truthy", "empty"),
    "reference": ("at_least", "truthy", "empty"),
    "attachment": ("at_least", "truthy", "empty"),
    "diagram": ("truthy", "empty"),
    "table": ROWS,
    "matrix": ROWS,
    "risk_table": ROWS,
    "measure_table": ROWS,
    "computed": ("eq", "ne", "in", "truthy", "empty"),
}
"""Which comparison makes sense with which type of question."""
EMPTY: tuple[Any, ...] = (None, "", [])


class Form(BaseModel):
    """Unknown keys are refused and nothing is converted: an unquoted ``no`` in YAML is a boolean, and no text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Condition(Form):
    """Either ``{q, op, value}`` or exactly one of ``all``, ``any`` and ``not``. ``column``: of a table, in which any
    row may hold the value."""

    q: Id | None = None
    column: Id | None = None
    op: Operator | None = None
    value: str | bool | int | list[str] | None = None
    all: list[Condition] = []
    any: list[Condition] = []
    not_: Condition | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        if sum([self.q is not None, bool(self.all), bool(self.any), self.not_ is not None]) != 1:
            raise Wrong("a condition is one of q, all, any and not", "een voorwaarde is één van q, all, any en not")
        if (self.q is None) != (self.op is None):
            raise Wrong("q and op go together", "q en op horen bij elkaar")
        if (self.op in ("truthy", "empty") or self.q is None) and self.value is not None:
            raise Wrong("truthy and empty take no value", "bij truthy en empty hoort geen waarde")
        if self.column is not None and self.op != "contains":
            raise Wrong("a column goes with contains", "een kolom hoort bij contains")
        return self

    def holds(self, answers: Mapping[str, Any]) -> bool:
        if self.all:
            return all(condition.holds(answers) for condition in self.all)
        if self.any:
            return any(condition.holds(answers) for condition in self.any)
        if self.not_ is not None:
            return not self.not_.holds(answers)
        given = answers.get(self.q or "")
        if self.column is not None:
            given = [row.get(self.column) for row in given or []]
        return HOLDS[self.op or "truthy"](given, self.value)

    def single(self) -> Iterator[Condition]:
        """The comparisons it consists of."""
        if self.q is not None:
            yield self
        for nested in [*self.all, *self.any, *([self.not_] if self.not_ else [])]:
            yield from nested.single()


HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda given, value: given == value,
    "ne": lambda given, value: given != value,
    "in": lambda given, value: isinstance(value, list) and given in value,
    "contains": lambda given, value: value in (given or []),
    "at_least": lambda given, value: len(given or []) >= value,
    "gt": lambda given, value: given not in EMPTY and given > value,
    "lt": lambda given, value: given not in EMPTY and given < value,
    "truthy": lambda given, _value: bool(given),
    "empty": lambda given, _value: given in EMPTY,
}
