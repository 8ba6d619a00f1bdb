"""What happened to an organisation itself: its members, roles, mandates, deputies, contacts, station, suspension."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

from accounts import staff
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
    about = Q(about_type=Organisation._meta.label_lower, about_id=str(organisation.pk))
    for model in (Membership, Mandate, SupportAccess):
        about |= _about(model, model._default_manager.filter(organisation=organisation), "pk")
    reset = Q(organisation_key=organisation.slug)  # a second factor, for this organisation
    about |= reset & _about(User, organisation.memberships.all(), "user_id")
    events = Event.objects.filter(about, context_type="").exclude(type__in=OF_SUPPORT).order_by("-id")[:SHOWN]
    roles = {key: str(getattr(role, language())) for key, role in ROLES.items()}
    names = {"organisation": {organisation.slug: organisation.name}, "role": roles}
    people = {str(one.user_id): str(one.user) for one in staff.members(organisation)}
    return told(events, language=language(), names=names, people=people)


def _about(model: type[Model], rows: QuerySet[Any, Any], key: str) -> Q:
    keys = rows.annotate(key=Cast(key, CharField())).order_by().values("key")
    return Q(about_type=model._meta.label_lower, about_id__in=keys)
