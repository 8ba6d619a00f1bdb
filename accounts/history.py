"""What happened to an organisation itself: its members, roles, mandates, deputies, contacts, station, suspension."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Mandate, Membership, Organisation
from accounts.roles import ROLES
from audit.models import Event
from audit.sentences import Entry, told
from web.language import language

SHOWN = 20


def history(organisation: Organisation) -> list[Entry]:
    """The newest events, in the reader's language; what happened in use cases stands in their timelines."""
    about = _about(Organisation, [organisation.pk])
    for model in (Membership, Mandate):
        keys = model._default_manager.filter(organisation=organisation).values_list("pk", flat=True)
        about |= _about(model, list(keys))
    events = Event.objects.filter(about, context_type="").order_by("-id")[:SHOWN]
    roles = {key: str(getattr(role, language())) for key, role in ROLES.items()}
    names = {"organisation": {organisation.slug: organisation.name}, "role": roles}
    return told(events, language=language(), names=names)


def _about(model: type[Organisation | Membership | Mandate], keys: list[int]) -> Q:
    return Q(about_type=model._meta.label_lower, about_id__in=[str(key) for key in keys])
