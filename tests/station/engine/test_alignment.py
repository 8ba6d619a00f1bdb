"""Alignment against plain Python, by three parties over loopback TLS."""

import asyncio
import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.alignment import field, tags
from station.alignment.join import Join, join
from station.alignment.keystream import Keystream
from station.alignment.sharing import enter, hand, move, other, product
from tests.station.engine.circles import together

ELEMENTS = st.integers(0, field.P - 1)
EDGES = [0, 1, 2**30, 2**31 - 1, 2**31, field.P - 2, field.P - 1]


async def step(_phase: str) -> None:
    return None


def opened(shares: dict) -> list[int]:
    held = [share for share in shares.values() if share is not None]
    assert len(held) == 2
    return field.add(*held).tolist()


@given(st.lists(st.tuples(ELEMENTS, ELEMENTS), min_size=1))
def test_field_is_plain_arithmetic(pairs):
    pairs += list(itertools.product(EDGES, EDGES))
    a, b = (np.array(side, dtype=np.uint64) for side in zip(*pairs, strict=True))
    assert field.multiply(a, b).tolist() == [x * y % field.P for x, y in pairs]
    assert field.add(a, b).tolist() == [(x + y) % field.P for x, y in pairs]
    assert field.subtract(a, b).tolist() == [(x - y) % field.P for x, y in pairs]
    assert field.running_sum(a).tolist() == [t % field.P for t in itertools.accumulate(x for x, _ in pairs)]
    assert field.differences(field.running_sum(a)).tolist() == a.tolist()


@given(st.lists(st.integers(1, field.P - 1), min_size=1))
def test_inverse_roots_of_squares(numbers):
    squares = np.array([n * n % field.P for n in numbers], dtype=np.uint64)
    signs = field.multiply(field.inverse_root(squares), np.array(numbers, dtype=np.uint64))
    assert set(signs.tolist()) <= {1, field.P - 1}


def test_field_refuses_what_is_no_element():
    with pytest.raises(ValueError, match="outside"):
        field.from_bytes(field.P.to_bytes(8, "little"), 1)
    with pytest.raises(ValueError, match="length"):
        field.from_bytes(bytes(8), 2)


def test_streams_repeat_and_stay_inside():
    one, same = (Keystream.labelled(b"k" * 32, "x") for _ in "ab")
    assert one.elements(1000).tolist() == same.elements(1000).tolist()
    assert sorted(one.permutation(50).tolist()) == list(range(50))
    assert {one.below(5) for _ in range(200)} == set(range(5))
    assert Keystream.labelled(b"k" * 32, "y").take(16) != Keystream.labelled(b"k" * 32, "x").take(16)


@pytest.mark.parametrize(("mapper", "giver"), [*itertools.permutations((1, 2, 3), 2)])
def test_hand_move_enter_and_product(mapper, giver):
    taker = other(mapper, giver)
    values = [5, field.P - 1, 0, 7, 123456789012345]
    sigma = np.array([4, 0, 2])

    async def play(trio):
        start = {mapper: field.zeros(5), giver: np.array(values, dtype=np.uint64)}.get(trio.me)
        moved = await move(
            trio, start, sigma if trio.me == mapper else None, mapper=mapper, giver=giver, label="m", size=5, moved=3
        )
        back = await hand(trio, moved, giver=mapper, taker=giver, label="h", size=3)
        a = await enter(trio, back, holders=(taker, giver), label="a", size=3)
        holders = (mapper, giver)
        again = {mapper: np.array([1, 1, 1], np.uint64), giver: np.array([2, 0, 5], np.uint64)}.get(trio.me)
        b = await enter(trio, again, holders=holders, label="b", size=3)
        return moved, back, await product(trio, a, b, holders=holders, label="p")

    got = together(play)
    expected = [values[i] for i in sigma]
    assert opened({point: result[0] for point, result in got.items()}) == expected
    assert opened({point: result[1] for point, result in got.items()}) == expected
    assert opened({point: result[2] for point, result in got.items()}) == [
        x * y % field.P for x, y in zip(expected, (3, 1, 6), strict=True)
    ]


