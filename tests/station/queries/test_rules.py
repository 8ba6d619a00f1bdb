"""Which second answer a station does not give: the rules against plain counting, and each rule by itself."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.analyses.own_rows import rows_that_count
from station.datasets import Rows
from station.queries.cutting import cut_reasons
from station.queries.people import People, people_of, smallest_part
from station.queries.rules import Answered, reasons
from station.queries.statistic import Statistic, boundaries, period_of, statistic_of
from tests.station.example import Agreed, read, specification

KEY = b"k" * 32
IDS = st.sets(st.integers(0, 30), max_size=30)


def people(ids, value=0) -> People:
    chosen = sorted(ids)
    rows = Rows([f"{number:03}" for number in chosen], {"amount": np.full(len(chosen), value, dtype=np.int64)})
    return people_of(rows, KEY)


def statistic(question="a", recipients=("kvk",), period=None, least=10) -> Statistic:
    return Statistic("register", question, frozenset(recipients), period, least, "Earlier", date(2026, 12, 31))


def codes(asked, group, *before):
    return [reason.code for reason in reasons(asked, group, before)]


@given(old=IDS, new=IDS, changed=IDS)
@settings(max_examples=60, deadline=None)
def test_apart_is_who_came_went_or_changed(old, new, changed):
    both = sorted(old & new)
    after = people_of(
        Rows([f"{n:03}" for n in sorted(new)], {"amount": np.array([int(n in changed) for n in sorted(new)])}),
        KEY,
    )  # fmt: skip
    assert after.apart(people(old)) == len(old ^ new) + sum(n in changed for n in both)


@given(groups=st.lists(IDS, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_smallest_part_is_that_of_a_venn_diagram(groups):
    parts: dict[tuple[bool, ...], int] = {}
    for number in set().union(*groups):
        pattern = tuple(number in group for group in groups)
        parts[pattern] = parts.get(pattern, 0) + 1
    assert smallest_part([people(group) for group in groups]) == min(parts.values(), default=0)


def test_only_rows_that_contribute_count_and_only_the_key_finds_them():
    rows = Rows(["001", "002", "003"], {"arrears": np.array([1, 0, 3])})
    some = people_of(rows_that_count(read(specification()), "belastingdienst", rows), KEY)
    assert len(some) == 2 and People.unpacked(some.packed()).apart(some) == 0
    assert not set(some.ids.tolist()) & set(people_of(rows, b"o" * 32).ids.tolist())
    assert b"001" not in some.packed()


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True), (9, True), (10, False), (25, False)])
def test_the_same_question_again_differs_by_nobody_or_by_many(more, refused):
    before = Answered(statistic(), "2026-01-05", people(range(100)))
    assert codes(statistic(), people(range(100 + more)), before) == ["query.few_changed"] * refused
    assert codes(statistic(), people(range(100 - more)), before) == ["query.few_changed"] * refused


def test_only_the_last_answer_of_the_same_question_is_compared():
    first, last = Answered(statistic(), "2026-01-05", people(range(100))), people(range(150))
    assert codes(statistic(), people(range(101)), Answered(statistic(), "2026-02-05", last), first) == []


def test_another_recipient_learns_no_difference():
    before = Answered(statistic(recipients=("cbs",)), "2026-01-05", people(range(100)))
    assert codes(statistic(), people(range(101)), before) == []
    assert codes(statistic(recipients=("kvk", "cbs")), people(range(101)), before) == ["query.few_changed"]


@pytest.mark.parametrize(("inside", "refused"), [(100, False), (99, True), (91, True), (90, False), (0, False)])
def test_two_questions_never_set_a_few_people_apart(inside, refused):
    """Everybody first, then those with more than so much: the difference is the others."""
    before = Answered(statistic("all"), "2026-01-05", people(range(100)))
    assert codes(statistic("some"), people(range(inside)), before) == ["query.small_part"] * refused


def test_three_questions_together_do_not_either():
    """Two halves that overlap in five people: each pair differs by many, but the five are known from the sum."""
    before = [Answered(statistic("all"), "1", people(range(100))), Answered(statistic("low"), "2", people(range(55)))]
    assert codes(statistic("high"), people(range(50, 100)), *before) == ["query.small_part"]


def test_inside_a_period_the_rows_stay_the_same():
    before = Answered(statistic(period="2026-03"), "2026-03-02", people(range(100)))
    many = people(range(200))
    assert codes(statistic(period="2026-03"), many, before) == ["query.period"]
    assert codes(statistic(period="2026-04"), many, before) == []
    assert codes(statistic(period="2026-03"), people(range(100)), before) == []


@pytest.mark.parametrize(
    ("recurrence", "day", "period"),
    [
        ("once", date(2026, 1, 1), None),
        ("weekly", date(2027, 1, 1), "2026-W53"),
        ("monthly", date(2026, 12, 31), "2026-12"),
        ("quarterly", date(2026, 3, 31), "2026-Q1"),
        ("quarterly", date(2026, 4, 1), "2026-Q2"),
    ],
)
def test_periods(recurrence, day, period):
    assert period_of(recurrence, day) == period


def test_the_same_question_in_another_contract_is_the_same_question():
    first, second = Agreed(), Agreed(changes={"serial": 2})
    entry = first.contract.specification.inputs_of("kvk")[0]
    day = date(2026, 1, 5)
    assert statistic_of(first.contract, entry, day) == statistic_of(second.contract, entry, day)
    other = Agreed(specification=specification(parameters=specification()["parameters"] | {"conditions": []}))
    assert statistic_of(other.contract, entry, day).sha256 != statistic_of(first.contract, entry, day).sha256


@pytest.mark.parametrize(
    ("op", "value", "cuts"),
    [
        ("gt", 0, {"0"}), ("ge", 1, {"0"}), ("lt", 5, {"4"}), ("le", 5, {"5"}),
        ("eq", 7, {"6", "7"}), ("in", [3, 5], {"2", "3", "4", "5"}),
    ],
)  # fmt: skip
def test_where_a_condition_cuts(op, value, cuts):
    condition = {"input": "belastingdienst", "column": "arrears", "op": op, "value": value}
    parameters = specification()["parameters"] | {"conditions": [condition]}
    contract = Agreed(specification=specification(parameters=parameters)).contract
    (entry,) = contract.specification.inputs_of("belastingdienst")
    assert boundaries(contract, entry) == {"arrears": cuts}


@pytest.mark.parametrize(
    ("cut", "known", "code"),
    [
        ("500", {"0"}, None),
        ("995", set(), "query.cut_small"),  # four people above it
        ("503", {"500"}, "query.cut_small"),  # three between two cuts
        ("=500", set(), "query.cut_small"),
        ("abc", set(), "query.cut_form"),
    ],
)
def test_a_new_cut_leaves_many_on_both_sides(cut, known, code):
    assert [reason.code for reason in cut_reasons(np.arange(1_000), cut, known, least=20)] == [code] * bool(code)


def test_a_text_stands_apart_when_many_have_it():
    texts = ["a"] * 30 + ["b"] * 3 + ["c"] * 30
    assert list(cut_reasons(texts, "=a", set(), least=20)) == []
    assert [r.code for r in cut_reasons(texts, "=b", set(), least=20)] == ["query.cut_small"]
    assert [r.code for r in cut_reasons(texts, "a", set(), least=20)] == ["query.cut_form"]
