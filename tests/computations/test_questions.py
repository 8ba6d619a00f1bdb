"""An analysis's own schema makes its questions: a new analysis needs no form of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from computations.forms.conditions import value_of
from computations.forms.questions import questions
from computations.forms.section import FieldSet, SectionForm, Setting
from station.specification import ColumnRef, Condition, Key, Strict
from tests.computations.trial import specification


class Parameters(Strict):
    """One parameter of every kind; an analysis nobody has written."""

    base: Key
    outcome: ColumnRef
    group_by: Annotated[list[ColumnRef], Field(min_length=1, max_length=3)]
    conditions: list[Condition] = []
    horizon: int
    cap: int | None = None
    exact: bool = True
    unit: Literal["day", "week"]
    weights: dict[str, int] = {}


class Page(SectionForm):
    def build(self) -> Iterator[FieldSet]:
        self.checks: list[Any] = []
        self.conditions: dict[str, Any] = {}
        self.questions = questions(Parameters)
        for question in self.questions:
            yield from question.build(self, self.part.get(question.name))

    def clean(self) -> Any:
        for check in self.checks:
            check()

    def stored(self) -> dict[str, Any]:
        return {question.name: question.read(self) for question in self.questions}


GIVEN = {
    "base": "alfa_rows",
    "outcome": {"input": "beta_rows", "column": "owes"},
    "group_by": [{"input": "alfa_rows", "column": "colour"}],
    "conditions": [{"input": "alfa_rows", "column": "colour", "op": "in", "value": ["blue", "red"]}],
    "horizon": 5,
    "cap": None,
    "exact": False,
    "unit": "week",
    "weights": {"a": 1},
}


def page(part: dict[str, Any], data: Any = None) -> Page:
    setting = Setting(use_case=None, draft=specification())  # type: ignore[arg-type]
    return Page(data, part=part, setting=setting)


def sent(form: Page) -> dict[str, Any]:
    """What a browser would send for what the form shows."""
    boxes = {"parameter_exact"}
    shown = {field.html_name: field.value() for field in form if field.html_name not in boxes}
    return {name: "" if value is None else value for name, value in shown.items()}


def test_what_is_stored_comes_back_as_it_was() -> None:
    form = page(GIVEN, sent(page(GIVEN)))
    assert form.is_valid(), form.errors
    assert form.stored() == GIVEN
    assert Parameters.model_validate(form.stored())


def test_each_kind_is_asked_in_its_own_way() -> None:
    form = page({})
    kinds = {name: type(field).__name__ for name, field in form.fields.items()}
    assert kinds["parameter_horizon"] == kinds["parameter_cap"] == "IntegerField"
    assert kinds["parameter_exact"] == "BooleanField" and form["parameter_exact"].value() is True
    assert [key for key, _label in form.fields["parameter_unit"].choices] == ["", "day", "week"]
    assert [key for key, _label in form.fields["parameter_base"].choices] == ["", "alfa_rows", "beta_rows"]
    assert "parameter_group_by_2" in form.fields and "parameter_group_by_3" not in form.fields
    assert [key for key, _label in form.fields["parameter_group_by_0"].choices] == ["", "alfa_rows.colour"]
    assert [key for key, _label in form.fields["parameter_outcome"].choices][1:] == [
        "alfa_rows.colour", "beta_rows.owes",
    ]  # fmt: skip


def test_empty_is_kept_as_empty() -> None:
    form = page({}, {})
    assert form.is_valid(), form.errors
    assert (form.stored()["base"], form.stored()["group_by"], form.stored()["conditions"]) == ("", [], [])


@pytest.mark.parametrize(
    ("text", "op", "kind", "value"),
    [
        ("12", "gt", {"kind": "int"}, 12),
        (" -3 ", "eq", {"kind": "int"}, -3),
        ("1; 2;", "in", {"kind": "int"}, [1, 2]),
        ("Ja", "eq", {"kind": "bool"}, True),
        ("no", "eq", {"kind": "bool"}, False),
        ("blue", "eq", {"kind": "code", "values": ["blue"]}, "blue"),
        ("001", "eq", {"kind": "digits", "length": 3}, "001"),
    ],
)
def test_a_value_is_read_in_the_form_of_its_column(text: str, op: str, kind: dict[str, Any], value: Any) -> None:
    assert value_of(text, op, kind) == value
