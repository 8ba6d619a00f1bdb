"""Reminders about a DPIA that is underway or adopted: measures that are due, to the organisation that sees to them, and
advice that was asked and not given yet, to the DPO. A title and an address alone, like all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Value
from django.urls import reverse
from django.utils import timezone

from accounts import deputies
from collaborations.models import Partner, UseCase
from dpia.measures import COMING, MEASURES, Followed, followed
from dpia.models import Advice, Answer, Assessment, Controller
from inbox.models import Reminder
from station.contract.canonical import digest

BEFORE = (0, 7, 30)
"""Days before a measure is due, the nearest first; 0: its day has come, or passed."""
ADVICE_DAYS, ADVICE_AGAIN = 28, (0, 14)
"""Within how many days advice is expected, and how many days before that the DPO hears again."""
ASKS = ("draft_assessment", "review_assessment")


def of_measures(day: date) -> Iterator[Reminder]:
    """To the drafters and privacy officers of the organisation that sees to it, when that takes part."""
    for assessment, due in _with_measures(day):
        use_case = assessment.use_case
        url = reverse("collaborations:assessment_measures", args=[use_case.pk])
        for one, days in due:
            for reader in _readers(use_case, one.organisation, ASKS, day):
                yield _reminder("measure", digest([str(assessment.pk), one.id]), reader, use_case, url, one.due, days)


def of_advice(day: date) -> Iterator[Reminder]:
    """To the DPOs who have not advised yet on the version that lies before them."""
    for controller in _not_advised(day):
        assessment = controller.assessment
        asked = timezone.localdate(assessment.state_since)
        last = asked + timedelta(days=ADVICE_DAYS)
        moment = _moment(last, day, ADVICE_AGAIN)
        if moment is not None:
            use_case = assessment.use_case
            url = reverse("collaborations:assessment", args=[use_case.pk])
            for reader in _readers(use_case, controller.organisation.slug, ("advise_assessment",), day):
                yield _reminder("advice", str(assessment.pk), reader, use_case, url, last, moment)


def _with_measures(day: date) -> Iterator[tuple[Any, list[tuple[Followed, int]]]]:
    """DPIAs of use cases that go on in which a measure is due soon, each with those measures."""
    soon = (day + timedelta(days=BEFORE[-1])).isoformat()
    path = f'$[*] ? (@.due != "" && @.due <= "{soon}")'
    exists = "jsonb_path_exists(%(expressions)s::jsonpath)"
    due = Func(F("value"), Value(path), template=exists, output_field=BooleanField())
    answers = Answer.objects.filter(question=MEASURES, organisation=None).annotate(soon=due).filter(soon=True)
    rows = Assessment.objects.filter(Exists(answers.filter(assessment=OuterRef("pk")))).exclude(state="withdrawn")
    going_on = rows.filter(use_case__state__in=["assessing", "authorised"]).select_related("use_case", "coordinator")
    for assessment in going_on:
        coming = (one for one in followed(assessment) if one.state in COMING)
        found = [(one, _moment(one.due, day, BEFORE)) for one in coming if one.due]
        if kept := [(one, moment) for one, moment in found if moment is not None]:
            yield assessment, kept


def _not_advised(day: date) -> Iterable[Any]:
    begin = day - timedelta(days=ADVICE_DAYS - ADVICE_AGAIN[-1])
    given = Advice.objects.filter(
        version__assessment=OuterRef("assessment"), version__round=OuterRef("assessment__round"),
        organisation=OuterRef("organisation"),
    )  # fmt: skip
    rows = Controller.objects.filter(assessment__state="dpo_advice", assessment__state_since__date__lte=begin)
    rows = rows.filter(assessment__use_case__isnull=False).exclude(Exists(given))
    return rows.select_related("assessment__use_case", "organisation")


def _moment(last: date, day: date, moments: tuple[int, ...]) -> int | None:
    """The nearest moment that has come; None before the farthest."""
    return next((days for days in moments if last - timedelta(days=days) <= day), None)


def _readers(use_case: UseCase, organisation: str, permissions: Iterable[str], day: date) -> set[int]:
    """Everybody there who may do one of these today; nobody of an organisation that does not take part."""
    if not Partner.objects.filter(use_case=use_case, state="joined", organisation__slug=organisation).exists():
        return set()
    found: set[int] = set()
    for permission in permissions:
        there = deputies.holding(permission, day).filter(organisation__slug=organisation)
        found |= set(there.values_list("user", flat=True))
    return found


def _reminder(
    kind: str, about: str, reader: int, use_case: UseCase, url: str, last: date | None, days: int
) -> Reminder:
    return Reminder(user_id=reader, kind=kind, about_id=about, days=days, title=use_case.title, url=url, ends_on=last)
