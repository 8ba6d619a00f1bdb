"""Membership equals plain Python; the bodies see blinded points and shares, the asker outputs, and nobody an id."""

import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo import plain
from station import analyses
from station.alignment import oprf
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from tests.station.engine.cases import Case, List
from tests.station.engine.circles import GIVERS, NAMES, Message
from tests.station.engine.questions import TEXT, number

PAGE = Path(__file__).parents[3] / "docs/protocols/membership.md"
REQUEST = {"request": ({"kind": "text"}, "record")}


def case(asked: list[int], *known: list[int], padding: int = 2, **more: object) -> Case:
    """The first party asks; the others, computing ones first, each know some."""
    base, *others = [*NAMES, *GIVERS]
    lists = {base: List(REQUEST, [[number(n), f"request {n}"] for n in asked], padding)}
    lists |= {name: List({}, [[number(n)] for n in ids], padding) for name, ids in zip(others, known, strict=False)}
    outputs = [
        {"name": name, "kind": kind, "title": TEXT, "recipients": [base], "checker": "beta",
         "shown_on_platform": kind != "record_list", "use": TEXT}
        for name, kind in (("routing", "record_list"), ("table", "aggregate_table"))
    ]  # fmt: skip
    parameters = {
        "base": base, "record": {"input": base, "column": "request"}, "requests": len(asked) + padding,
    }  # fmt: skip
    kept = [{"artefact": TEXT, "holder": base, "days": 30}]
    return Case("membership", parameters, lists, outputs=outputs, retention=kept, **more)


def records(asked: Case) -> list[str]:
    spec = asked.specification
    values, base = asked.check()["routing"], next(iter(asked.lists.values()))
    return analyses.get("membership").records(spec, spec.outputs[0], values, [str(row[1]) for row in base.rows])


def transcript(asked: Case) -> list[Message]:
    seen: list[Message] = []
    asked.check(watch=seen)
    return seen


IDS = st.lists(st.integers(0, 30), min_size=1, max_size=12, unique=True)


@settings(deadline=None, max_examples=6)
@given(IDS, st.lists(IDS, min_size=1, max_size=4), st.booleans())
def test_equals_plain(asked, known, two_sided):
    case(asked, *known, two_sided=two_sided).check()


def test_what_is_found_is_named_by_request_and_body():
    assert records(case([1, 2, 3], [2, 9], [2, 3], [1])) == [
        "request 1 delta", "request 2 beta", "request 2 gamma", "request 3 gamma",
    ]  # fmt: skip


def test_small_numbers_do_not_come_out():
    """Ten requests, of which seven stand with one body, two with both and one with none: at k = 3 only seven."""
    asked = case(list(range(10)), list(range(9)), [7, 8], k=3)
    assert asked.check()["table"] == [0, 7, 0]
    asked.two_sided = True
    assert asked.check()["table"] == [0, 7, 0]


@pytest.fixture(scope="module")
def seen() -> list[Message]:
    return transcript(case([1, 2, 3], [2, 9], [2, 3], [1]))


def test_bodies_get_blinded_points_and_shares_alone(seen):
    assert {(m.sender, m.receiver, m.label) for m in seen} == {
        *((1, p, f"{name}/asked") for p, name in ((2, "beta"), (3, "gamma"), (4, "delta"))),
        *((p, 1, f"{name}/{what}") for p, name in ((2, "beta"), (3, "gamma"), (4, "delta"))
          for what in ("set", "answered")),
        (1, 2, "found"), (1, 3, "found"),
    }  # fmt: skip
    for message in seen:
        if message.label == "found":
            assert np.frombuffer(message.body, dtype="<u8").min() > 2**30
        assert not any(number(n).encode() in message.body for n in range(10)), message.label


def test_the_messages_are_those_of_the_page(seen):
    page = set(re.findall(r"^\| `([a-z/]+)` \| (?:asker|body) \|", PAGE.read_text("utf-8"), re.M))
    assert {re.sub("^(beta|gamma|delta)", "body", message.label) for message in seen} == page


def test_nothing_repeats_between_bodies_and_runs(seen):
    """Another key and another blind for every body in every run: no point and no output occurs twice."""
    pieces: list[bytes] = []
    for message in [*seen, *transcript(case([1, 2, 3], [2, 9], [2, 3], [1]))]:
        if message.label != "found":
            width = oprf.OUTPUT if message.label.endswith("/set") else oprf.POINT
            pieces += oprf.split(message.body, width)
    assert len(pieces) == len(set(pieces))


def test_messages_are_as_many_and_as_long_whatever_is_found(seen):
    def sizes(messages: list[Message]) -> list[tuple[int, int, str, int]]:
        return sorted((m.sender, m.receiver, m.label, len(m.body)) for m in messages)

    nothing = case([11, 12, 13], [2, 9], [2, 3], [1])
    assert sizes(transcript(nothing)) == sizes(seen)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"requests": 9}, "membership.requests"),
        ({"base": "beta"}, "membership.record"),
        ({"record": {"input": "alpha", "column": "id"}}, "specification.column_use"),
        ({"record": {"input": "alpha", "column": "colour"}}, "specification.unknown_column"),
        ({"surprise": 1}, "specification.parameter"),
    ],
)
def test_wrong_parameters_get_a_reason(changes, code):
    made = case([1], [2], [3]).document()
    made["parameters"] |= changes
    found = [reason.code for reason in specification_reasons(read_specification(made))]
    assert code in found


def test_the_list_goes_to_the_asker_and_is_not_rounded():
    made = case([1], [2], [3]).document()
    made["parties"][1]["party_roles"].append("result_party")
    made["outputs"][0] |= {"recipients": ["beta"], "checker": "gamma"}
    made["retention"][0]["holder"] = "beta"
    made["disclosure"]["rounding_base"] = 5
    found = [reason.code for reason in specification_reasons(read_specification(made))]
    assert {"membership.recipient", "membership.rounding"} <= set(found)


@pytest.mark.slow
def test_a_batch_of_the_stated_size():
    asked = case(list(range(500)), *(list(range(start, start + 50_000)) for start in (100, 300, 499)), padding=0)
    with tempfile.TemporaryDirectory() as folder:
        files = asked.write(Path(folder))
        assert asked.computed(files) == plain.values(asked.specification, files)