IDS = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=12)


@settings(deadline=None, max_examples=15)
@given(
    base=IDS,
    joined=st.dictionaries(st.text(min_size=1, max_size=6), ELEMENTS, max_size=12),
    shared=st.integers(0, 12),
    points=st.permutations((1, 2, 3)),
)
def test_join_is_a_left_join(base, joined, shared, points):
    joined |= {name: len(name) + 1 for name in base[:shared]}
    plan = Join("j", points[0], points[1], base_rows=len(base) + 3, joined_rows=len(joined) + 2)

    async def play(trio):
        if trio.me == plan.base:
            return await join(trio, plan, step, ids=[None, *base])
        if trio.me == plan.joined:
            values = np.array(list(joined.values()), dtype=np.uint64)
            return await join(trio, plan, step, ids=list(joined), values=values)
        return await join(trio, plan, step)

    got = together(play)
    assert got[plan.matcher] is None
    assert opened(got) == [0, *(joined.get(name, 0) for name in base), 0, 0]


TAG = st.integers(0, 5).map(lambda n: bytes(8) + n.to_bytes(8, "little")) | st.binary(min_size=16, max_size=16)


@given(st.lists(TAG, unique=True), st.lists(TAG, min_size=1, unique=True))
def test_match_finds_each_tag_or_gives_it_a_place_of_its_own(base, joined):
    """Also when only the second half of two tags differs."""
    found = tags.match(b"".join(base), b"".join(joined)).tolist()
    assert found == [joined.index(tag) if tag in joined else len(joined) + place for place, tag in enumerate(base)]


def test_a_matching_tag_that_stands_twice_is_refused():
    one, other = bytes(16), bytes(15) + b"x"
    with pytest.raises(ValueError, match="twice"):
        tags.match(one + other + one, one)
    assert tags.match(one + other + one, other).tolist() == [1, 0, 3]


@given(st.lists(st.text(max_size=8), unique=True), st.binary(min_size=32, max_size=32))
def test_tags_are_a_keyed_hash_and_padding_is_chance(ids, key):
    made, again = (asyncio.run(tags.tags(key, [*ids, None])) for _ in "ab")
    assert len(made) == tags.WIDTH * (len(ids) + 1)
    assert made[: -tags.WIDTH] == again[: -tags.WIDTH]
    assert made[-tags.WIDTH :] != again[-tags.WIDTH :]
    for place, text in enumerate(ids):
        expected = hashlib.blake2b(text.encode(), key=key, digest_size=tags.WIDTH).digest()
        assert made[place * tags.WIDTH : (place + 1) * tags.WIDTH] == expected


def test_whoever_takes_a_product_cannot_find_its_factors():
    """Two bits have four possibilities. With its own points the taker could try them all, were the term not masked."""
    bits, holders, seen = [0, 1, 1, 0], (1, 2), []

    async def play(trio):
        held = {1: np.zeros(4, np.uint64), 2: np.array(bits, np.uint64)}.get(trio.me)
        points = [await enter(trio, held, holders=holders, label=label, size=4) for label in "ab"]
        return points, await product(trio, *points, holders=holders, label="p")

    got = together(play, watch=seen)
    assert opened({point: result[1] for point, result in got.items()}) == bits
    sent = np.frombuffer(next(m.body for m in seen if m.label == "p"), dtype="<u8").tolist()
    taker = next(m.receiver for m in seen if m.label == "p")
    half = pow(taker, -1, field.P)
    for term, a, b in zip(sent, *(points.tolist() for points in got[taker][0]), strict=True):
        for first, second in itertools.product((0, 1), repeat=2):  # guess both bits: that fixes both lines
            third = [(bit + 3 * (point - bit) * half) % field.P for point, bit in ((a, first), (b, second))]
            assert term != third[0] * third[1] % field.P
