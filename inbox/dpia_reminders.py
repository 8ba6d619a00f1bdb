"""Reminders about a DPIA that is underway or adopted: measures that are due, to the organisation that sees to them, and
advice that was asked and not given yet, to the DPO. A title and an address alone, like all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts import deputies
from collaborations.models import Partner
from dpia.measures import COMING, MEASURES, rows_of
from dpia.models import Advice, Answer, Controller, MeasureNote
from inbox.models import Reminder
from station.contract.canonical import digest

BEFORE = (0, 7, 30)
"""Days before a measure is due, the nearest first; 0: its day has come, or passed."""
ADVICE_DAYS, ADVICE_AGAIN = 28, (0, 14)
"""Within how many days advice is expected, and how many days before that the DPO hears again."""
TELL, ADVISE = ("draft_assessment", "review_assessment"), ("advise_assessment",)


@dataclass(frozen=True)
class Due:
    """Something that waits for an organisation (its key) in a use case, and which moment before its day has come."""

    about: str
    use_case: Any
    organisation: str
    last: date
    days: int


def of_measures(day: date) -> list[Reminder]:
    """To the drafters and privacy officers of the organisation that sees to it."""
    return list(_reminders("measure", list(_measures(day)), TELL, "collaborations:assessment_measures", day))


def of_advice(day: date) -> list[Reminder]:
    """To the DPOs who have not advised yet on the version that lies before them."""
    return list(_reminders("advice", list(_advice(day)), ADVISE, "collaborations:assessment", day))


def _measures(day: date) -> Iterator[Due]:
    """Those of use cases that go on of which a moment has come."""
    rows = Answer.objects.filter(question=MEASURES, organisation=None)
    rows = rows.filter(assessment__measures_due__lte=day + timedelta(days=BEFORE[-1]))
    rows = rows.filter(assessment__use_case__state__in=["assessing", "authorised"])
    rows = rows.exclude(assessment__state="withdrawn")
    found = list(rows.select_related("assessment__use_case", "assessment__coordinator"))
    notes: dict[Any, list[MeasureNote]] = {}
    for note in MeasureNote.objects.filter(assessment__in=[one.assessment_id for one in found]) if found else ():
        notes.setdefault(note.assessment_id, []).append(note)
    for answer in found:
        yield from _due(answer, notes.get(answer.assessment_id, []), day)


def _due(answer: Answer, notes: Sequence[MeasureNote], day: date) -> Iterator[Due]:
    assessment: Any = answer.assessment
    for one in rows_of(answer, assessment, notes):
        moment = _moment(one.due, day, BEFORE) if one.due and one.state in COMING else None
        if one.due and moment is not None:
            about = digest([str(assessment.pk), one.id])
            yield Due(about, assessment.use_case, one.organisation, one.due, moment)


def _advice(day: date) -> Iterator[Due]:
    begin = day - timedelta(days=ADVICE_DAYS - ADVICE_AGAIN[-1])
    given = Advice.objects.filter(
        version__assessment=OuterRef("assessment"), version__round=OuterRef("assessment__round"),
        organisation=OuterRef("organisation"),
    )  # fmt: skip
    rows = Controller.objects.filter(assessment__state="dpo_advice", assessment__state_since__date__lte=begin)
    rows = rows.filter(assessment__use_case__isnull=False).exclude(Exists(given))
    for row in rows.select_related("assessment__use_case", "organisation"):
        assessment: Any = row.assessment
        last = timezone.localdate(assessment.state_since) + timedelta(days=ADVICE_DAYS)
        moment = _moment(last, day, ADVICE_AGAIN)
        if moment is not None:
            yield Due(str(assessment.pk), assessment.use_case, row.organisation.slug, last, moment)


def _moment(last: date, day: date, moments: tuple[int, ...]) -> int | None:
    """The nearest moment that has come; None before the farthest."""
    return next((days for days in moments if last - timedelta(days=days) <= day), None)


def _reminders(kind: str, due: Sequence[Due], permissions: Iterable[str], page: str, day: date) -> Iterator[Reminder]:
    """One per person who may do it today and was not told of this moment; nobody of who does not take part."""
    if not due:
        return
    joined = Partner.objects.filter(state="joined", use_case__in={one.use_case.pk for one in due})
    partners = set(joined.values_list("use_case", "organisation__slug"))
    people = _people({one.organisation for one in due}, permissions, day)
    rows = Reminder.objects.filter(kind=kind, about_id__in={one.about for one in due})
    told = set(rows.values_list("user", "about_id", "ends_on", "days"))
    for one in due:
        for user in sorted(people.get(one.organisation, ())) if (one.use_case.pk, one.organisation) in partners else ():
            if (user, one.about, one.last, one.days) not in told:
                yield Reminder(
                    user_id=user, kind=kind, about_id=one.about, days=one.days, title=one.use_case.title,
                    url=reverse(page, args=[one.use_case.pk]), ends_on=one.last,
                )  # fmt: skip


def _people(organisations: set[str], permissions: Iterable[str], day: date) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for permission in permissions:
        holding = deputies.holding(permission, day).filter(organisation__slug__in=organisations)
        for key, user in holding.values_list("organisation__slug", "user"):
            found.setdefault(key, set()).add(user)
    return found
