"""Vectors of whole numbers in Shamir shares of the three, modulo P, and what all programs do with them.

Everything is done in numpy, a whole vector at a time; MPyC gets what is left at the end of a program. Every party runs
the same calls in the same order, so a counter is label enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from station.alignment import field
from station.alignment.field import Elements, P
from station.alignment.sharing import Share, between, enter, freshen, product
from station.engine import compare, mpc
from station.engine.compare import Numbers
from station.engine.program import Setting

_AGAIN, _WELL = b"\x01", b"\x00"


class Vectors:
    """The three computing parties at work on vectors. A party that only gives data never has one of these.

    ``holders``: the two who hold what is shared by two on the way; by convention the owner of the base list first.
    """

    def __init__(self, setting: Setting, holders: tuple[int, int]) -> None:
        self.setting, self.circle, self.holders = setting, setting.circle, holders
        self.runtime = mpc.runtime(setting.circle)
        self._count = 0

    def label(self, what: str) -> str:
        self._count += 1
        return f"{what}/{self._count}"

    # Between two holders and all three

    async def enter(self, share: Share, holders: tuple[int, int], shape: tuple[int, ...]) -> Elements:
        """From a vector (or table) shared by two to all three."""
        flat = None if share is None else share.reshape(-1)
        size = int(np.prod(shape))
        return (await enter(self.circle, flat, holders=holders, label=self.label("enter"), size=size)).reshape(shape)

    async def own(self, owner: int, values: Elements | None, shape: tuple[int, ...]) -> Elements:
        """What one of the three knows by itself."""
        holders = (owner, next(point for point in (*self.holders, 1, 2, 3) if point != owner))
        share = None if self.circle.me not in holders else field.zeros(shape)
        if self.circle.me == owner and values is not None:
            share = values
        return await self.enter(share, holders, shape)

    async def leave(self, a: Elements, holders: tuple[int, int]) -> Share:
        """From all three to two holders."""
        share = await between(self.circle, a.reshape(-1), holders=holders, label=self.label("leave"))
        return None if share is None else share.reshape(a.shape)

    # Arithmetic

    async def multiply(self, a: Elements, b: Elements) -> Elements:
        a, b = np.broadcast_arrays(a, b)
        share = await product(self.circle, a.ravel(), b.ravel(), holders=self.holders, label=self.label("multiply"))
        return await self.enter(share, self.holders, a.shape)

    async def all_of(self, bits: Sequence[Elements]) -> Elements:
        found = bits[0]
        for bit in bits[1:]:
            found = await self.multiply(found, bit)
        return found

    async def none_of(self, bits: Sequence[Elements]) -> Elements:
        return await self.all_of([opposite(bit) for bit in bits])

    # Comparing

    async def at_least(self, a: Elements, limit: int, low: int, high: int) -> Elements:
        """Bits: a >= limit, for a vector of numbers that all lie from ``low`` to ``high``."""
        if limit <= low or limit > high:
            return constant(a.shape, int(limit <= low))
        most = max(abs(low - limit), abs(high - limit))
        share = await self.leave(field.subtract(a, constant(a.shape, limit % P)), self.holders)
        mine = await self.whole(share, self.holders, most)
        sign = await compare.sign(self.circle, mine, self.holders, a.size, most.bit_length() + 1, self.label("sign"))
        first, second = [
            await self.own(holder, sign if self.circle.me == holder else None, a.shape) for holder in self.holders
        ]
        both = await self.multiply(first, second)
        return opposite(field.subtract(field.add(first, second), field.multiply(both, 2)))

    async def rounded(self, a: Elements, base: int, most: int) -> Elements:
        """To the nearest multiple of ``base``, numbers from 0 to ``most``.

        What is left of a sum is what is left of its two parts, one of which each holder has, less ``base`` when that
        is too much.
        """
        mine = await self.whole(await self.leave(a, self.holders), self.holders, most)
        left = None if mine is None else field.elements(mine % base)
        first, second = [
            await self.own(holder, left if self.circle.me == holder else None, a.shape) for holder in self.holders
        ]
        both = field.add(first, second)
        too_much = await self.at_least(both, base, 0, 2 * base)
        both = field.subtract(both, field.multiply(too_much, base))
        up = await self.at_least(both, (base + 1) // 2, 0, base)
        return field.add(field.subtract(a, both), field.multiply(up, base))

    async def lifted(self, number: Any, share: Share, holders: tuple[int, int], size: int, most: int) -> Any:
        """A vector that two holders share modulo P, for MPyC, a slice at a time: (start, end) -> secure array.
        ``most``: of absolute values."""
        mine = await self.whole(share, holders, most)
        whole = np.zeros(size, dtype=object) if mine is None else mine.astype(object)

        def part(start: int, end: int) -> Any:
            senders = [holders[0] - 1, holders[1] - 1]
            first, second = self.runtime.input(number.array(whole[start:end]), senders=senders)
            return first + second

        return part

    async def lifted_whole(self, number: Any, share: Share, holders: tuple[int, int], size: int) -> Any:
        """As ``lifted``, all at once, for numbers of any size below P: whether the two shares add up to the number or
        to P more is compared on shares, so that not even a bound of a large number can show."""
        share = freshen(self.circle, share, holders, self.label("lift"))
        first = share is not None and self.circle.me == holders[0]
        mine = None if share is None else share.astype(np.int64) - np.int64(P if first else 0)
        label = self.label("lift")
        below = await compare.sign(self.circle, mine, holders, size, P.bit_length() + 1, label)
        whole, sign = np.zeros(size, dtype=object), np.zeros(size, dtype=object)
        if mine is not None and below is not None:
            whole, sign = mine.astype(object), below.astype(object)
        senders = [holders[0] - 1, holders[1] - 1]
        one, other = self.runtime.input(number.array(whole), senders=senders)
        here, there = self.runtime.input(number.array(sign), senders=senders)
        return one + other + (here + there - 2 * here * there) * P

    async def whole(self, share: Share, holders: tuple[int, int], most: int) -> Numbers | None:
        """Two whole numbers that add up to v, from shares modulo P of v.

        As whole numbers the shares add up to v or to v + P. The first holder sees to the latter: when one of its
        numbers is too small for that, which has nothing to do with v, both draw new ones.
        """
        label, circle = self.label("whole"), self.circle
        if circle.me not in holders or share is None:
            return None
        if circle.me == holders[0]:
            share = field.add(share, constant(share.shape, most % P))
        for attempt in range(100):
            share = freshen(circle, share, holders, f"{label}/{attempt}")
            if share is None:
                raise TypeError("a holder has a share")
            if circle.me == holders[0]:
                small = bool(share.size) and int(share.min()) <= 2 * most
                circle.send(holders[1], f"{label}/{attempt}/small", _AGAIN if small else _WELL)
            else:
                small = await circle.receive(holders[0], f"{label}/{attempt}/small") == _AGAIN
            if not small:
                return share.astype(np.int64) - np.int64(most if circle.me == holders[0] else P)
        raise AssertionError("no fresh share is large enough")


def constant(shape: tuple[int, ...], value: int) -> Elements:
    """What all know: every party's share is the number itself."""
    return np.full(shape, value % P, dtype=np.uint64)


def opposite(bits: Elements) -> Elements:
    return field.subtract(constant(bits.shape, 1), bits)
