"""Households below a norm on shares equal plain Python: up to three people, rows missing elsewhere, extreme amounts."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from station.analyses import get
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from tests.station.engine.cases import Case, List, code, number
from tests.station.engine.questions import TEXT
from tests.station.engine.questions import number as key

MOST = 2**20
BASE_COLUMNS = {
    "household": ({"kind": "text"}, "record"), "kind": code("single", "couple"), "pension": number(-5, MOST),
    "has": ({"kind": "bool"}, "condition"),
}  # fmt: skip
NORMS = [{"category": "single", "amount": 100}, {"category": "couple", "amount": 150}]
SELECTED = {"name": "selected", "kind": "record_list", "title": TEXT, "recipients": ["beta"], "checker": "alpha",
            "shown_on_platform": False, "use": TEXT}  # fmt: skip
COUNTS = {**SELECTED, "name": "statistics", "kind": "aggregate_table", "recipients": ["beta", "alpha"]}


def case(people: list[list[object]], incomes: dict[str, dict[int, int]], **more: Any) -> Case:
    """``people``: [number, household, kind, pension, has]; the base list is beta's."""
    lists = {"beta": List(BASE_COLUMNS, [[key(int(str(row[0]))), *row[1:]] for row in people], padding=1)}
    lists |= {
        name: List({"income": number(0, MOST)}, [[key(n), cents] for n, cents in known.items()], padding=2)
        for name, known in incomes.items()
    }
    parameters = {
        "base": "beta", "household": {"input": "beta", "column": "household"},
        "household_kind": {"input": "beta", "column": "kind"}, "own_amount": {"input": "beta", "column": "pension"},
        "others": [{"input": name, "column": "income"} for name in incomes], "norms": NORMS, "persons": 3,
        "conditions": [{"input": "beta", "column": "has", "op": "eq", "value": False}],
        "households": len({row[1] for row in people}) + 1, "most_selected": 1000,
    }  # fmt: skip
    keep = {"artefact": TEXT, "holder": "beta", "days": 30}
    return Case("household_threshold", parameters, lists, outputs=[SELECTED, COUNTS], retention=[keep], **more)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    amounts = st.one_of(st.integers(0, 160), st.sampled_from([0, 99, 100, 101, MOST]))
    people: list[list[object]] = []
    for household in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(["single", "couple"]))
        for _ in range(draw(st.integers(1, 3))):
            people.append(
                [len(people), f"h{household}", kind, draw(amounts), draw(st.sampled_from([False, False, True]))]
            )
    people = draw(st.permutations(people))
    known = st.dictionaries(st.integers(0, 24), amounts, min_size=1, max_size=12)
    incomes = {name: draw(known) for name in ("gamma", "delta")[: draw(st.integers(1, 2))]}
    return case(people, incomes, two_sided=draw(st.booleans()))


@settings(deadline=None, max_examples=4)
@given(cases())
def test_equals_plain(made):
    made.check()


def test_who_is_found_and_what_the_checker_sees():
    people = [[1, "a", "single", 60, False], [2, "b", "single", 60, False], [3, "c", "couple", 70, False],
              [4, "c", "couple", 70, False], [5, "d", "single", 0, True], [6, "e", "single", 99, False]]  # fmt: skip
    made = case(people, {"gamma": {1: 39, 2: 40, 3: 9, 7: 5}})
    found, spec, analysis = made.check(), made.specification, get("household_threshold")
    output = spec.outputs[0]
    assert analysis.records(spec, output, found["selected"], list("abcde")) == ["a", "c", "e"]
    seen = found["selected"][: analysis.checked_size(spec, output)]
    table = analysis.table(spec, output, seen)
    assert table["rows"] == [["single", 2], ["couple", None]]
    assert found["statistics"] == seen
    made.parameters["most_selected"] = 1
    assert [reason.code for reason in analysis.objections(made.specification, output, table)] == [
        "household.most_selected"
    ]


def test_what_is_wrong_is_told():
    made = case([[1, "a", "single", 60, False]], {"gamma": {1: 1}}).document()
    made["parameters"]["norms"] = NORMS[:1]
    made["parameters"]["own_amount"] = {"input": "gamma", "column": "income"}
    made["parameters"]["household"] = {"input": "beta", "column": "kind"}
    made["parameters"]["conditions"][0] |= {"input": "gamma", "column": "income", "value": 3}
    made["outputs"][0]["recipients"], made["retention"][0]["holder"] = ["alpha"], "alpha"
    made["parties"][0]["party_roles"].append("result_party")
    reasons = specification_reasons(read_specification(made))
    assert {reason.code for reason in reasons} == {
        "household.condition", "specification.column_use", "household.column", "household.norms", "household.recipient",
    }  # fmt: skip
    assert not any("?" in reason.text("nl") + reason.text("en") for reason in reasons)
