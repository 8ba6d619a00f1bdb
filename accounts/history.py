"""What happened to an organisation itself: its members, roles, mandates, deputies, contacts, station, suspension."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, Q

from accounts.models import Mandate, Membership, Organisation, SupportAccess, User
from accounts.roles import ROLES
from audit.models import Event
from audit.sentences import Entry, told
from web.language import language

SHOWN = 20
OF_SUPPORT = ("support.looked", "support.acted")
"""Every step of support access stands on the page of that access."""


def history(organisation: Organisation) -> list[Entry]:
    """The newest events, in the reader's language; what happened in use cases stands in their timelines."""
    members = dict(organisation.memberships.values_list("pk", "user"))
    about = _about(Organisation, [organisation.pk]) | _about(Membership, members)
    about |= _about(User, members.values()) & Q(organisation_key=organisation.slug)  # a second factor was reset for it
    for model in (Mandate, SupportAccess):
        keys = model._default_manager.filter(organisation=organisation).values_list("pk", flat=True)
        about |= _about(model, keys)
    events = Event.objects.filter(about, context_type="").exclude(type__in=OF_SUPPORT).order_by("-id")[:SHOWN]
    roles = {key: str(getattr(role, language())) for key, role in ROLES.items()}
    names = {"organisation": {organisation.slug: organisation.name}, "role": roles}
    return told(events, language=language(), names=names)


def _about(model: type[Model], keys: Iterable[int]) -> Q:
    return Q(about_type=model._meta.label_lower, about_id__in=[str(key) for key in keys])
