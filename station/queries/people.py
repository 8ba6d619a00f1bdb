"""The people behind one answer, as keyed hashes: enough to count who came, went or changed, and useless elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from station.datasets import Rows

Hashes = np.ndarray[Any, np.dtype[np.uint64]]
_BYTES = 8  # at 5,000,000 rows two different people share a hash with a chance below 1 in a million


@dataclass(frozen=True)
class People:
    """``ids``: keyed hashes of the identifiers, sorted; ``rows``: keyed hashes of the whole rows, in the same order."""

    ids: Hashes
    rows: Hashes

    def __len__(self) -> int:
        return len(self.ids)

    def apart(self, earlier: People) -> int:
        """How many came, went or have another row than before."""
        _both, here, there = np.intersect1d(self.ids, earlier.ids, assume_unique=True, return_indices=True)
        changed = int(np.count_nonzero(self.rows[here] != earlier.rows[there]))
        return len(self) + len(earlier) - 2 * len(here) + changed

    def packed(self) -> bytes:
        return self.ids.tobytes() + self.rows.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> People:
        both = np.frombuffer(data, dtype=np.uint64)
        return cls(both[: len(both) // 2], both[len(both) // 2 :])


def people_of(rows: Rows, key: bytes) -> People:
    """``rows``: those that count. ``key``: the ledger's own secret, 32 bytes; without it nobody finds an identifier by
    trying."""
    columns = [rows.ids, *(_texts(rows.columns[name]) for name in sorted(rows.columns))]
    ids = _hashes(rows.ids, key, b"person")
    whole = _hashes(["\x1f".join(cells) for cells in zip(*columns, strict=True)], key, b"row")
    order = np.argsort(ids)
    return People(ids[order], whole[order])


def smallest_part(groups: Sequence[People]) -> int:
    """The fewest people in any part into which these groups cut each other; 0 when there is nobody at all.

    Two groups that are equal cut nothing; of one group that lies inside another, those outside are a part.
    """
    everybody = np.unique(np.concatenate([group.ids for group in groups]))
    if not len(everybody):
        return 0
    part = np.zeros(len(everybody), dtype=np.int64)
    for group in groups:
        inside = np.isin(everybody, group.ids, assume_unique=True)
        part = np.unique(2 * part + inside, return_inverse=True)[1]
    return int(np.bincount(part).min())


def _texts(column: Any) -> list[str]:
    return column if isinstance(column, list) else list(map(str, column.tolist()))


def _hashes(texts: Sequence[str], key: bytes, person: bytes) -> Hashes:
    start = hashlib.blake2b(key=key, digest_size=_BYTES, person=person)
    data = bytearray()
    for text in texts:
        one = start.copy()
        one.update(text.encode())
        data += one.digest()
    return np.frombuffer(bytes(data), dtype=np.uint64)
