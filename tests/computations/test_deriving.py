"""Derived columns as people type them, and back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from computations.forms import deriving

TERMS = [
    {"input": "uwv", "column": "income", "factor": 3},
    {"input": "svb", "column": "pension_1", "factor": -1},
    {"input": "cbs-2", "column": "Left", "factor": 1},
]


def test_a_sum_is_typed_as_people_write_it() -> None:
    assert deriving.terms("3 x uwv.income - svb.pension_1 + cbs-2.Left") == TERMS
    assert deriving.terms(deriving.terms_text(TERMS)) == TERMS
    assert deriving.terms("-2*a.b") == [{"input": "a", "column": "b", "factor": -2}]


@pytest.mark.parametrize("text", ["", "income", "a.b c.d", "a.b +", "3.5 x a.b", "a.b * 3", "a.b; DROP TABLE"])
def test_what_is_no_sum_is_asked_again(text: str) -> None:
    with pytest.raises(ValidationError):
        deriving.terms(text)


@pytest.mark.parametrize(
    ("stored", "of", "value"),
    [
        ({"kind": "present", "name": "x", "input": "uwv"}, "uwv", ""),
        (
            {"kind": "condition", "name": "x", "input": "uwv", "column": "c", "op": "in", "value": [1, 2]},
            "uwv.c",
            "1; 2",
        ),
        ({"kind": "bands", "name": "x", "terms": TERMS[:1], "bounds": [-1, 5]}, "3 x uwv.income", "-1; 5"),
        ({"kind": "at_least", "name": "x", "of": ["a", "b"], "number": 2}, "a; b", "2"),
        ({"kind": "compare", "name": "x", "terms": TERMS[:1], "op": "gt", "value": 0}, "3 x uwv.income", "0"),
    ],
)
def test_a_stored_row_is_shown_as_it_would_be_typed(stored: dict[str, object], of: str, value: str) -> None:
    assert (deriving.of_text(stored), deriving.value_text(stored)) == (of, value)
    if "terms" not in stored and "of" not in stored:
        return
    row = {"name": "x", "kind": stored["kind"], "of": of, "op": stored.get("op", ""), "value": value}
    assert deriving._read(None, row) == stored  # type: ignore[arg-type]
