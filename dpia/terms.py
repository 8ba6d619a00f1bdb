"""The terms of a prior consultation (GDPR art. 36(2), example, unverified): eight weeks from the request, six more when
the authority says so, and the days on which it waits for information do not count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS, EXTENSION = timedelta(weeks=8), timedelta(weeks=6)


@dataclass(frozen=True)
class Pause:
    """The authority waits for information; without ``end`` it still does."""

    begin: date
    end: date | None = None


def due_on(asked_on: date, *, extended: bool, pauses: Iterable[Pause]) -> date | None:
    """The last day on which the authority answers in time; None while it waits for information."""
    due = asked_on + WEEKS + (EXTENSION if extended else timedelta())
    for pause in pauses:
        if pause.end is None:
            return None
        due += pause.end - pause.begin
    return due
