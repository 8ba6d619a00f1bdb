"""Every analysis that aligns lists, on its engine, against plain Python, at the edges: one table, all together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from station.analyses import catalogue
from station.contract.contract import read_specification
from station.datasets import read_input
from station.engine.spu import installed
from station.reasons import Refused
from tests.station.engine.cases import Case, List, code, number
from tests.station.engine.circles import GIVERS, NAMES
from tests.station.engine.questions import TEXT

EDGE = 2**39
TEXT_KEY = {"kind": "text", "max_length": 20}
ODD = ["é漢", "Łódź", "😀", "'; --", "ß", "한글"]
Make = Callable[[dict[str, dict[str, int]]], Case]
"""From organisation -> id -> amount, the base list first, to a case of one analysis."""


def _lists(
    amounts: dict[str, dict[str, int]], more: dict[str, tuple[dict[str, object], str]] | None = None
) -> dict[str, List]:
    base = next(iter(amounts))
    lists = {name: List({"cents": number(0, EDGE)}, list(map(list, known.items())), padding=1)
             for name, known in amounts.items()}  # fmt: skip
    lists[base].columns = {**lists[base].columns, **(more or {})}
    return lists


def _grouped(amounts: dict[str, dict[str, int]]) -> Case:
    base, joined = next(iter(amounts)), list(amounts)[1]
    lists = _lists(amounts, {"place": code("Ede", "Urk")})
    lists[base].rows = [[*row, ("Ede", "Urk")[place % 2]] for place, row in enumerate(lists[base].rows)]
    terms = [{"input": base, "column": "cents"}, {"input": joined, "column": "cents", "factor": -1}]
    richer = {"kind": "compare", "name": "richer", "terms": terms, "op": "gt", "value": 0}
    return Case("grouped_counts", {
        "base": base, "group_by": [{"input": base, "column": "place"}], "derived": [richer], "shares": ["richer"],
    }, lists, key=TEXT_KEY)  # fmt: skip


def _size(amounts: dict[str, dict[str, int]]) -> Case:
    return Case("intersection_size", {"base": next(iter(amounts))}, _lists(amounts), key=TEXT_KEY)


def _sum(amounts: dict[str, dict[str, int]]) -> Case:
    base, joined = next(iter(amounts)), list(amounts)[1]
    sums = [{"input": joined, "column": "cents", "cap": EDGE}]
    return Case(
        "intersection_sum", {"base": base, "sums": sums, "dominance_percent": 100}, _lists(amounts), key=TEXT_KEY
    )


def _households(amounts: dict[str, dict[str, int]]) -> Case:
    base = next(iter(amounts))
    more = {"home": ({"kind": "text"}, "record"), "kind": code("single", "couple")}
    lists = _lists(amounts, more)
    lists[base].rows = [[*row, f"home {place // 2}", "couple"] for place, row in enumerate(lists[base].rows)]
    checker = next(name for name in NAMES if name != base)
    output = {"name": "found", "kind": "record_list", "title": TEXT, "recipients": [base], "checker": checker,
              "shown_on_platform": False, "use": TEXT}  # fmt: skip
    columns = {"household": "home", "household_kind": "kind", "own_amount": "cents"}
    parameters = {
        "base": base, **{name: {"input": base, "column": column} for name, column in columns.items()},
        "others": [{"input": name, "column": "cents"} for name in list(amounts)[1:]],
        "norms": [{"category": "single", "amount": 0}, {"category": "couple", "amount": 100}],
        "households": len(lists[base].rows), "most_selected": 1000,
    }  # fmt: skip
    keep = [{"artefact": TEXT, "holder": base, "days": 1}]
    return Case("household_threshold", parameters, lists, key=TEXT_KEY, outputs=[output], retention=keep)


def _regression(amounts: dict[str, dict[str, int]]) -> Case:
    base, joined = next(iter(amounts)), list(amounts)[1]
    lists = _lists(amounts, {"age": number(18, 99)})
    lists[base].rows = [[*row, 20 + 7 * place % 60] for place, row in enumerate(lists[base].rows)]
    for name in lists:
        lists[name].columns["cents"] = number(-5, 100)
        lists[name].rows = [[row[0], min(int(str(row[1])), 100) - place % 3 * 20 * (name == joined), *row[2:]]
                            for place, row in enumerate(lists[name].rows)]  # fmt: skip
    parameters = {
        "base": base, "outcome": {"input": joined, "column": "cents"},
        "predictors": [{"input": base, "column": "age"}], "rows_per_coefficient": 3, "decimals": 1,
    }  # fmt: skip
    return Case("regression", parameters, lists, key=TEXT_KEY)


def _survival(amounts: dict[str, dict[str, int]]) -> Case:
    """Amounts are the months; longer than the last one counts as followed to the end."""
    base, joined = list(amounts)[:2]
    lists = {name: List({}, [[key] for key in known], padding=1) for name, known in amounts.items()}
    lists[base].columns = {"months": ({"kind": "int", "minimum": 0}, "measure"), "died": ({"kind": "bool"}, "measure")}
    lists[base].rows = [[key, months, place % 3 > 0] for place, (key, months) in enumerate(amounts[base].items())]
    lists[joined].columns = {"arm": code("old", "new")}
    lists[joined].rows = [[key, ("old", "new")[place // 2 % 2]] for place, key in enumerate(amounts[joined])]
    parameters = {
        "time": {"input": base, "column": "months"}, "event": {"input": base, "column": "died"},
        "group": {"input": joined, "column": "arm"}, "interval": 20, "horizon": 80, "min_events": 1,
    }  # fmt: skip
    return Case("survival", parameters, lists, key=TEXT_KEY)


MAKERS: dict[str, Make] = {
    "grouped_counts": _grouped, "intersection_size": _size, "intersection_sum": _sum,
    "household_threshold": _households, "regression": _regression, "survival": _survival,
}  # fmt: skip


def _known(numbers: Iterator[int] | range | list[int], amount: int = 60) -> dict[str, int]:
    return {f"{ODD[n % len(ODD)]} {n}": amount for n in numbers}


EDGES: dict[str, dict[str, dict[str, int]]] = {
    "no overlap": {"beta": _known(range(6)), "alpha": _known(range(10, 16))},
    "full overlap": {"beta": _known(range(6)), "gamma": _known(range(6))},
    "one row": {"gamma": _known([0]), "alpha": _known([0])},
    "extreme values": {"alpha": _known(range(4), EDGE) | _known(range(4, 8), 0), "beta": _known(range(8), EDGE)},
    "all small": {"alpha": _known(range(2)), "beta": _known(range(1, 30))},
}
EIGHT = {
    name: _known(range(place, 12 + place), 10)
    for place, name in enumerate(("beta", "alpha", "gamma", *GIVERS))
}  # fmt: skip


SPU = [pytest.mark.slow, pytest.mark.skipif(installed.python() is None, reason="bin/setup --engine spu")]
PAIRS = [
    pytest.param(analysis, engine, marks=SPU if engine == "spu" else (), id=f"{analysis}-{engine}")
    for analysis in MAKERS
    for engine in catalogue()[analysis].engines
]
"""Every analysis on every engine that it knows; spu where it is installed, with bin/test --slow."""


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(("analysis", "engine"), PAIRS)
def test_equals_plain_at_the_edges(analysis, engine, edge):
    case = MAKERS[analysis](EDGES[edge])
    case.engine = engine
    case.check()


@pytest.mark.slow
@pytest.mark.parametrize(("analysis", "engine"), PAIRS)
@pytest.mark.parametrize("two_sided", [False, True])
def test_equals_plain_with_eight_parties(analysis, engine, two_sided):
    case = MAKERS[analysis](EIGHT)
    case.engine = engine
    if analysis == "survival":  # it is about two lists, and says so
        refused = catalogue()[analysis].check(read_specification(case.document()))
        assert "survival.two_lists" in {reason.code for reason in refused}
        return
    case.two_sided = two_sided
    case.check()


@pytest.mark.parametrize("analysis", MAKERS)
def test_an_id_that_stands_twice_is_refused(analysis, tmp_path):
    case = MAKERS[analysis](EDGES["full overlap"])
    rows = case.lists["gamma"].rows
    case.lists["gamma"].rows = [*rows, rows[0]]
    entry, file = case.specification.inputs[1], case.write(tmp_path)["gamma"]
    with pytest.raises(Refused) as refused:
        read_input({"path": str(file), "format": "csv"}, entry)
    assert [reason.code for reason in refused.value.reasons] == ["dataset.duplicate_ids"]


@pytest.mark.parametrize("analysis", MAKERS)
def test_it_tells_what_it_does_learns_and_costs(analysis):
    """What forms, DPIA, contract and the page before a run need of every analysis."""
    case = MAKERS[analysis](EDGES["full overlap"])
    spec, known = case.specification, catalogue()[analysis]
    leaks, estimate = known.leakage(spec), known.estimate(spec)
    assert {who for leak in leaks for who in leak.to_whom} <= {party.organisation for party in spec.parties}
    assert any("share" in leak.what.en for leak in leaks)
    assert estimate is not None
    assert estimate.seconds >= 1
    assert estimate.megabytes >= 1
    for text in (known.title, known.summary, known.assumptions):
        assert text.nl
        assert text.en
    assert len(known.columns(spec, spec.outputs[0])) == len(known.columns(spec))
