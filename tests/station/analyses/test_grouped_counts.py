"""A specification of grouped counts: what is right, what is wrong and why, and what each party is said to learn."""

from typing import Any

import pytest

from station import analyses
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from station.reasons import Reason, Refused
from tests.station.engine.questions import GROUPS, KINDS, Listed, Question, debts, number, register

PLACE = {"input": "alpha", "column": "place"}
LISTS = {"alpha": register({"Ede": 5, "Urk": 5}), "beta": debts(range(4)), "gamma": debts(range(6))}


def document(**parameters: Any) -> dict[str, Any]:
    """alpha asks, beta and gamma know debts."""
    made = Question("alpha", LISTS, ["place"]).document()
    made["parameters"] |= parameters
    return made


def reasons(made: dict[str, Any]) -> list[Reason]:
    found = specification_reasons(read_specification(made))
    for reason in found:
        assert "?" not in reason.text("nl") + reason.text("en")
    return found


def codes(made: dict[str, Any]) -> list[str]:
    return [reason.code for reason in reasons(made)]


def condition(**changes: Any) -> list[dict[str, Any]]:
    return [{"input": "beta", "column": "cents", "op": "gt", "value": 0} | changes]


def group(column: str, kind: dict[str, Any], use: str = "group") -> dict[str, Any]:
    """One more column at alpha, grouped by."""
    made = document()
    text = {"nl": "verzonnen", "en": "invented"}
    made["inputs"][0]["columns"].append(
        {"name": column, "type": kind, "data_class": "ordinary", "use": use, "description": text, "justification": text}
    )
    made["parameters"]["group_by"].append({"input": "alpha", "column": column})
    return made


def test_three_lists_and_two_with_a_third_without_data_are_right():
    assert reasons(document()) == []
    two = {name: LISTS[name] for name in ("alpha", "gamma")}
    assert reasons(Question("alpha", two, ["place"]).document()) == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"base": "delta"}, "specification.unknown_input"),
        ({"base": "Not a key"}, "specification.parameter"),
        ({"base": 3}, "specification.parameter"),
        ({"surprise": 1}, "specification.parameter"),
        ({"group_by": []}, "specification.parameter"),
        ({"group_by": [PLACE] * 2}, "grouped_counts.group_twice"),
        ({"group_by": [{"input": "alpha", "column": "colour"}]}, "specification.unknown_column"),
        ({"group_by": [{"input": "beta", "column": "cents"}]}, "grouped_counts.group_type"),
        ({"group_by": [{"input": "alpha", "column": "id"}]}, "grouped_counts.group_type"),
        ({"conditions": condition(input="delta")}, "specification.unknown_input"),
        ({"conditions": condition(column="colour")}, "specification.unknown_column"),
        ({"conditions": condition(column="id", op="eq", value=number(1))}, "specification.column_use"),
        ({"conditions": condition(op="about")}, "specification.parameter"),
        ({"conditions": condition(value="many")}, "specification.condition_value"),
        ({"conditions": condition(value=True)}, "specification.condition_value"),
        ({"conditions": condition(value=[1])}, "specification.condition_value"),
        ({"conditions": condition(op="in", value=1)}, "specification.condition_value"),
        ({"conditions": condition(op="in", value=[])}, "specification.condition_value"),
        ({"conditions": condition(value=2**62 + 1)}, "specification.condition_value"),
        ({"conditions": condition(**PLACE, op="eq", value="Ur")}, "specification.condition_category"),
        ({"conditions": condition(**PLACE, op="lt", value="Urk")}, "specification.condition_order"),
    ],
)  # fmt: skip
def test_wrong_parameters_get_a_reason(parameters, code):
    assert codes(document(**parameters)) == [code]


def test_every_wrong_field_is_told():
    assert codes(document(base=3, surprise=1)) == ["specification.parameter"] * 2
    wrong = document(conditions=[*condition(value="many"), *condition(column="colour")])
    assert codes(wrong) == ["specification.condition_value", "specification.unknown_column"]


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ({"kind": "digits", "length": 3}, "012", True),
        ({"kind": "digits", "length": 3}, "12", False),
        ({"kind": "digits", "length": 3}, "٠١٢", False),
        ({"kind": "text"}, "\u00e9", True),
        ({"kind": "text"}, "e\u0301", False),
        ({"kind": "bool"}, True, True),
        ({"kind": "bool"}, 1, False),
        ({"kind": "bool"}, "true", False),
        ({"kind": "hex", "length": 4}, "00ff", False),
    ],
)
def test_a_value_must_be_one_that_a_cell_could_have(kind, value, right):
    base = Listed(
        {"place": GROUPS["place"][0], "c": kind}, [],
        conditions=[{"column": "c", "op": "eq", "value": value}], padding=1,
    )  # fmt: skip
    found = codes(Question("alpha", {"alpha": base, "beta": debts([1])}, ["place"]).document())
    assert found == ([] if right else ["specification.condition_value"])


