"""The time grid: which cell a row falls in, which sums are compared, and how released values are read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Step:
    """A released interval: from, to, and per group how many were at risk at its start and had the event in it."""

    start: int
    end: int
    at_risk: tuple[int, ...]
    events: tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """``intervals`` intervals of length ``interval`` for each of ``groups`` groups.

    A group has a cell for the events and one for those lost from sight in each interval, and one for all that lies
    behind the last.
    """

    interval: int
    intervals: int
    groups: int

    @property
    def end(self) -> int:
        return self.interval * self.intervals

    @property
    def cells_per_group(self) -> int:
        return 2 * self.intervals + 1

    @property
    def cells(self) -> int:
        return self.groups * self.cells_per_group

    def cell_of(self, time: Array, event: Array) -> Array:
        """Per row its cell within its group: 2 t for an event in interval t, 2 t + 1 for a loss, 2 T for later."""
        place = np.minimum(time.astype(np.int64) // self.interval, self.intervals)
        return np.minimum(2 * place + ~event.astype(bool), 2 * self.intervals)

    def pairs(self) -> tuple[Array, Array]:
        """First and last of every run of intervals, those with the same last one together."""
        last, first = np.nonzero(np.tri(self.intervals, dtype=bool))
        return first, last

    def sums(self, counts: Array) -> tuple[Array, Array]:
        """From the counts of all cells, per group: the events in every run of ``pairs``, and who is at risk at the
        start of every interval. Additions and subtractions only, so that it works on shares as well."""
        by_group = counts.reshape(self.groups, self.cells_per_group)
        events, lost = by_group[:, 0:-1:2], by_group[:, 1::2]
        first, last = self.pairs()
        until = np.concatenate((np.zeros((self.groups, 1), dtype=counts.dtype), np.cumsum(events, axis=1)), axis=1)
        leaving = np.concatenate((events + lost, by_group[:, -1:]), axis=1)
        at_risk = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1][:, : self.intervals]
        return until[:, last + 1] - until[:, first], at_risk

    def read(self, values: Sequence[int]) -> list[Step]:
        """What the program's values say: per interval whether one ends there, per group at risk and events, else 0."""
        rows = np.array(list(values), dtype=object).reshape(1 + 2 * self.groups, self.intervals)
        steps, start = [], 0
        for place in np.flatnonzero(rows[0] != 0):
            end = (int(place) + 1) * self.interval
            at_risk, events = (tuple(int(n) for n in rows[1 + kind :: 2, place]) for kind in (0, 1))
            steps.append(Step(start, end, at_risk, events))
            start = end
        return steps
