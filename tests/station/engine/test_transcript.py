"""What each party receives, message by message: the tables of docs/protocols/, and nothing of a row in any of it."""

import re
import tempfile
from pathlib import Path

import numpy as np
import pytest

from station.alignment import field, tags
from station.alignment.keystream import Keystream
from station.alignment.noise import DUMMIES
from station.engine import mpc
from tests.station.engine.circles import Message, together
from tests.station.engine.questions import Listed, Question, debts, number, register

ROWS, PADDING, CELLS = 60, 5, 2
PROTOCOLS = Path(__file__).parents[3] / "docs/protocols"


def question(*, meeting: int = 40, givers: int = 3, reverse: bool = False) -> Question:
    """alpha asks; beta and gamma each know ``meeting`` of its 60 rows and 20 others."""
    base = register({"Ede": 40, "Urk": 20}, padding=PADDING)
    known = [*range(meeting), *range(1000, 1020)]
    base.rows, known = (base.rows[::-1], known[::-1]) if reverse else (base.rows, known)
    names = ("beta", "gamma")[: givers - 1]
    return Question(
        "alpha", {"alpha": base} | {name: debts(known, padding=80 - len(known)) for name in names}, ["place"]
    )


def transcript(asked: Question) -> list[Message]:
    seen: list[Message] = []
    with tempfile.TemporaryDirectory() as folder:
        assert asked.computed(Path(folder), watch=seen) == asked.plain(Path(folder))
    return seen


@pytest.fixture(scope="module")
def seen() -> list[Message]:
    return transcript(question())


def tag_lists(messages: list[Message], joined: str) -> dict[int, list[bytes]]:
    """By sender: the tags it sent for one join."""
    return {
        m.sender: [m.body[i : i + tags.WIDTH] for i in range(0, len(m.body), tags.WIDTH)]
        for m in messages
        if m.label == f"join/{joined}/tags"
    }


def sizes(messages: list[Message]) -> list[tuple[int, int, str, int]]:
    return sorted((m.sender, m.receiver, m.label, len(m.body)) for m in messages)


@pytest.mark.parametrize(("givers", "owners"), [(3, {"base": 1, "first": 2, "second": 3, "third": 3}),
                                                (2, {"base": 1, "first": 2, "third": 3})])  # fmt: skip
def test_the_messages_are_those_of_the_page(givers, owners):
    """docs/protocols/grouped_counts.md has a row ``| label | from | to |`` for every message, and no other."""
    text = (PROTOCOLS / "grouped_counts.md").read_text("utf-8").split(f"### {givers} lists")[1].split("###")[0]
    page = {
        (label, owners[sender], owners[receiver])
        for label, sender, receiver in re.findall(r"^\| `([a-z/]+)` \| (\w+) \| (\w+) \|", text, re.M)
    }
    names = {"beta": "first", "gamma": "second"}
    sent = {
        (re.sub("beta|gamma", lambda found: names[found[0]], re.sub(r"/\d+", "", m.label)), m.sender, m.receiver)
        for m in transcript(question(givers=givers))
        if not m.label.startswith("mpyc/")
    }
    assert sent == page


def test_the_matcher_gets_tags_and_every_list_in_its_full_size(seen):
    for joined, matcher, owner in (("beta", 3, 2), ("gamma", 2, 3)):
        received = [m for m in seen if m.receiver == matcher and m.label.startswith(f"join/{joined}/")]
        assert {(m.sender, m.label) for m in received } == {
            (1, f"join/{joined}/tags"), (owner, f"join/{joined}/tags"),
        }  # fmt: skip
        lists = tag_lists(seen, joined)
        assert len(lists[1]) == len(set(lists[1])) == ROWS + PADDING + CELLS + DUMMIES
        assert len(lists[owner]) == len(set(lists[owner])) == 80 + DUMMIES


def test_the_matcher_sees_matches_and_dummies_together(seen):
    """40 ids in common; what is seen is 40 and a number of common dummies that is not the same every time."""
    counts = {
        len(set.intersection(*map(set, tag_lists(messages, joined).values())))
        for messages in (seen, transcript(question()))
        for joined in ("beta", "gamma")
    }
    assert len(counts) > 1
    assert all(40 <= count <= 40 + DUMMIES for count in counts)


def test_tags_of_two_joins_and_two_runs_have_nothing_in_common(seen):
    lists = [
        set(sent)
        for messages in (seen, transcript(question()))
        for joined in ("beta", "gamma")
        for sent in [set.union(*map(set, tag_lists(messages, joined).values()))]
    ]
    for place, one in enumerate(lists):
        assert not any(one & other for other in lists[place + 1 :])