def test_rounding_is_possible_for_counts_of_lists_that_are_not_too_long():
    made = document()
    made["disclosure"]["rounding_base"] = 5
    assert codes(made) == []
    made["inputs"][0]["padded_rows"] = 300_000
    assert codes(made) == ["grouped_counts.rounding"]


@pytest.mark.parametrize(
    ("column", "kind", "use", "code"),
    [
        ("age", {"kind": "int"}, "group", "grouped_counts.group_type"),
        ("age", {"kind": "int", "minimum": 0}, "group", "grouped_counts.group_type"),
        ("age", {"kind": "int", "minimum": 5, "maximum": 4}, "group", "grouped_counts.group_type"),
        ("age", {"kind": "int", "minimum": 0, "maximum": 2**60}, "group", "grouped_counts.cells"),
        ("age", {"kind": "int", "minimum": 0, "maximum": 10_000}, "group", "grouped_counts.cells"),
        ("name", {"kind": "text"}, "group", "grouped_counts.group_type"),
        ("flag", {"kind": "bool"}, "condition", "specification.column_use"),
        ("count", {"kind": "bool"}, "group", "grouped_counts.group_name"),
    ],
)
def test_wrong_groups(column, kind, use, code):
    assert codes(group(column, kind, use)) == [code]


def test_as_many_cells_as_are_possible():
    assert reasons(group("age", {"kind": "int", "minimum": 1, "maximum": 10_000})) == []


def test_too_few_and_too_many_lists():
    one = Question("alpha", {"alpha": LISTS["alpha"]}, ["place"]).document()
    assert codes(one) == ["analysis.inputs"]
    made = document()
    made["inputs"].append(made["inputs"][1] | {"id": "more"})
    assert codes(made) == ["analysis.one_input_each"]


def test_who_has_the_base_list_must_compute_and_others_need_not():
    made = document()
    made["parties"].append(made["parties"][2] | {"organisation": "delta", "party_roles": ["computing_party"]})
    made["parties"][2]["party_roles"] = ["input_party"]
    assert codes(made) == []
    made["parties"][2]["party_roles"], made["parties"][0]["party_roles"] = ["computing_party"], ["input_party"]
    made["outputs"][0]["recipients"] = ["delta"]
    made["parties"][3]["party_roles"] = ["computing_party", "result_party"]
    made["parties"][2]["party_roles"] = ["input_party", "computing_party"]
    assert codes(made) == ["analysis.base_computes"]


def test_keys_of_another_form_cannot_meet():
    made = document()
    made["inputs"][1]["columns"][0]["type"] = {"kind": "digits", "length": 8}
    assert codes(made) == ["analysis.key_types"]


def test_every_operator_of_every_kind_is_known():
    """Each kind takes each operator that the property tests draw for it; order is for whole numbers alone."""
    for kind, _values, operators in KINDS.values():
        for op in operators:
            value: Any = {"int": 1, "bool": True, "code": "Ede", "text": "x", "digits": "1"}[kind["kind"]]
            asked = [{"column": "c", "op": op, "value": [value] if op == "in" else value}]
            base = Listed({"place": GROUPS["place"][0], "c": kind}, [], conditions=asked, padding=1)
            assert codes(Question("alpha", {"alpha": base, "beta": debts([1])}, ["place"]).document()) == []


# --- what it tells ---


def test_leakage_names_the_matcher_of_each_join():
    spec = read_specification(document())
    leaks = analyses.get("grouped_counts").leakage(spec)
    sizes, *matches = leaks
    assert sizes.to_whom == ("alpha", "beta", "gamma")
    assert "alpha: 10, beta: 4, gamma: 6" in sizes.what.en
    assert [leak.to_whom for leak in matches] == [("gamma",), ("beta",)]
    assert ["beta" in matches[0].what.en, "gamma" in matches[1].what.en] == [True, True]
    assert all("epsilon 0.1" in leak.bound.en and "3 runs" in leak.bound.en for leak in matches)


def test_a_party_without_data_matches():
    two = {name: LISTS[name] for name in ("alpha", "gamma")}
    spec = Question("alpha", two, ["place"]).specification
    assert [leak.to_whom for leak in analyses.get("grouped_counts").leakage(spec)[1:]] == [("beta",)]


def test_columns_and_cells_are_in_declared_order():
    spec = read_specification(group("flag", {"kind": "bool"}))
    analysis = analyses.get("grouped_counts")
    assert [(column.name, column.measure) for column in analysis.columns(spec)] == [
        ("place", False), ("flag", False), ("count", True),
    ]  # fmt: skip
    assert analysis.cells(spec) == [("Ede", "false"), ("Ede", "true"), ("Urk", "false"), ("Urk", "true")]


def test_an_unknown_analysis_is_refused():
    with pytest.raises(Refused, match="not in the catalogue"):
        analyses.get("astrology")
