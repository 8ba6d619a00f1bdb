"""Vectors shared by two of three parties, and how they travel. Each function is run by all three at the same time.

A vector v is *shared* by two holders when their elements add up to v modulo P and each alone is uniform. A party that
is no holder passes and gets None. Two things happen to a shared vector: one holder **hands** its share to the third
party, and a **mapper** who is a holder **moves** elements without the others learning from where to where
(oblivious switching among three parties, ePrint 2019/518, in its simplest form).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.alignment.keystream import Keystream, Positions, inverse

Share = Elements | None
POINTS = (1, 2, 3)
AT_ZERO = {1: 3, 2: -3, 3: 1}  # Lagrange coefficients at 0 for the points 1, 2, 3


class Trio(Protocol):
    """The three computing parties as one of them (``me``, a point) sees them."""

    me: int

    def stream(self, peer: int, label: str) -> Keystream:
        """Randomness that only ``me`` and ``peer`` have; each label once."""

    def send(self, peer: int, label: str, message: bytes) -> None: ...

    async def receive(self, peer: int, label: str) -> bytes: ...

    def misfit(self, peer: int) -> Exception:
        """What to raise when ``peer`` sent something that does not fit."""


def other(*points: int) -> int:
    """The third point."""
    return sum(POINTS) - sum(points)


async def received(trio: Trio, peer: int, label: str, size: int) -> Elements:
    """``size`` elements from ``peer``, who is named when they are not that."""
    message = await trio.receive(peer, label)
    try:
        return field.from_bytes(message, size)
    except ValueError as error:
        raise trio.misfit(peer) from error


def freshen(trio: Trio, share: Share, holders: tuple[int, int], label: str) -> Share:
    """New randomness for the same vector, known to its two holders only."""
    if trio.me not in holders or share is None:
        return share
    mask = trio.stream(other(trio.me, other(*holders)), label).elements(share.size).reshape(share.shape)
    return field.add(share, mask) if trio.me == min(holders) else field.subtract(share, mask)


def shape(size: int, width: int) -> tuple[int, ...]:
    """Of a vector; or, with a width, of as many rows of so many columns each."""
    return (size, width) if width else (size,)


async def hand(trio: Trio, share: Share, *, giver: int, taker: int, label: str, size: int, width: int = 0) -> Share:
    """The giver's share goes to the taker. Fresh randomness before, so that the taker cannot combine it with what it
    knew, and after, so that the giver no longer knows the taker's share. One message of ``size`` elements (or rows).
    """
    keeper = other(giver, taker)
    share = freshen(trio, share, (keeper, giver), f"{label}/before")
    if trio.me == giver:
        trio.send(taker, label, field.to_bytes(_own(share)))
        share = None
    elif trio.me == taker:
        share = (await received(trio, giver, label, size * max(width, 1))).reshape(shape(size, width))
    return freshen(trio, share, (keeper, taker), f"{label}/after")


async def move(
    trio: Trio, share: Share, sigma: Positions | None, *, mapper: int, giver: int, label: str, size: int, moved: int,
    width: int = 0,
) -> Share:  # fmt: skip
    """v[sigma] from v (``size`` elements or rows, shared by mapper and giver), shared by mapper and the third party.

    ``sigma`` (``moved`` distinct positions) is known to the mapper alone. It is split in two: a random order that
    mapper and giver apply, and what then is missing, which mapper and taker apply. The giver sees only the first (pure
    chance), the taker only the second (uniform, because the first is).
    """
    taker = other(mapper, giver)
    if share is not None:
        first = trio.stream(other(trio.me, taker), f"{label}/order").permutation(size)
        share = share[first]
    share = await hand(trio, share, giver=giver, taker=taker, label=label, size=size, width=width)
    if trio.me == mapper:
        if sigma is None or np.unique(sigma).size != moved:
            raise ValueError("a map that is not injective would tell the taker more than chance")
        second = inverse(first)[sigma]
        trio.send(taker, f"{label}/rest", second.astype("<u4").tobytes())
    elif trio.me == taker:
        second = await _positions(trio, mapper, f"{label}/rest", moved, size)
    return None if share is None else share[second]


async def enter(trio: Trio, share: Share, *, holders: tuple[int, int], label: str, size: int) -> Elements:
    """From a vector shared by two to Shamir shares of all three (degree 1, points 1, 2, 3), by one message each.

    The holders' shares fix the line; the third party's point on it is a sum of two terms, one from each holder, which
    travel under a mask that the holders share.
    """
    share = freshen(trio, share, holders, f"{label}/fresh")
    third = other(*holders)
    if trio.me == third:
        first, second = [await received(trio, holder, label, size) for holder in holders]
        return field.add(first, second)
    peer = other(trio.me, third)
    # f(me) = share * (peer - me) / peer, so that Lagrange at 0 adds the two shares up
    point = field.multiply(_own(share), (peer - trio.me) * pow(peer, -1, field.P))
    term = field.multiply(point, (peer - third) * pow(peer - trio.me, -1, field.P))
    trio.send(third, label, field.to_bytes(_own(freshen(trio, term, holders, f"{label}/mask"))))
    return point


async def product(trio: Trio, a: Elements, b: Elements, *, holders: tuple[int, int], label: str) -> Share:
    """The product of two vectors in Shamir shares, shared by two holders."""
    return await between(trio, field.multiply(a, b), holders=holders, label=label)


async def between(trio: Trio, a: Elements, *, holders: tuple[int, int], label: str) -> Share:
    """A vector in Shamir shares, of degree 1 or 2, shared by two holders: a fresh sharing of zero, one message."""
    terms = field.multiply(a, AT_ZERO[trio.me])
    after, before = trio.me % 3 + 1, (trio.me + 1) % 3 + 1
    terms = field.add(terms, trio.stream(after, f"{label}/zero/{trio.me}").elements(a.size))
    terms = field.subtract(terms, trio.stream(before, f"{label}/zero/{before}").elements(a.size))
    third, taker = other(*holders), holders[1]
    if trio.me == third:
        trio.send(taker, label, field.to_bytes(terms))
        return None
    if trio.me == taker:
        terms = field.add(terms, await received(trio, third, label, a.size))
    return freshen(trio, terms, holders, f"{label}/after")


async def _positions(trio: Trio, mapper: int, label: str, moved: int, size: int) -> Positions:
    raw = await trio.receive(mapper, label)
    if len(raw) != 4 * moved:
        raise trio.misfit(mapper)
    positions = np.frombuffer(raw, dtype="<u4").astype(np.int64)
    if moved and positions.max() >= size:
        raise trio.misfit(mapper)
    return positions


def _own(share: Share) -> Elements:
    """A holder's share, for the type checker: it is there."""
    if share is None:
        raise TypeError("this party holds no share")
    return share
