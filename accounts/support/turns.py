"""What waits for an organisation administrator: questions for support access."""

from __future__ import annotations

from django.urls import reverse

from accounts import roles
from accounts.models import Organisation, SupportAccess, User
from accounts.turn import Turn

MOST = 20


def waiting(user: User) -> list[Turn]:
    """One question each, the oldest first, for whoever may answer it."""
    asked = SupportAccess.objects.filter(state="asked", organisation__in=Organisation.objects.of(user))
    asked = asked.exclude(asked_by=user).select_related("organisation", "asked_by").order_by("pk")
    return [_turn(one) for one in asked[:MOST] if roles.allowed(user, "manage_members", one.organisation)]


def _turn(access: SupportAccess) -> Turn:
    facts = {"name": access.asked_by.full_name, "hours": access.hours, "organisation": access.organisation.name}
    page = reverse("accounts:support", args=[access.organisation.slug, access.pk])
    return Turn("turn.answer_support", facts, access.organisation.slug, "manage_members", access.asked_at, page)
