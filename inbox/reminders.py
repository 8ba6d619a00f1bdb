"""Reminders that something ends or is reviewed: 30 and 7 days before, each once, to the people who can mend it and to
whoever stands in for one of them that day. Measures of a DPIA and advice on it stand in ``dpia_reminders``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast
from django.urls import reverse

from accounts import deputies
from accounts.models import Mandate
from collaborations.models import Agreement, LegalBasis
from dpia.models import Assessment, AuthorityConsultation
from inbox.dpia_reminders import of_advice, of_measures
from inbox.models import Reminder

MOMENTS = (7, 30)
"""Days before the end, the nearest first; who was away at the first moment gets the nearest only."""


@transaction.atomic
def remind(day: date) -> int:
    """Makes the reminders of this day that do not exist yet. Says how many."""
    found = [*_bases(day), *_agreements(day), *_mandates(day), *_assessments(day), *_consultations(day)]
    found += [*of_measures(day), *of_advice(day)]
    Reminder.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return len(found)


def _bases(day: date) -> Iterator[Reminder]:
    rows = LegalBasis.objects.filter(state="approved").select_related("partner__use_case")
    for row in _lacking(rows, "basis", day, "draft_basis", "partner__organisation"):
        use_case = row.partner.use_case
        yield _reminder(row, "basis", use_case.title, reverse("collaborations:bases", args=[use_case.pk]))


def _agreements(day: date) -> Iterator[Reminder]:
    rows = Agreement.objects.filter(state="in_force").select_related("collaboration")
    rows = rows.prefetch_related("collaboration__use_cases")
    for row in _lacking(rows, "agreement", day, "record_agreement", "parties"):
        if use_cases := row.collaboration.use_cases.all():
            url = reverse("collaborations:agreement", args=[use_cases[0].pk])
            yield _reminder(row, "agreement", row.title, url)


def _mandates(day: date) -> Iterator[Reminder]:
    """To the holder as well, who cannot mend it but has to ask for it."""
    rows = Mandate.objects.filter(withdrawn_on=None).select_related("organisation")
    managed = _lacking(rows, "mandate", day, "manage_members", "organisation")
    held = _untold(rows.annotate(reader=F("holder")), "mandate", "valid_to", day)
    told: set[tuple[int, int]] = set()
    for row in [*managed, *held]:
        if (row.pk, row.reader) not in told:
            told.add((row.pk, row.reader))
            url = reverse("accounts:organisation", args=[row.organisation.slug])
            yield _reminder(row, "mandate", row.organisation.name, url)


def _assessments(day: date) -> Iterator[Reminder]:
    rows = Assessment.objects.filter(state="adopted").select_related("use_case")
    for row in _lacking(rows, "assessment", day, "review_assessment", "controllers__organisation", end="review_on"):
        use_case = getattr(row, "use_case", None)
        if use_case is not None:
            yield _reminder(row, "assessment", use_case.title, reverse("collaborations:assessment", args=[use_case.pk]))


def _consultations(day: date) -> Iterator[Reminder]:
    """The authority answers by then, or the drafter asks where its answer is."""
    rows = AuthorityConsultation.objects.filter(answered_on=None, assessment__state="prior_consultation")
    rows = rows.filter(round=F("assessment__round")).select_related("assessment__use_case")
    for row in _lacking(rows, "authority", day, "draft_assessment", "assessment__coordinator", end="due_on"):
        use_case = getattr(row.assessment, "use_case", None)
        if use_case is not None:
            url = reverse("collaborations:assessment", args=[use_case.pk])
            yield _reminder(row, "authority", use_case.title, url)


def _lacking(
    rows: QuerySet[Any], kind: str, day: date, permission: str, organisation: str, end: str = "valid_to"
) -> QuerySet[Any]:
    """A row per person (``reader``) of these organisations who can mend it and was not told yet."""
    people = {f"{organisation}__memberships__in": deputies.holding(permission, day)}
    named = rows.filter(**people).annotate(reader=F(f"{organisation}__memberships__user"))
    return _untold(named, kind, end, day)


def _untold(rows: QuerySet[Any], kind: str, end: str, day: date) -> QuerySet[Any]:
    """Those that end within the farthest moment, and of whose nearest moment their ``reader`` was not told."""
    near, far = (day + timedelta(days=days) for days in MOMENTS)
    moment = Case(When(**{f"{end}__lte": near}, then=Value(MOMENTS[0])), default=Value(MOMENTS[1]))
    told = Reminder.objects.filter(
        user=OuterRef("reader"), kind=kind, about_id=Cast(OuterRef("pk"), CharField()), ends_on=OuterRef(end),
        days=OuterRef("moment"),
    )  # fmt: skip
    ending = rows.filter(**{f"{end}__range": (day, far)}).annotate(moment=moment, ends_on=F(end))
    return ending.filter(~Exists(told))


def _reminder(row: Any, kind: str, title: str, url: str) -> Reminder:
    return Reminder(
        user_id=row.reader, kind=kind, about_id=str(row.pk), days=row.moment, title=title, url=url, ends_on=row.ends_on
    )
