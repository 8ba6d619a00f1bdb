"""Survival on shares equals plain Python over the same files: three parties in one process, and as three processes."""

import asyncio
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from bench import engines
from station.alignment.noise import DUMMIES
from tests.station.engine.circles import NAMES, Message
from tests.station.engine.questions import number
from tests.station.engine.survivals import Followed, Tables, followed

PAGE = Path(__file__).parents[3] / "docs/protocols/survival.md"


def computed(question: Followed) -> Tables:
    """The engine's tables, which are the plain ones."""
    with tempfile.TemporaryDirectory() as folder:
        found = question.computed(Path(folder))
        assert found == question.plain(Path(folder))
    return found


def group(size: int, time: int, *, arm: str, start: int = 0, event: bool = True) -> list[list[object]]:
    """So many people of one group with one time: id, time, event, group."""
    return [[number(start + n), time, str(event).lower(), arm] for n in range(size)]


def both(*rows: list[list[object]], **options) -> Followed:
    everybody = [row for part in rows for row in part]
    others = [[row[0]] for row in everybody]
    return Followed(everybody, others, "times", **options)


@settings(deadline=None, max_examples=8)
@given(followed())
def test_equals_plain(question):
    computed(question)


def test_who_does_not_meet_a_condition_does_not_count():
    rows = [group(9, 0, arm=arm, start=50 * (arm == "B")) for arm in "AB"]
    rows += [group(9, 3, arm=arm, start=200 + 50 * (arm == "B")) for arm in "AB"]
    rows += [group(9, 12, arm=arm, start=400 + 50 * (arm == "B"), event=False) for arm in "AB"]
    late = {"input": "alpha", "column": "time", "op": "gt", "value": 0}
    at_risk = [row[3] for row in computed(both(*rows))["curves"]["rows"]]
    assert max(filter(None, at_risk)) == 27
    at_risk = [row[3] for row in computed(both(*rows, conditions=[late]))["curves"]["rows"]]
    assert max(filter(None, at_risk)) == 18


def test_too_few_events_are_merged_with_what_follows():
    rows = [group(20, 0, arm="A", start=0, event=False)]
    for place, size in enumerate([2, 2, 5, 1]):
        rows += [group(size, 3 * place, arm=arm, start=100 * (place + 1) + 50 * (arm == "B")) for arm in "AB"]
    rows += [group(9, 12, arm=arm, start=1000 + 50 * (arm == "B"), event=False) for arm in "AB"]
    shown = computed(both(*rows, min_events=3))["curves"]["rows"]
    assert [row[:5] for row in shown] == [
        ["A", 0, 6, 39, 4], ["A", 6, 9, 15, 5], ["A", 9, 12, None, None],
        ["B", 0, 6, 19, 4], ["B", 6, 9, 15, 5], ["B", 9, 12, None, None],
    ]  # fmt: skip


@pytest.mark.parametrize(("two_sided", "until"), [(False, 9), (True, 6)])
def test_the_curve_ends_where_too_few_are_left(two_sided, until):
    """Nine people, three go in each interval: at k = 3 all three intervals have enough at their start, and only two
    have enough who get through."""
    rows = [group(3, 3 * place, arm=arm, start=10 * place + 100 * (arm == "B")) for place in range(3) for arm in "AB"]
    found = computed(both(*rows, k=3, two_sided=two_sided, min_events=3, horizon=12))["curves"]
    assert max(row[2] for row in found["rows"] if row[3] is not None) == until
    assert found["suppressed"] == 2


def test_survival_of_nobody_has_no_limits():
    rows = [group(5, 0, arm=arm, start=10 * (arm == "B")) for arm in "AB"]
    found = computed(both(*rows, two_sided=False))
    assert found["curves"]["rows"][0] == ["A", 0, 3, 5, 5, "0.0000", None, None]
    assert found["test"]["rows"][-1] == ["p_value", None]


