"""What waits for an organisation administrator: questions for support access."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from accounts import roles
from accounts.models import SupportAccess, User
from accounts.turn import Turn

MOST = 20


def waiting(user: User, places: Iterable[roles.Place] | None = None) -> list[Turn]:
    """One question each, the oldest first, for whoever may answer it. ``places``: where this person works, when that is
    read already."""
    found = roles.places(user) if places is None else places
    managed = [one.organisation.pk for one in found if "manage_members" in one.permissions]
    if not managed:
        return []
    asked = SupportAccess.objects.filter(state="asked", organisation__in=managed).exclude(asked_by=user)
    return [_turn(one) for one in asked.select_related("organisation", "asked_by").order_by("pk")[:MOST]]


def _turn(access: SupportAccess) -> Turn:
    facts = {"name": access.asked_by.full_name, "hours": access.hours, "organisation": access.organisation.name}
    page = reverse("accounts:support", args=[access.organisation.slug, access.pk])
    return Turn("turn.answer_support", facts, access.organisation.slug, "manage_members", access.asked_at, page)
