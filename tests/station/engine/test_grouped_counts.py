"""Grouped counts on shares equal plain Python over the same files: three parties in one process."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.station.engine.circles import NAMES
from tests.station.engine.questions import ARREARS, NINE_DIGITS, Listed, Question, debts, number, questions, register


def counted(question: Question) -> dict[str, int | None]:
    """The engine's table, which is the plain one, as cell -> count."""
    with tempfile.TemporaryDirectory() as folder:
        computed = question.computed(Path(folder))
        assert computed == question.plain(Path(folder))
    return {"/".join(map(str, row[:-1])): row[-1] for row in computed["rows"]}


@settings(deadline=None, max_examples=25)
@given(questions())
def test_equals_plain(question):
    counted(question)


@pytest.mark.parametrize("base", NAMES)
@pytest.mark.parametrize("givers", [2, 3])
def test_every_party_can_own_the_base_list(base, givers):
    others = [name for name in NAMES if name != base][: givers - 1]
    lists = {base: register({"Ede": 5, "Urk": 5})} | {name: debts(range(2, 8)) for name in others}
    assert counted(Question(base, lists, ["place"])) == {"Ede": 3, "Urk": 3}


def test_without_overlap_nothing_is_shown():
    lists = {"beta": register({"Ede": 5}), "alpha": debts(range(100, 110)), "gamma": debts(range(200, 210))}
    assert counted(Question("beta", lists, ["place"], two_sided=False)) == {"Ede": None}


def test_full_overlap():
    lists = {"beta": register({"Ede": 5, "Urk": 6}), "alpha": debts(range(11)), "gamma": debts(range(11))}
    assert counted(Question("beta", lists, ["place"], two_sided=False)) == {"Ede": 5, "Urk": 6}
    assert counted(Question("beta", lists, ["place"], two_sided=True)) == {"Ede": None, "Urk": None}


@pytest.mark.parametrize("k", [2, 10_000])
def test_one_row(k):
    lists = {"gamma": register({"Ede": 1}), "alpha": debts([0])}
    assert counted(Question("gamma", lists, ["place"], k=k, two_sided=False)) == {"Ede": None}


def test_all_cells_small():
    lists = {"alpha": register({f"place {n}": 4 for n in range(6)}), "beta": debts(range(0, 24, 2))}
    assert set(counted(Question("alpha", lists, ["place"], k=3)).values()) == {None}


@pytest.mark.parametrize("two_sided", [True, False])
def test_threshold_to_the_row(two_sided):
    """k = 3: cells with 2, 3, 4 of 6 rows and 3 of 5, and a cell without rows."""
    sizes = {"two": 6, "three": 6, "four": 6, "rest of two": 5, "none": 0}
    meeting = [0, 1, *(6, 7, 8), *(12, 13, 14, 15), *(18, 19, 20)]
    lists = {"alpha": register(sizes), "gamma": debts(meeting)}
    shown = {"two": None, "three": 3, "four": None if two_sided else 4, "none": None}
    shown["rest of two"] = None if two_sided else 3
    assert counted(Question("alpha", lists, ["place"], k=3, two_sided=two_sided)) == shown


@pytest.mark.parametrize("op", ["eq", "ne", "gt", "ge", "lt", "le"])
def test_extreme_values_at_every_party(op):
    """The largest and smallest numbers a station reads, compared with each other, also at the base itself."""
    edges = [-(2**62), -1, 0, 1, 2**62]
    cents = [edges[n % 5] for n in range(25)]
    condition = [{"column": "cents", "op": op, "value": edges[-1] if op in ("lt", "ne") else 0}]
    base = Listed(
        ARREARS | {"place": {"kind": "code", "values": ["Ede"]}},
        [[number(n), c, "Ede"] for n, c in enumerate(cents)], conditions=condition,
    )  # fmt: skip
    other = Listed(ARREARS, [[number(n), c] for n, c in enumerate(cents)], conditions=condition)
    lists = {"beta": base, "alpha": other, "gamma": other}
    expected = sum({"eq": c == 0, "ne": c != 2**62, "gt": c > 0, "ge": c >= 0, "lt": c < 2**62, "le": c <= 0}[op]
                   for c in cents)  # fmt: skip
    assert counted(Question("beta", lists, ["place"], two_sided=False)) == {"Ede": expected}


def test_keys_meet_in_their_normal_form():
    """A letter with its accent apart, and hexadecimal in capitals: the same id (plain Python does not know that)."""
    apart, composed = "e\u0301", "\u00e9"
    base = Listed({"flag": {"kind": "bool"}}, [[f"{apart}{n}", "true"] for n in range(4)])
    other = Listed({}, [[f"{composed}{n}"] for n in range(3)])
    text = Question("beta", {"beta": base, "gamma": other}, ["flag"], two_sided=False, key={"kind": "text"})
    base = Listed({"flag": {"kind": "bool"}}, [[f"AB{n}F", "true"] for n in range(4)])
    other = Listed({}, [[f"ab{n}f"] for n in range(3)])
    lists = {"beta": base, "gamma": other}
    capitals = Question("beta", lists, ["flag"], two_sided=False, key={"kind": "hex", "length": 4})
    with tempfile.TemporaryDirectory() as folder:
        for question in (text, capitals):
            assert question.computed(Path(folder))["rows"] == [["false", None], ["true", 3]]


def test_a_list_too_long_for_our_own_field():
    """From 262,144 rows on MPyC takes a larger prime of its own."""
    base = register({"Ede": 6, "Urk": 3}, padding=300_000)
    assert counted(Question("beta", {"beta": base, "gamma": debts(range(7))}, ["place"], two_sided=False)) == {
        "Ede": 6, "Urk": None,
    }  # fmt: skip


def test_more_cells_than_are_compared_at_once():
    """521 cells, in the order of the range, each with its own number of rows."""
    low, high = -260, 260
    rows = [[number(n), low + n % 521] for n in range(1200)]
    base = Listed({"age": {"kind": "int", "minimum": low, "maximum": high}}, rows, padding=50)
    question = Question(
        "gamma", {"gamma": base, "beta": debts(range(1150), padding=7)}, ["age"], two_sided=False, key=NINE_DIGITS
    )
    found = counted(question)
    assert len(found) == 521
    assert {found[str(low)], found[str(low + 157)], found[str(high)]} == {2, 3}
