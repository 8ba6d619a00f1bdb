"""Vectors of whole numbers in Shamir shares of the three, modulo P, and what all programs do with them.

Adding and multiplying stay in numpy. Comparing is MPyC's: in our own field when the numbers are small enough, else in
a larger one, into which shares go as whole numbers and from which bits come back the same way. Every party runs the
same calls in the same order, so a counter is label enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from station.alignment import field
from station.alignment.field import Elements, P
from station.alignment.keystream import Keystream
from station.alignment.sharing import AT_ZERO, Share, between, enter, freshen, other, product
from station.engine import mpc, wire
from station.engine.program import Setting

SLICE = 1_000  # numbers compared at a time
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

    async def at_least(self, a: Elements, limit: int, low: int, high: int, *, percent: tuple[int, int]) -> Elements:
        """Bits: a >= limit, for a vector of numbers that all lie from ``low`` to ``high``."""
        if limit <= low or limit > high:
            return constant(a.shape, int(limit <= low))
        number = mpc.whole_numbers(self.runtime, max(abs(low - limit), abs(high - limit)))
        shifted = field.subtract(a, constant(a.shape, limit % P))
        parts = await self.secure(number, shifted, max(abs(low - limit), abs(high - limit)))
        bits: list[Any] = []
        start, end = percent
        for place in range(0, a.size, SLICE):
            share = await self.runtime.gather(1 - (parts(place, place + SLICE) < 0))
            bits.extend(int(value) for value in share.value)
            await self.setting.step("comparing", start + (end - start) * min(place + SLICE, a.size) // a.size)
        modulus = int(number.field.modulus)
        return np.array(bits, dtype=np.uint64) if modulus == P else await self._back(bits, modulus)

    async def secure(self, number: Any, a: Elements, most: int) -> Any:
        """The vector for MPyC, a slice at a time: (start, end) -> secure array. ``most``: of absolute values."""
        if int(number.field.modulus) == P:
            return lambda start, end: number.array(number.field.array(a[start:end].astype(object)))
        share = await self.leave(a, self.holders)
        return await self.lifted(number, share, self.holders, a.size, most)

    async def lifted(self, number: Any, share: Share, holders: tuple[int, int], size: int, most: int) -> Any:
        """As ``secure``, of a vector that two holders share modulo P.

        As whole numbers two shares of v add up to v or to v + P. The first holder sees to the latter: when one of its
        numbers is too small for that, which has nothing to do with v, both draw new ones.
        """
        whole = await self._whole(share, holders, most)

        def part(start: int, end: int) -> Any:
            mine = np.zeros(min(end, size) - start, dtype=object) if whole is None else whole[start:end]
            first, second = self.runtime.input(number.array(mine), senders=[holders[0] - 1, holders[1] - 1])
            return first + second

        return part

    async def _whole(self, share: Share, holders: tuple[int, int], most: int) -> wire.Array | None:
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
                numbers: wire.Array = share.astype(object)
                return numbers - most if circle.me == holders[0] else numbers - P
        raise AssertionError("no fresh share is large enough")

    async def _back(self, bits: Sequence[int], modulus: int) -> Elements:
        """Bits in Shamir shares modulo a larger prime, brought back modulo P.

        Two holders get numbers that add up to the bit modulo that prime; as whole numbers they add up to the bit plus
        the prime, unless one is below 2, of which the chance is less than 2^-60.
        """
        label, circle, holders = self.label("back"), self.circle, self.holders
        mine = [value * AT_ZERO[circle.me] % modulus for value in bits]
        after, before = circle.me % 3 + 1, (circle.me + 1) % 3 + 1
        zero = _below(circle.stream(after, f"{label}/zero/{circle.me}"), len(bits), modulus)
        minus = _below(circle.stream(before, f"{label}/zero/{before}"), len(bits), modulus)
        terms = [(value + a - b) % modulus for value, a, b in zip(mine, zero, minus, strict=True)]
        if circle.me == other(*holders):
            circle.send(holders[1], label, wire.dumps(np.array(terms, dtype=object)))
            return await self.enter(None, holders, (len(bits),))
        if circle.me == holders[1]:
            added = await self._numbers(other(*holders), label, len(bits), modulus)
            terms = [(value + more) % modulus - modulus for value, more in zip(terms, added, strict=True)]
        return await self.enter(np.array([value % P for value in terms], dtype=np.uint64), holders, (len(bits),))

    async def _numbers(self, peer: int, label: str, size: int, modulus: int) -> list[int]:
        try:
            found: list[int] = wire.loads(await self.circle.receive(peer, label)).tolist()
        except ValueError as error:
            raise self.circle.misfit(peer) from error
        if len(found) != size or not all(0 <= value < modulus for value in found):
            raise self.circle.misfit(peer)
        return found


def constant(shape: tuple[int, ...], value: int) -> Elements:
    """What all know: every party's share is the number itself."""
    return np.full(shape, value % P, dtype=np.uint64)


def opposite(bits: Elements) -> Elements:
    return field.subtract(constant(bits.shape, 1), bits)


def _below(stream: Keystream, size: int, modulus: int) -> list[int]:
    """Numbers below ``modulus``, uniform to within 2^-64."""
    width = (modulus.bit_length() + 64 + 7) // 8
    raw = stream.take(size * width)
    return [int.from_bytes(raw[at : at + width], "little") % modulus for at in range(0, len(raw), width)]
