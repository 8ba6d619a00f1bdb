"""By when something that waits has to be done: the earliest of what the thing itself says (something ends, is reviewed,
has a term in law), what a partner asked, and the day for which the computation is planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from accounts.turn import Turn
from collaborations.models import Partner, UseCase

PLANNED = ("exploring", "assessing", "authorised")
"""The states in which everything that waits stands before the computation."""


def dated(use_case: UseCase, turns: Iterable[Turn], day: date) -> list[Turn]:
    """The same turns, each with its deadline when there is one."""
    found = list(turns)
    planned = _planned(use_case, day) if found else None
    asked = {row.organisation.slug: row for row in use_case.everybody() if row.act_by} if found else {}
    return [replace(turn, deadline=_earliest(turn, asked.get(turn.who), planned)) for turn in found]


def _earliest(turn: Turn, asked: Partner | None, planned: date | None) -> date | None:
    """What was asked is about what waited at that moment, not about what came later."""
    about = asked.act_by if asked is not None and asked.asked_about(turn.since) else None
    days = [turn.deadline, about, planned if turn.deadline is None else None]
    return min((day for day in days if day is not None), default=None)


def _planned(use_case: UseCase, day: date) -> date | None:
    """The first day of the window; once that has come, the last."""
    version = use_case.specification if use_case.state in PLANNED else None
    if version is None:
        return None
    schedule = version.data["schedule"]
    first, last = date.fromisoformat(schedule["start"]), date.fromisoformat(schedule["end"])
    return first if day <= first else last
