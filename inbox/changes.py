"""What happened in this person's use cases since they last looked; what they did themselves is no news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from accounts.models import Organisation, User
from audit.models import Event
from audit.sentences import Entry, told_each
from collaborations.models import UseCase
from inbox.models import Looked
from web.language import language

FIRST_LOOK = timedelta(days=14)
"""Who never marked a use case as seen reads back so far."""
MOST, EACH = 200, 5


@dataclass(frozen=True)
class News:
    use_case: UseCase
    entries: list[Entry]


def news_of(user: User, use_cases: Iterable[UseCase]) -> list[News]:
    """Per use case the newest few things that others did since this person's mark."""
    known = {str(use_case.pk): use_case for use_case in use_cases}
    marks = {str(key): event for key, event in Looked.objects.filter(user=user).values_list("use_case", "event")}
    recent = Event.objects.filter(context_type=UseCase._meta.label_lower, context_id__in=known)
    recent = recent.filter(at__gt=timezone.now() - FIRST_LOOK)
    recent = recent.exclude(actor_type=User._meta.label_lower, actor_id=str(user.pk))
    found: dict[str, list[Event]] = {}
    for event in recent.order_by("-id")[:MOST]:
        if event.id > marks.get(event.context_id, 0):
            found.setdefault(event.context_id, []).append(event)
    if not found:
        return []
    shown = {key: events[:EACH] for key, events in found.items()}
    every = [event for events in shown.values() for event in events]
    keys = {event.organisation_key for event in every} | {event.facts.get("blamed") for event in every}
    names = {"organisation": dict(Organisation.objects.filter(slug__in=keys).values_list("slug", "name"))}
    entries = told_each(shown, language=language(), names=names)
    return [News(known[key], entries[key]) for key in shown]


def looked(user: User, use_case: UseCase) -> None:
    """Everything up to now is seen."""
    newest = Event.objects.timeline(use_case).order_by().aggregate(newest=Max("id"))["newest"] or 0
    Looked.objects.update_or_create(user=user, use_case=use_case, defaults={"event": newest})
