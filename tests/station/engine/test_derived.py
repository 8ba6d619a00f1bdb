"""Derived columns on shares equal plain Python: every kind, within one list and across lists, with rows missing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.analyses import derived as deriving
from station.analyses.grouped_counts.analysis import ANALYSIS
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from tests.station.engine.cases import Case, List, code, number
from tests.station.engine.questions import number as key

EDGE = 2**20
NAMES = ("alpha", "beta", "delta")


def _lists(rows: dict[str, list[tuple[int, int, str]]]) -> dict[str, List]:
    columns = {"cents": number(-EDGE, EDGE), "kind": code("a", "b", use="condition")}
    lists = {
        name: List(columns, [[key(n), cents, kind] for n, cents, kind in sorted(given)], padding=1)
        for name, given in rows.items()
    }
    lists["alpha"].columns = {**columns, "place": code("Ede", "Urk")}
    lists["alpha"].rows = [[*row, ("Ede", "Urk")[place % 2]] for place, row in enumerate(lists["alpha"].rows)]
    return lists


def _case(rows: dict[str, list[tuple[int, int, str]]], derived: list[dict[str, Any]], **parameters: Any) -> Case:
    """Everything but the base list may be missing; every bit is counted, every band is a group."""
    bits = [one["name"] for one in derived if one["kind"] != "bands"][-6:]
    bands = [one["name"] for one in derived if one["kind"] == "bands"][:2]
    given = {
        "base": "alpha", "group_by": [{"input": "alpha", "column": "place"}], "derived": derived, "shares": bits,
        "bands": bands, "optional": ["beta", "delta"], **parameters,
    }  # fmt: skip
    return Case("grouped_counts", given, _lists(rows))


_CENTS = st.one_of(st.integers(-3, 3), st.sampled_from([-EDGE, EDGE]))
_ROWS = st.lists(st.tuples(st.integers(0, 12), _CENTS, st.sampled_from("ab")), min_size=1, max_size=10,
                 unique_by=lambda row: row[0])  # fmt: skip
_TERMS = st.lists(
    st.builds(lambda name, factor: {"input": name, "column": "cents", "factor": factor},
              st.sampled_from(NAMES), st.sampled_from([-3, -1, 1, 2, 1000])),
    min_size=1, max_size=4,
)  # fmt: skip


@st.composite
def _derived(draw: st.DrawFn) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"kind": "present", "name": "b0", "input": draw(st.sampled_from(NAMES))},
        {"kind": "condition", "name": "b1", "input": draw(st.sampled_from(NAMES)), "column": "kind", "op": "eq",
         "value": draw(st.sampled_from("ab"))},
        {"kind": "compare", "name": "b2", "terms": draw(_TERMS), "op": draw(st.sampled_from(["gt", "ge", "lt", "le"])),
         "value": draw(_CENTS)},
        {"kind": "bands", "name": "band", "terms": draw(_TERMS),
         "bounds": sorted(draw(st.sets(_CENTS, min_size=1, max_size=2)))},
    ]  # fmt: skip
    for place, kind in enumerate(draw(st.lists(st.sampled_from(["all", "any", "none", "at_least"]), max_size=2))):
        of = draw(st.lists(st.sampled_from(["b0", "b1", "b2"]), min_size=1, max_size=3))
        more = {"number": draw(st.integers(1, 3))} if kind == "at_least" else {}
        found.append({"kind": kind, "name": f"l{place}", "of": of, **more})
    return found


@settings(deadline=None, max_examples=6)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, _ROWS)), _derived())
def test_equals_plain(rows, derived):
    _case(rows, derived).check()


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, _ROWS)), _derived(), st.booleans())
def test_equals_plain_for_many(rows, derived, kept):
    _case(rows, derived, where=["b0"] if kept else []).check()


def test_a_sum_across_lists_at_its_very_edge():
    """The largest and smallest sums, one above, on and one below the constant; a missing row counts as 0."""
    rows = {"alpha": [(n, EDGE - 2 + n % 3, "a") for n in range(6)], "beta": [(n, 1 - EDGE, "a") for n in range(4)],
            "delta": [(5, EDGE, "b")]}  # fmt: skip
    terms = [{"input": name, "column": "cents"} for name in NAMES]
    derived = [{"kind": "compare", "name": op, "terms": terms, "op": op, "value": 0} for op in ("gt", "ge", "lt", "le")]
    found = _case(rows, derived).check()["table"]
    assert len(found) == 2 * 5


# --- what is wrong ---


@pytest.mark.parametrize(
    ("derived", "code_"),
    [
        ({"kind": "all", "name": "x", "of": ["later"]}, "derived.unknown"),
        ({"kind": "present", "name": "x", "input": "omega"}, "specification.unknown_input"),
        ({"kind": "bands", "name": "x", "terms": [{"input": "beta", "column": "cents"}], "bounds": [3, 3]},
         "derived.bounds"),
        ({"kind": "compare", "name": "x", "terms": [{"input": "beta", "column": "cents", "factor": 2**40}], "op": "gt",
          "value": 1}, "derived.too_large"),
        ({"kind": "compare", "name": "x", "terms": [{"input": "beta", "column": "kind"}], "op": "gt", "value": 1},
         "specification.column_use"),
        ({"kind": "condition", "name": "x", "input": "beta", "column": "kind", "op": "eq", "value": "c"},
         "specification.condition_category"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(derived, code_):
    made = _case({name: [(1, 1, "a")] for name in NAMES}, []).document()
    made["parameters"]["derived"] = [derived]
    found = specification_reasons(read_specification(made))
    assert code_ in [reason.code for reason in found]
    assert not any("?" in reason.text("nl") + reason.text("en") for reason in found)


def test_what_it_costs_is_only_what_crosses_lists():
    rows = {name: [(1, 1, "a")] for name in NAMES}
    within = {"kind": "compare", "name": "x", "terms": [{"input": "beta", "column": "cents"}], "op": "gt", "value": 1}
    across = {**within, "terms": [*within["terms"], {"input": "delta", "column": "cents"}]}
    costs = []
    for one in (within, across):
        spec = _case(rows, [one]).specification
        costs.append(deriving.comparisons(spec, ANALYSIS.tabulation(spec).derived))
    assert costs == [0, 23]
