"""When an adopted DPIA is looked at again: after a year unless its privacy officer says otherwise.

A review date that has passed stops nothing by itself (docs/adr): it is said on every page of the use case and is the
turn of the privacy officer, and whoever sees that something changed calls the DPIA into question, which does stop it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from accounts.turn import Turn
from dpia.models import Assessment
from station.reasons import Refused

MONTHS, MOST_MONTHS = 12, 36


def later(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_a_year() -> date:
    return later(timezone.localdate(), MONTHS)


def check_review_date(day: date) -> None:
    today = timezone.localdate()
    if day <= today:
        raise Refused("assessment.review_past", day=day.isoformat())
    if day > later(today, MOST_MONTHS):
        raise Refused("assessment.review_late", day=day.isoformat(), months=MOST_MONTHS)


def overdue(assessment: Assessment, day: date) -> bool:
    return assessment.state == "adopted" and assessment.review_on is not None and assessment.review_on < day


def review_turns(assessment: Assessment, day: date) -> Iterator[Turn]:
    """From the review date on it waits for the privacy officer of the organisation that coordinates the DPIA."""
    due = assessment.review_on
    if assessment.state == "adopted" and due is not None and due <= day:
        facts = {"day": due.isoformat()}
        yield Turn("turn.review_again", facts, assessment.coordinator.slug, "review_assessment", deadline=due)
