"""Reminders that something ends: 30 and 7 days before, each once, to the people of the organisation who can mend it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from accounts import roles
from accounts.models import Mandate, RoleHeld
from collaborations.models import Agreement, LegalBasis
from inbox.models import Reminder

MOMENTS = (7, 30)
"""Days before the end, the nearest first; who was away at the first moment gets the nearest only."""


@transaction.atomic
def remind(day: date) -> int:
    """Makes the reminders of this day that do not exist yet. Says how many."""
    before = Reminder.objects.count()
    found = [*_bases(day), *_agreements(day), *_mandates(day)]
    Reminder.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return Reminder.objects.count() - before


def _bases(day: date) -> Iterator[Reminder]:
    rows = LegalBasis.objects.filter(state="approved", **_ending(day)).select_related("partner__use_case")
    people = _people("draft_basis")
    for row in rows:
        use_case = row.partner.use_case
        url = reverse("collaborations:bases", args=[use_case.pk])
        for user in people.get(row.partner.organisation_id, ()):
            yield _reminder(user, "basis", row.pk, use_case.title, url, row.valid_to, day)


def _agreements(day: date) -> Iterator[Reminder]:
    rows = Agreement.objects.filter(state="in_force", **_ending(day)).prefetch_related("parties")
    people = _people("record_agreement")
    for row in rows.select_related("collaboration"):
        use_case = row.collaboration.use_cases.first()
        if use_case is None:
            continue
        url = reverse("collaborations:agreement", args=[use_case.pk])
        for user in {user for party in row.parties.all() for user in people.get(party.pk, ())}:
            yield _reminder(user, "agreement", row.pk, row.title, url, row.valid_to, day)


def _mandates(day: date) -> Iterator[Reminder]:
    rows = Mandate.objects.filter(withdrawn_on=None, **_ending(day)).select_related("organisation")
    people = _people("manage_members")
    for row in rows:
        url = reverse("accounts:organisation", args=[row.organisation.slug])
        for user in {row.holder_id, *people.get(row.organisation_id, ())}:
            yield _reminder(user, "mandate", row.pk, row.organisation.name, url, row.valid_to, day)


def _ending(day: date) -> dict[str, date]:
    return {"valid_to__gte": day, "valid_to__lte": day + timedelta(days=max(MOMENTS))}


def _reminder(user: int, kind: str, key: int, title: str, url: str, ends_on: date, day: date) -> Reminder:
    left = (ends_on - day).days
    moment = next(days for days in MOMENTS if left <= days)
    return Reminder(user_id=user, kind=kind, about_id=str(key), days=moment, title=title, url=url, ends_on=ends_on)


def _people(permission: str) -> dict[int, set[int]]:
    """Organisation to its people whose role allows this; nobody of a suspended one."""
    names = [key for key, role in roles.ROLES.items() if permission in role.permissions]
    held = RoleHeld.objects.filter(
        role__in=names, membership__active=True, membership__user__is_active=True,
        membership__organisation__state="active",
    )  # fmt: skip
    found: dict[int, set[int]] = {}
    for organisation, user in held.values_list("membership__organisation", "membership__user"):
        found.setdefault(organisation, set()).add(user)
    return found
