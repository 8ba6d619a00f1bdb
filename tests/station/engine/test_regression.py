"""Linear regression on shares equals fractions in plain Python; and what may not show does not."""

from dataclasses import replace
from typing import Any

import pytest

from tests.station.engine.cases import Case, List, code, number
from tests.station.engine.circles import Message
from tests.station.engine.questions import number as key

ROWS = 24


def case(outcomes: list[int], **changes: Any) -> Case:
    """beta: age and whether somebody works; gamma: the outcome, and a temperature that can be below 0."""
    people = [[key(n), 18 + 7 * n % 60, n % 3 == 0, "xy"[n % 2]] for n in range(len(outcomes))]
    known = [[key(n), outcome, (11 * n) % 41 - 20] for n, outcome in enumerate(outcomes)]
    asked = {
        "base": "beta", "outcome": {"input": "gamma", "column": "income"},
        "predictors": [{"input": "beta", "column": "age"}, {"input": "gamma", "column": "cold"},
                       {"input": "beta", "column": "works"}],
        "rows_per_coefficient": 3, "decimals": 2,
    }  # fmt: skip
    return Case("regression", asked | changes, {
        "beta": List({"age": number(18, 99), "works": ({"kind": "bool"}, "measure"), "place": code("x", "y")}, people),
        "gamma": List({"income": number(-900, 5000), "cold": number(-20, 20)}, known, padding=2),
    })  # fmt: skip


AGE = [{"input": "beta", "column": "age"}]
WORKS = [{"input": "beta", "column": "works"}]


def uneven(n: int = ROWS) -> list[int]:
    return [(n * n * 37 + 11 * n) % 1700 - 300 for n in range(n)]


@pytest.mark.slow
def test_a_table_and_what_belongs_to_it():
    asked = case(uneven())
    asked.outputs = [
        {**asked.document()["outputs"][0], "name": name, "kind": kind}
        for name, kind in (("table", "aggregate_table"), ("fit", "scalar"))
    ]
    found = asked.check()
    assert found["table"] == found["fit"]
    assert found["table"][-2] == ROWS
    assert all(found["table"])


@pytest.mark.slow
def test_a_condition_leaves_rows_out():
    """At either party; and categories are compared with the first."""
    predictors = [{"input": "beta", "column": "place"}, {"input": "gamma", "column": "cold"}]
    conditions = [{"input": "beta", "column": "age", "op": "ge", "value": 25},
                  {"input": "gamma", "column": "income", "op": "lt", "value": 1300}]  # fmt: skip
    found = case(uneven(), predictors=predictors, conditions=conditions).check()["table"]
    assert 9 <= found[-2] < ROWS


@pytest.mark.slow
@pytest.mark.parametrize("outcomes", [
    [4 * (18 + 7 * n % 60) - 200 for n in range(ROWS)],  # a perfect fit
    [500] * ROWS,  # nothing to explain
    uneven(5),  # too few rows
], ids=["perfect", "constant", "few"])  # fmt: skip
def test_what_would_say_too_much_does_not_show(outcomes):
    assert not any(case(outcomes, predictors=AGE).check()["table"])


@pytest.mark.slow
def test_without_a_single_answer_nothing_shows():
    """A column that follows from another."""
    asked = case(uneven(), predictors=[*AGE, {"input": "gamma", "column": "cold"}])
    asked.lists["gamma"].rows = [[row[0], row[1], min(20, (18 + 7 * n % 60) // 3 - 6)]
                                 for n, row in enumerate(asked.lists["gamma"].rows)]  # fmt: skip
    asked.lists["beta"].rows = [[row[0], 3 * (int(str(asked.lists["gamma"].rows[n][2])) + 6), *row[2:]]
                                for n, row in enumerate(asked.lists["beta"].rows)]  # fmt: skip
    asked.lists["beta"].columns = {**asked.lists["beta"].columns, "age": number(0, 99)}
    assert not any(asked.check()["table"])


@pytest.mark.slow
def test_a_column_of_yes_and_no_needs_k_of_both():
    asked = case(uneven(), predictors=WORKS)
    asked.lists["beta"].rows = [[*row[:2], n == 5, row[3]] for n, row in enumerate(asked.lists["beta"].rows)]
    assert not any(asked.check()["table"])


def sizes(asked: Case) -> list[tuple[int, int, str, int]]:
    seen: list[Message] = []
    asked.check(watch=seen)
    return sorted((m.sender, m.receiver, m.label, len(m.body)) for m in seen if not m.label.startswith("mpyc/"))


def test_messages_do_not_depend_on_the_rows():
    """Nobody in common and a design without an answer look like everybody and a table."""
    whole = case(uneven(), predictors=AGE)
    nobody = replace(whole, lists={**whole.lists, "gamma": List(
        whole.lists["gamma"].columns, [[key(1000 + n), 7, 7] for n in range(ROWS)], padding=2)})  # fmt: skip
    assert sizes(whole) == sizes(nobody)
