"""A specification of survival: what is right, what is wrong and why; and curves and test against published numbers."""

from typing import Any

import pytest

from station import analyses
from station.agent import outputs
from station.analyses.survival import curves
from station.analyses.survival.grid import Step
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from tests.station.engine.questions import number
from tests.station.engine.survivals import Followed

# Weeks in remission of 42 children with leukaemia (Freireich and others, Blood 21, 1963), as textbooks give them; a
# plus is a child still in remission when last seen.
WEEKS = {
    "A": "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+",
    "B": "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
}


def followed(**changes: Any) -> Followed:
    times = [[number(n), n, "true"] for n in range(5)]
    return Followed(times, [[number(n), "AB"[n % 2]] for n in range(4)], **changes)


def document(**parameters: Any) -> dict[str, Any]:
    made = followed().document()
    made["parameters"] |= parameters
    return made


def codes(made: dict[str, Any]) -> list[str]:
    found = specification_reasons(read_specification(made))
    assert all("?" not in reason.text("nl") + reason.text("en") for reason in found)
    return [reason.code for reason in found]


@pytest.mark.parametrize("knows", ["times", "others"])
def test_a_group_at_either_list_is_right(knows):
    rows = [[number(n), n, "true", *(["A"] if knows == "times" else [])] for n in range(5)]
    others = [[number(n), *(["A"] if knows == "others" else [])] for n in range(5)]
    assert codes(Followed(rows, others, knows).document()) == []


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"surprise": 1}, ["specification.parameter"]),
        ({"interval": 0}, ["specification.parameter"]),
        ({"interval": 5, "horizon": 12}, ["survival.grid"]),
        ({"interval": 1, "horizon": 61}, ["survival.grid"]),
        ({"time": {"input": "alpha", "column": "colour"}}, ["specification.unknown_column"]),
        ({"time": {"input": "alpha", "column": "event"}}, ["survival.time_type"]),
        ({"event": {"input": "alpha", "column": "time"}}, ["survival.event_type"]),
        ({"event": {"input": "beta", "column": "arm"}}, ["survival.one_list", "survival.event_type"]),
        ({"group": {"input": "alpha", "column": "time"}}, ["survival.group_type"]),
        ({"group": {"input": "alpha", "column": "id"}}, ["survival.group_type"]),
    ],
)
def test_wrong_parameters_get_a_reason(parameters, expected):
    assert codes(document(**parameters)) == expected


@pytest.mark.parametrize("kind", [{"kind": "int"}, {"kind": "int", "minimum": -1}, {"kind": "text"}])
def test_a_time_is_a_whole_number_that_is_declared_to_begin_at_zero(kind):
    made = document()
    made["inputs"][0]["columns"][1]["type"] = kind
    assert codes(made) == ["survival.time_type"]


def test_two_groups_no_more_and_no_fewer():
    for values in (["A"], ["A", "B", "C"]):
        assert codes(followed(groups={"kind": "code", "values": values}).document()) == ["survival.group_type"]
    assert codes(followed(groups={"kind": "bool"}).document()) == []


def test_a_group_column_cannot_be_called_like_a_column_of_the_result():
    made = document(group={"input": "beta", "column": "events"})
    made["inputs"][1]["columns"][1]["name"] = "events"
    assert codes(made) == ["survival.group_name"]


def test_lists_owners_keys_and_rounding():
    made = document()
    made["inputs"].append(made["inputs"][1] | {"id": "more"})
    assert codes(made) == ["survival.two_lists"]
    made = document()
    made["inputs"][0]["padded_rows"] = 100_001
    made["inputs"][1]["columns"][0]["type"] = {"kind": "digits", "length": 8}
    assert codes(made) == ["survival.rows", "survival.key_types"]
    made = document()
    made["disclosure"]["rounding_base"] = 5
    assert codes(made) == ["survival.rounding"]
    made = document()
    made["parties"].append(made["parties"][2] | {"organisation": "delta", "party_roles": ["computing_party"]})
    made["parties"][1]["party_roles"] = ["input_party"]
    assert codes(made) == ["survival.giver_computes"]


def test_who_learns_what():
    spec = followed().specification
    sizes, matched, output = analyses.get("survival").leakage(spec)
    assert sizes.to_whom == ("alpha", "beta", "gamma")
    assert matched.to_whom == ("gamma",)
    assert "epsilon 0.1" in matched.bound.en
    assert output.to_whom == ("gamma", "alpha")


# --- from counts to curves ---


def remissions() -> list[Step]:
    """Week by week, as long as both groups have somebody at risk."""
    seen = {arm: [(int(word.rstrip("+")), "+" not in word) for word in text.split()] for arm, text in WEEKS.items()}
    steps = []
    for week in range(24):
        at_risk = tuple(sum(left >= week for left, _event in arm) for arm in seen.values())
        events = tuple(sum(left == week and event for left, event in arm) for arm in seen.values())
        steps.append(Step(week, week + 1, at_risk, events))
    return steps


def test_the_curve_that_was_published():
    """Survival with log-log limits, as published for the weeks in which somebody fell ill again."""
    rows = curves.curve_rows(["A", "B"], remissions(), 24)
    assert [row[1:] for row in rows if row[0] == "A" and row[4]] == [
        [6, 7, 21, 3, "0.8571", "0.6197", "0.9516"],
        [7, 8, 17, 1, "0.8067", "0.5631", "0.9228"],
        [10, 11, 15, 1, "0.7529", "0.5032", "0.8894"],
        [13, 14, 12, 1, "0.6902", "0.4316", "0.8491"],
        [16, 17, 11, 1, "0.6275", "0.3675", "0.8049"],
        [22, 23, 7, 1, "0.5378", "0.2678", "0.7468"],
        [23, 24, 6, 1, "0.4482", "0.1881", "0.6801"],
    ]


def test_the_test_that_was_published():
    assert curves.log_rank_rows(["A", "B"], remissions()) == [
        ["observed A", 9], ["expected A", "19.2505"], ["observed B", 21], ["expected B", "10.7495"],
        ["chi_squared", "16.7929"], ["degrees_of_freedom", 1], ["p_value", "< 0.0001"],
    ]  # fmt: skip


@pytest.mark.parametrize(("chi_squared", "p"), [(0, 1.0), (2.705543, 0.1), (3.841459, 0.05), (6.634897, 0.01)])
def test_the_table_of_chi_squared(chi_squared, p):
    assert float(curves.p_value(curves.Decimal(chi_squared))) == pytest.approx(p, abs=1e-4)


def test_a_table_below_its_thresholds_or_beyond_its_lists_is_found():
    spec = followed(k=3, min_events=2).specification

    def found(at_risk: int, events: int) -> list[str]:
        made = {"rows": [["A", 0, 3, at_risk, events, "0.5000", None, None], ["B", 0, 12, *[None] * 5]]}
        return [reason.code for reason in outputs.test_reasons(spec, spec.outputs[0], made)]

    assert found(4, 2) == []
    assert found(2, 2) == ["output.below_threshold"]
    assert found(4, 1) == ["output.below_threshold"]
    assert found(4, 5) == ["output.impossible"]
    assert found(5, 2) == ["output.impossible"]
    assert list(outputs.test_reasons(spec, spec.outputs[1], {"rows": [["p_value", "0.0100"]]})) == []
