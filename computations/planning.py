"""The dates of a schedule, on Dutch clocks: every week, month or quarter from a first day, at one time of day.

A month without that day takes its last one (31 January, 28 February, 31 March). A time that the clock skips in spring
comes an hour later; one that it shows twice in autumn is the first of the two.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

DUTCH = ZoneInfo("Europe/Amsterdam")
MONTHS = {"monthly": 1, "quarterly": 3}


def days(recurrence: str, first: date, last: date) -> Iterator[date]:
    """Every day on which a run is due, from the first up to and including the last day of the window."""
    for number in count():
        try:
            day = _day(recurrence, first, number)
        except (ValueError, OverflowError):  # the calendar ends
            return
        if day > last or (recurrence == "once" and number):
            return
        yield day


def moment(day: date, at: time) -> datetime:
    """That time on that day in the Netherlands, as a moment."""
    return datetime.combine(day, at, DUTCH).astimezone(UTC)


def moments(recurrence: str, first: date, last: date, at: time, *, after: datetime | None = None) -> Iterator[datetime]:
    """Every moment at which a run is due; only those later than ``after``, when that is given."""
    for day in days(recurrence, first, last):
        due = moment(day, at)
        if after is None or due > after:
            yield due


def _day(recurrence: str, first: date, number: int) -> date:
    if recurrence == "weekly":
        return first + timedelta(weeks=number)
    passed = first.month - 1 + MONTHS.get(recurrence, 0) * number
    year, month = first.year + passed // 12, passed % 12 + 1
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))
