"""A specification of a regression: what is right, what is wrong and why; and its plain reference against numbers that
somebody else computed."""

from typing import Any

import numpy as np
import pytest
from lifelines.datasets import load_rossi

from station import analyses
from station.analyses.regression.analysis import least_rows, made
from station.analyses.regression.design import MARGIN
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from tests.station.engine.cases import Case, List, code, number
from tests.station.engine.questions import number as key


def case(**parameters: Any) -> Case:
    """beta knows age, sex and place; gamma the income."""
    people = [[key(n), 20 + 3 * n % 50, n % 2 == 0, "xyz"[n % 3]] for n in range(40)]
    incomes = [[key(n), 1000 + 37 * n % 900] for n in range(40)]
    asked = {
        "base": "beta", "outcome": {"input": "gamma", "column": "income"},
        "predictors": [{"input": "beta", "column": name} for name in ("age", "woman", "place")],
        "rows_per_coefficient": 5,
    }  # fmt: skip
    known = {"age": number(18, 99), "woman": ({"kind": "bool"}, "measure"), "place": code("x", "y", "z")}
    return Case("regression", asked | parameters, {
        "beta": List(known, people),
        "gamma": List({"income": number(0, 5000)}, incomes),
    })  # fmt: skip


def codes(document: dict[str, Any]) -> list[str]:
    found = specification_reasons(read_specification(document))
    assert all("?" not in reason.text("nl") + reason.text("en") for reason in found)
    return [reason.code for reason in found]


def test_the_rows_are_the_intercept_and_the_characteristics_in_order():
    spec = case().specification
    assert [row[0] for row in analyses.get("regression").cells(spec)] == [
        "(intercept)", "age", "woman", "place = y", "place = z",
    ]  # fmt: skip
    assert least_rows(spec) == 25


@pytest.mark.parametrize(("change", "expected"), [
    ({"model": "logistic"}, ["regression.outcome", "regression.engine"]),
    ({"outcome": {"input": "beta", "column": "place"}}, ["regression.twice", "regression.column", "regression.twice"]),
    ({"predictors": [{"input": "beta", "column": "id"}]}, ["regression.column"]),
    ({"predictors": [{"input": "beta", "column": "age"}] * 2}, ["regression.twice"] * 2),
    ({"predictors": [{"input": "beta", "column": "height"}]}, ["specification.unknown_column"]),
    ({"rows_per_coefficient": 2}, ["specification.parameter"]),
    ({"base": "delta"}, ["specification.unknown_input"]),
])  # fmt: skip
def test_a_wrong_parameter_is_refused(change, expected):
    assert codes(case(**change).document()) == expected


@pytest.mark.parametrize(("columns", "expected"), [
    ({"age": number(0, 2**30)}, ["regression.too_wide"]),
    ({"age": ({"kind": "int", "minimum": 0}, "measure")}, ["derived.no_limits"]),
    ({"place": code(*"abcdefghijklmnop")}, ["regression.terms"]),
    ({"age": ({"kind": "int", "minimum": 0, "maximum": 9}, "condition")}, ["regression.column"]),
])  # fmt: skip
def test_a_column_that_does_not_fit_is_refused(columns, expected):
    asked = case()
    asked.lists["beta"].columns = {**asked.lists["beta"].columns, **columns}
    assert codes(asked.document()) == expected


def test_counts_are_not_rounded_and_lists_have_a_longest():
    document = case().document()
    document["disclosure"]["rounding_base"] = 5
    document["inputs"][0]["padded_rows"] = 200_001
    assert codes(document) == ["regression.rounding"]
    document["disclosure"]["rounding_base"] = 0
    assert codes(document) == ["regression.rows"]


def test_the_reference_agrees_with_least_squares_on_data_that_nobody_here_made():
    """Arrest within a year, of 432 people released from prison (Rossi and others 1980): numpy's own least squares."""
    rossi = load_rossi()
    names = ["fin", "age", "prio"]
    asked = case(
        outcome={"input": "gamma", "column": "week"}, decimals=4,
        predictors=[{"input": "beta", "column": name} for name in names],
    )  # fmt: skip
    limits = {name: number(int(rossi[name].min()), int(rossi[name].max())) for name in [*names, "week"]}
    asked.lists = {
        "beta": List({name: limits[name] for name in names}, []),
        "gamma": List({"week": limits["week"]}, []),
    }
    document = asked.document()
    for entry in document["inputs"]:
        entry["padded_rows"] = len(rossi)
    spec = read_specification(document)
    rows = {str(n): {name: int(row[name]) for name in [*names, "week"]} for n, row in rossi.iterrows()}
    *units, counted, explained = analyses.get("regression").plain(spec, {"beta": rows, "gamma": rows})["table"]
    x = np.column_stack([np.ones(len(rossi)), rossi[names]])
    found, left, *_rest = np.linalg.lstsq(x, rossi["week"], rcond=None)
    assert [(unit - MARGIN) / 10_000 for unit in units] == pytest.approx(found, abs=0.00005)
    whole = ((rossi["week"] - rossi["week"].mean()) ** 2).sum()
    assert (explained - 1) / 1000 == pytest.approx(1 - left[0] / whole, abs=0.0005)
    assert counted == 432


def test_tables_say_numbers_as_text_and_nothing_when_nothing_is_shown():
    spec, known = case().specification, analyses.get("regression")
    single = spec.outputs[0].model_copy(update={"kind": "scalar"})
    values = [MARGIN - 12345, MARGIN, MARGIN + 7, MARGIN + 1_000_000, MARGIN - 1, 38, 251]
    assert [row[1] for row in known.table(spec, spec.outputs[0], values)["rows"]] == [
        "-12.345", "0.000", "0.007", "1000.000", "-0.001",
    ]  # fmt: skip
    assert known.table(spec, single, values)["rows"] == [["rows", 38], ["r_squared", "0.250"]]
    hidden = known.table(spec, spec.outputs[0], [0] * 7)
    assert hidden["suppressed"] == len(hidden["rows"]) == 5
    assert [row[1] for row in known.table(spec, single, [0] * 7)["rows"]] == [None, None]


def test_the_automatic_tests_see_too_few_rows_and_too_many():
    spec, known = case().specification, analyses.get("regression")
    single = spec.outputs[0].model_copy(update={"kind": "scalar"})
    for number_of_rows, expected in ((24, ["output.below_threshold"]), (25, []), (41, ["output.impossible"])):
        table = {"rows": [["rows", number_of_rows], ["r_squared", "0.1"]]}
        assert [reason.code for reason in known.objections(spec, single, table)] == expected


def test_no_number_on_the_way_is_wider_than_said():
    """The width follows from rows and limits; the largest minor of the largest matrix fits."""
    size = made(case().specification)
    assert size.pivots[-1] < 2 ** (size.bits - 46)
