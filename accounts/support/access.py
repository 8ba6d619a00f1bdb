"""Support access in use: a request carries it on its user (``User.support``), and nothing else ever does."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation, SupportAccess, User


def carry(user: User, access: SupportAccess | None) -> None:
    """From here on this person acts within the support access, until the end of the request."""
    user.support = access


def current(by: User, organisation: Organisation) -> SupportAccess | None:
    """What this person asked there and still waits for, or has: until that is over nothing new can be asked."""
    own = SupportAccess.objects.filter(organisation=organisation, asked_by=by)
    running = SupportAccess.objects.in_force().filter(organisation=organisation, asked_by=by)
    return (running | own.filter(state="asked")).first()


def opens(by: User, organisation: Organisation) -> bool:
    """Whether this person is in support of that organisation now. Asked of the database each time: whoever ended it
    ends it at once."""
    held = by.support
    if held is None or held.organisation_id != organisation.pk:
        return False
    return SupportAccess.objects.in_force().filter(pk=held.pk, asked_by=by.pk).exists()


def told(by: Any, organisation: Any) -> dict[str, Any]:
    """For every event of this person in that organisation meanwhile: that it was under support access."""
    held = getattr(by, "support", None)
    if held is None or not organisation:
        return {}
    key = getattr(organisation, "slug", organisation)
    return {"support": held.pk} if held.organisation.slug == key else {}
