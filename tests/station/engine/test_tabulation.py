"""Counting and adding up over two to eight lists equals plain Python: groups of joined lists, sums, one number."""

from __future__ import annotations

import pytest

from tests.station.engine.cases import Case, List, code, number
from tests.station.engine.circles import GIVERS, NAMES
from tests.station.engine.questions import number as key


def ids(numbers: range) -> List:
    return List({}, [[key(n)] for n in numbers])


def test_eight_lists_of_which_five_do_not_compute():
    """Every id that is a multiple of 2, 3 and 5 stands everywhere; groups come from a list that does not compute."""
    lists = {"beta": List({"place": code("Ede", "Urk")}, [[key(n), "Ede" if n < 60 else "Urk"] for n in range(120)])}
    steps = dict(zip((NAMES[0], NAMES[2], *GIVERS), (2, 3, 1, 1, 5, 1, 1), strict=True))
    lists |= {name: ids(range(0, 120, step)) for name, step in steps.items()}
    lists["delta"] = List({"kind": code("x", "y")}, [[key(n), "xy"[n % 60 == 0]] for n in range(120)])
    groups = [{"input": "delta", "column": "kind"}, {"input": "beta", "column": "place"}]
    case = Case("grouped_counts", {"base": "beta", "group_by": groups}, lists, k=2)
    assert case.table() == [["x", "Ede", None], ["x", "Urk", None], ["y", "Ede", None], ["y", "Urk", None]]
    lists["delta"].rows = [[key(n), "xy"[n % 60 == 30]] for n in range(120)]
    case.parameters["group_by"] = groups[:1]
    case.lists["beta"].columns, case.lists["beta"].rows = {}, [row[:1] for row in case.lists["beta"].rows]
    assert case.table() == [["x", 2], ["y", 2]]


def test_two_lists_of_which_one_does_not_compute():
    case = Case("intersection_size", {"base": "alpha"}, {"alpha": ids(range(9)), "delta": ids(range(3, 20))})
    assert case.table() == [[6]]


@pytest.mark.parametrize(("shared", "shown"), [(0, None), (2, None), (3, 3), (9, 9)])
def test_intersection_size(shared, shown):
    lists = {"gamma": ids(range(10)), "alpha": ids(range(10 - shared, 40))}
    assert Case("intersection_size", {"base": "gamma"}, lists, k=3).table() == [[shown]]


def test_both_sides_of_an_intersection():
    lists = {"gamma": ids(range(10)), "alpha": ids(range(8))}
    assert Case("intersection_size", {"base": "gamma"}, lists, k=3, two_sided=True).table() == [[None]]


def money(cents: dict[int, int]) -> List:
    return List({"cents": number(0, 2**30)}, [[key(n), amount] for n, amount in cents.items()])


@pytest.mark.parametrize(
    ("amounts", "cap", "shown"),
    [
        ([100, 100, 100], 150, 300),  # a half of 300 is as much as one can give
        ([100, 100, 99], 150, None),
        ([1000, 1, 1], 150, None),  # clipped: 152
        ([2**30] * 3, 2**30, 3 * 2**30),
        ([0, 0, 0], 1, None),
    ],
)
def test_a_sum_is_clipped_and_dominance_is_kept_out(amounts, cap, shown):
    lists = {"alpha": ids(range(3)), "beta": money(dict(enumerate(amounts)) | {9: 500})}
    parameters = {"base": "alpha", "sums": [{"input": "beta", "column": "cents", "cap": cap}]}
    assert Case("intersection_sum", parameters, lists).table() == [[3, shown]]


def test_sums_of_three_lists_per_group_and_of_the_base_itself():
    base = List({"own": number(0, 1000), "place": code("Ede", "Urk")},
                [[key(n), n, "Ede" if n % 2 else "Urk"] for n in range(20)])  # fmt: skip
    lists = {"gamma": base, "alpha": money({n: 10 * n for n in range(10)}), "eta": money(dict.fromkeys(range(20), 1))}
    lists["delta"], lists["epsilon"] = ids(range(15)), ids(range(1, 30))
    lists = {name: lists[name] for name in ("gamma", "alpha", "delta", "epsilon", "eta")}
    sums = [{"input": name, "column": column, "cap": 1000}
            for name, column in (("gamma", "own"), ("alpha", "cents"))]  # fmt: skip
    case = Case("grouped_counts", {
        "base": "gamma", "group_by": [{"input": "gamma", "column": "place"}], "sums": sums, "dominance_percent": 100,
    }, lists)  # fmt: skip
    assert case.table() == [["Ede", 5, None, None], ["Urk", 4, None, None]]
    for entry in sums:
        entry["cap"] = 20
    assert case.table() == [["Ede", 5, 25, 90], ["Urk", 4, 20, 80]]


def test_all_lists_optional_and_shares():
    """No list has to have a row: the rows that mark cells are not counted."""
    base = List({"place": code("Ede", "Urk", "Oss")}, [[key(n), "Ede" if n < 8 else "Urk"] for n in range(20)])
    derived = [{"kind": "present", "name": "known", "input": "beta"}, {"kind": "none", "name": "no", "of": ["known"]}]
    parameters = {"base": "alpha", "group_by": [{"input": "alpha", "column": "place"}], "optional": ["beta"],
                  "derived": derived, "shares": ["known", "no"]}  # fmt: skip
    case = Case("grouped_counts", parameters, {"alpha": base, "beta": ids(range(4, 40))})
    assert case.table() == [["Ede", 8, 4, 4], ["Urk", 12, 12, None], ["Oss", None, None, None]]


@pytest.mark.parametrize("base", [2, 5, 10])
def test_counts_are_rounded_inside(base):
    """Cells of 0 to 13 rows, k = 4: what is small stays out, what is shown is a multiple."""
    places = [f"p{size}" for size in range(14)]
    rows = [place for size, place in enumerate(places) for _ in range(size)]
    lists = {"beta": List({"place": code(*places)}, [[key(n), place] for n, place in enumerate(rows)]),
             "gamma": ids(range(len(rows)))}  # fmt: skip
    groups = {"base": "beta", "group_by": [{"input": "beta", "column": "place"}]}
    found = Case("grouped_counts", groups, lists, k=4, rounding=base).table()
    assert [count for _place, count in found] == [
        None if size < 4 else (size + base // 2) // base * base or None for size in range(14)
    ]
