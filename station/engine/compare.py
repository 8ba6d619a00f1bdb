"""The sign of a number of which two parties each know a part, by an adder on bits that the third deals masks for.

Two *holders* each have a whole number; their sum is the secret. Bits are shared by them as exclusive or. An AND takes
a triple of random bits (Beaver) which the third party deals: it sees nothing of what the holders send, and they
see nothing but masked bits. A carry needs one AND for each bit of width, on all numbers at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from station.alignment.field import Elements
from station.alignment.sharing import Trio, other

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Packed = np.ndarray[Any, np.dtype[np.uint8]]


async def sign(
    trio: Trio, mine: Numbers | None, holders: tuple[int, int], size: int, width: int, label: str
) -> Elements | None:
    """One bit per number, shared by the holders as exclusive or: the sum is below 0. Sums have ``width`` bits, sign
    included. The third party, which deals, gets None."""
    length, layers = (size + 7) // 8, width - 1
    if trio.me not in holders or mine is None:
        _deal(trio, holders, layers * length, label)
        return None
    dealt = await _dealt(trio, holders, layers * length, label)
    masks = [part.reshape(layers, length) for part in dealt]
    peer = holders[1] if trio.me == holders[0] else holders[0]
    carry = np.zeros(length, dtype=np.uint8)
    for place in range(layers):
        own = _bits(mine, place)
        left, right = (own ^ carry, carry) if trio.me == holders[0] else (carry, own ^ carry)
        carry = carry ^ await _and(
            trio, peer, left, right, [part[place] for part in masks], trio.me == holders[0], f"{label}/{place}"
        )
    return np.unpackbits(_bits(mine, layers) ^ carry, count=size).astype(np.uint64)


async def _and(
    trio: Trio, peer: int, left: Packed, right: Packed, masks: list[Packed], is_first: bool, label: str
) -> Packed:
    a, b, c = masks
    hidden = np.concatenate((left ^ a, right ^ b))
    trio.send(peer, label, hidden.tobytes())
    both = hidden ^ _packed(trio, peer, await trio.receive(peer, label), hidden.size)
    d, e = np.split(both, 2)
    made = (d & b) ^ (e & a) ^ c
    return made ^ (d & e) if is_first else made


def _deal(trio: Trio, holders: tuple[int, int], size: int, label: str) -> None:
    """Random a, b for each holder, and c such that all c together are all a AND all b: the second is told its c."""
    first, second = (np.frombuffer(trio.stream(h, f"{label}/deal").take(3 * size), dtype=np.uint8) for h in holders)
    a, b, c = np.split(first, 3)
    theirs_a, theirs_b, _unused = np.split(second, 3)
    trio.send(holders[1], f"{label}/deal", (((a ^ theirs_a) & (b ^ theirs_b)) ^ c).tobytes())


async def _dealt(trio: Trio, holders: tuple[int, int], size: int, label: str) -> list[Packed]:
    dealer = other(*holders)
    drawn = np.frombuffer(trio.stream(dealer, f"{label}/deal").take(3 * size), dtype=np.uint8)
    a, b, c = np.split(drawn, 3)
    if trio.me == holders[1]:
        c = _packed(trio, dealer, await trio.receive(dealer, f"{label}/deal"), size)
    return [a, b, c]


def _packed(trio: Trio, peer: int, message: bytes, size: int) -> Packed:
    if len(message) != size:
        raise trio.misfit(peer)
    return np.frombuffer(message, dtype=np.uint8)


def _bits(numbers: Numbers, place: int) -> Packed:
    return np.packbits(((numbers >> np.int64(place)) & np.int64(1)).astype(np.uint8))
