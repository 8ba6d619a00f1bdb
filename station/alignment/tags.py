"""Tags: what the matcher sees instead of ids. 16 bytes of keyed BLAKE2b under a key it never gets, fresh per join."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Sequence

import numpy as np

from station.alignment.keystream import Positions

WIDTH = 16
_SLICE = 20_000


async def tags(key: bytes, ids: Sequence[str | None]) -> bytes:
    """The tags of ``ids`` one after another; None (padding) gets a random one. Gives way to the loop now and then."""
    keyed, made = hashlib.blake2b(key=key, digest_size=WIDTH), bytearray()
    for start in range(0, len(ids), _SLICE):
        part = ids[start : start + _SLICE]
        made += b"".join([_tag(keyed, text) if text is not None else secrets.token_bytes(WIDTH) for text in part])
        await asyncio.sleep(0)
    return bytes(made)


def _tag(keyed: hashlib.blake2b, text: str) -> bytes:
    hashed = keyed.copy()
    hashed.update(text.encode())
    return hashed.digest()


def ordered(made: bytes, order: Positions) -> bytes:
    """The tags in another order."""
    return np.frombuffer(made, dtype=f"V{WIDTH}")[order].tobytes()


def match(base: bytes, joined: bytes) -> Positions:
    """For each tag of ``base`` its position in ``joined``, or else a position of its own behind them: injective.

    Raises ValueError when a tag that matches stands in ``base`` twice (its owner let an id stand twice).
    """
    theirs, ours = (np.frombuffer(raw, dtype=f"S{WIDTH}") for raw in (joined, base))
    order = np.argsort(theirs)
    theirs = theirs[order]
    place = np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)
    sigma: Positions = np.where(theirs[place] == ours, order[place], len(theirs) + np.arange(len(ours)))
    if np.unique(sigma).size != len(ours):
        raise ValueError("a tag of the base list stands twice")
    return sigma
