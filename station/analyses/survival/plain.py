"""Survival in the open, person by person, in plain Python: the very values that the shares must add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from station.analyses import derived as deriving
from station.analyses.analysis import Lists
from station.specification import Disclosure

Person = tuple[int, bool, int]
"""Interval in which it left, whether by the event, and its group."""
Period = tuple[int, int]


def people(asked: Any, groups: Sequence[str], lists: Lists) -> list[Person]:
    """Everybody who stands in both lists and meets all conditions."""
    return list(_people(asked, groups, lists))


def _people(asked: Any, groups: Sequence[str], lists: Lists) -> Iterator[Person]:
    (joined,) = (name for name in lists if name != asked.time.input)
    for key, row in lists[asked.time.input].items():
        if (other := lists[joined].get(key)) is None:
            continue
        rows = {asked.time.input: row, joined: other}
        if not all(deriving.COMPARE[c.op](rows[c.input][c.column], c.value) for c in asked.conditions):
            continue
        group = rows[asked.group.input][asked.group.column]
        place = groups.index(str(group).lower() if isinstance(group, bool) else group)
        yield row[asked.time.column] // asked.interval, row[asked.event.column], place


def periods(asked: Any, rule: Disclosure, found: Sequence[Person]) -> Iterator[Period]:
    """The released intervals: each as short as the thresholds allow, one after another."""
    start = 0
    for last in range(asked.horizon // asked.interval):
        fits = True
        for group in (0, 1):
            before, events = numbers(found, group, start, last + 1)
            staying = before - events if rule.two_sided else before
            fits = fits and events >= asked.min_events and staying >= rule.k
        if fits:
            yield start, last + 1
            start = last + 1


def numbers(found: Sequence[Person], group: int, start: int, stop: int) -> tuple[int, int]:
    """At risk at the start, and events before the end."""
    there = [(left, event) for left, event, of in found if of == group and left >= start]
    return len(there), sum(event and left < stop for left, event in there)


def values(asked: Any, rule: Disclosure, found: Sequence[Person]) -> list[int]:
    """At the last interval of each period: 1, and per group at risk and events; 0 everywhere else."""
    size = asked.horizon // asked.interval
    rows = [[0] * size for _ in range(5)]
    for start, stop in periods(asked, rule, found):
        counts = [number for group in (0, 1) for number in numbers(found, group, start, stop)]
        for row, number in zip(rows, [1, *counts], strict=True):
            row[stop - 1] = number
    return [number for row in rows for number in row]