def test_tags_travel_in_an_order_of_their_own():
    """With the key that the matcher has not: where does each id stand? Not where its owner had it."""
    secrets: dict[int, bytes] = {}
    seen: list[Message] = []
    asked = question()
    with tempfile.TemporaryDirectory() as folder:
        play = asked.player(Path(folder))

        async def telling(trio):
            secrets.setdefault(trio.me, trio.secrets.get(2 if trio.me == 1 else 1, b""))
            return await play(trio)

        together(telling, watch=seen)
    assert secrets[1] == secrets[2]
    key = Keystream.labelled(secrets[1], "join/beta/key").take(32)
    for owner, ids in ((1, range(ROWS)), (2, range(40))):
        sent = tag_lists(seen, "beta")[owner]
        places = [sent.index(tags._tag(tags.hashlib.blake2b(key=key, digest_size=tags.WIDTH), number(n))) for n in ids]
        assert abs(np.corrcoef(places, range(len(places)))[0, 1]) < 0.65  # five deviations
        assert len(set(np.diff(places))) > len(places) / 2


def test_no_message_holds_an_id_or_a_key(seen):
    ids = [number(n).encode() for n in [*range(ROWS), *range(1000, 1020)]]
    for message in seen:
        assert not any(each in message.body for each in ids), message.label
        assert b"Ede" not in message.body
        assert b"Urk" not in message.body


def test_every_number_that_travels_is_masked(seen):
    """An unmasked bit, count or position of a zero row would be a small number; a masked one is one of 2^61."""
    shares = [m for m in seen if not m.label.startswith("mpyc/") and not m.label.endswith(("/tags", "/rest", "/small"))]
    kinds = {re.sub(r"/\d+", "", m.label).split("/")[-1] for m in shares}
    assert kinds == {"move", "hand", "enter", "multiply", "leave", "cells"}
    for message in shares:
        numbers = np.frombuffer(message.body, dtype="<u8")
        assert numbers.min() > 2**30, message.label
        assert np.unique(numbers).size == numbers.size, message.label


def test_the_third_party_cannot_add_up_what_it_gets_on_the_way_to_three_shares(seen):
    """Without their mask the two terms would give both shares, and so every row's bit."""
    for label, third in (("enter/1", 3), ("enter/2", 2)):
        terms = {m.sender: np.frombuffer(m.body, dtype="<u8") for m in seen if m.label == label}
        total = field.zeros(ROWS + PADDING + CELLS)
        for me, peer in (tuple(terms), tuple(terms)[::-1]):
            factor = pow(peer - third, -1, field.P) * peer  # from the term back to the sender's share
            total = field.add(total, field.multiply(terms[me], factor))
        assert not (total <= 1).any()


def test_positions_travel_as_chance(seen):
    """What a mapper sends is another injective list of positions each time, over the whole range."""
    again = transcript(question())
    for label in ("join/beta/move/rest", "join/gamma/move/rest"):
        first, second = (
            np.frombuffer(next(m.body for m in messages if m.label == label), dtype="<u4") for messages in (seen, again)
        )
        assert np.unique(first).size == first.size == ROWS + PADDING + CELLS + DUMMIES
        assert (first != second).mean() > 0.9
        total = first.size + 80 + DUMMIES
        assert abs(first.mean() / total - 0.5) < 0.1
        assert first.max() < total


@pytest.mark.parametrize("givers", [2, 3])
def test_messages_are_as_many_and_as_long_whatever_the_lists_hold(givers):
    """No overlap or all, few rows or many under the same padding: the same messages, to the byte."""
    none, most = (sizes(transcript(question(meeting=n, givers=givers))) for n in (0, 60))
    assert none == most
    short = question(givers=givers)
    short.lists["alpha"].rows, short.lists["alpha"].padding = short.lists["alpha"].rows[:3], PADDING + ROWS - 3
    assert sizes(transcript(short)) == none


def test_nothing_is_opened_but_masks(monkeypatch):
    """MPyC opens numbers while it compares: uniform ones, and a zero where a coin says so. None of them is a count."""
    opened: list[int] = []
    module = mpc.load()
    output = module.Runtime.output

    def watched(runtime, *arguments, **options):
        future = output(runtime, *arguments, **options)

        async def note():
            opened.extend(int(number) for number in np.asarray((await future).value).reshape(-1))
            return await future

        return module.asyncio.ensure_future(note())

    monkeypatch.setattr(module.Runtime, "output", watched)
    transcript(question())
    assert len(opened) >= 3 * 2 * CELLS
    assert not set(opened) & set(range(1, 2 * ROWS))


def test_input_in_another_order_gives_the_same_answer():
    asked = question(reverse=True)
    assert isinstance(asked.lists["alpha"], Listed)
    transcript(asked)