@pytest.mark.parametrize("knows", ["times", "others"])
@pytest.mark.parametrize("owners", [("alpha", "beta"), ("gamma", "alpha"), ("beta", "gamma")])
def test_every_party_can_own_either_list(owners, knows):
    times = [[number(n), n % 13, "true" if n % 3 else "false"] for n in range(40)]
    arms = [["A", "B"][n % 2] for n in range(45)]
    if knows == "times":
        question = Followed([[*row, arm] for row, arm in zip(times, arms, strict=False)],
                            [[number(n)] for n in range(5, 45)], knows, owners)  # fmt: skip
    else:
        question = Followed(times, [[number(n), arms[n]] for n in range(5, 45)], knows, owners)
    assert any(row[3] is not None for row in computed(question)["curves"]["rows"])


def test_without_overlap_nothing_is_shown():
    times = [[number(n), 1, "true"] for n in range(9)]
    found = computed(Followed(times, [[number(n), "A"] for n in range(100, 109)]))
    assert found["curves"]["rows"] == [[arm, 0, 12, *[None] * 5] for arm in "AB"]
    assert found["curves"]["suppressed"] == 2


def test_one_row():
    assert computed(Followed([[number(1), 0, "true"]], [[number(1), "A"]]))["curves"]["suppressed"] == 2


def test_real_engines_give_the_plain_curves(tmp_path):
    times = [[number(n), n % 25, "true" if n % 3 else "false"] for n in range(300)]
    others = [[number(n), "AB"[n % 7 > 2]] for n in range(50, 350)]
    question = Followed(times, others, horizon=24, k=10, min_events=3, padding=(10, 20))
    three = asyncio.run(engines.compute(question.specification, question.write(tmp_path)))
    assert three.table() == question.plain(tmp_path)["curves"]
    assert len(three.table()["rows"]) > 8


# --- what travels ---


def transcript(*, meeting: int, knows: str = "others") -> list[Message]:
    """alpha knows the times of 60 people, beta the groups of ``meeting`` of them and of others."""
    times = [[number(n), n % 12, "true"] for n in range(60)]
    known = [*range(meeting), *range(1000, 1080 - meeting)]
    others = [[number(n), "AB"[n % 2]] for n in known]
    if knows == "times":
        times, others = [[*row, "AB"[n % 2]] for n, row in enumerate(times)], [[row[0]] for row in others]
    seen: list[Message] = []
    with tempfile.TemporaryDirectory() as folder:
        Followed(times, others, knows, padding=(3, 2)).computed(Path(folder), watch=seen)
    return seen


def test_the_messages_are_those_of_the_page():
    owners = {"times": 1, "other": 2, "third": 3}
    rows = re.findall(r"^\| `([a-z/]+)` \| (\w+) \| (\w+) \|", PAGE.read_text("utf-8"), re.M)
    page = {(label, owners[sender], owners[receiver]) for label, sender, receiver in rows}
    sent = {(m.label.replace("beta", "other"), m.sender, m.receiver) for m in transcript(meeting=40)}
    assert {row for row in sent if not row[0].startswith("mpyc/")} == page


@pytest.mark.parametrize("knows", ["times", "others"])
def test_messages_are_as_many_and_as_long_whatever_the_lists_hold(knows):
    """Nobody meets or all do, everything is merged or nothing: the same messages, to the byte."""
    none, most = (
        sorted((m.sender, m.receiver, m.label, len(m.body)) for m in transcript(meeting=n, knows=knows))
        for n in (0, 60)
    )
    assert none == most


def test_the_third_party_sees_tags_once_each_and_no_more_matches_than_people():
    """Everybody stands in the first list once per group, and meets at most once."""
    seen = transcript(meeting=40)
    lists = [m.body for m in seen if m.label.endswith("/tags")]
    tags = [[body[place : place + 16] for place in range(0, len(body), 16)] for body in lists]
    assert all(len(set(each)) == len(each) for each in tags)
    assert 40 <= len(set.intersection(*map(set, tags))) <= 40 + DUMMIES


def test_no_message_holds_an_id_and_every_number_is_masked():
    for message in transcript(meeting=40):
        assert not any(number(n).encode() in message.body for n in range(60)), message.label
        if not message.label.startswith("mpyc/") and not message.label.endswith(("/tags", "/rest")):
            numbers = np.frombuffer(message.body, dtype="<u8")
            assert numbers.min() > 2**30, message.label
    assert NAMES == ("alpha", "beta", "gamma")
