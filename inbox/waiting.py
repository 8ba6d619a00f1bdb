"""What waits for one person, across all use cases.

Whose turn it is in a use case is worked out once after each thing that happened in it, and remembered: the key holds
the newest event and the day, so what is remembered is never older than the last change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts import roles
from accounts.models import Organisation, User
from accounts.turn import Turn
from audit.models import Event
from collaborations import turns
from collaborations.models import UseCase
from web.language import language

REMEMBERED_SECONDS = 15 * 60
"""A change beside the use case itself, such as an agreement of the same collaboration, is seen after this at most."""


@dataclass(frozen=True)
class Item:
    """One thing that waits: in which use case, for which organisation of this person, what, since when, where."""

    use_case: UseCase
    organisation: Organisation
    turn: Turn


def open_use_cases(user: User) -> QuerySet[UseCase]:
    """Where something can wait for this person, the one that stands still longest first."""
    found = UseCase.objects.visible_to(user).filter(state__in=turns.BY_STATE)
    return found.select_related("proposer", "assessment", "collaboration").order_by("state_since", "pk")


def waiting_for(user: User, use_cases: Iterable[UseCase]) -> list[Item]:
    """Everything in these use cases that this person may do now for one of their organisations, longest waiting first.

    Each use case that changed costs its own queries, so hand in a page of them, not all.
    """
    own = {organisation.slug: organisation for organisation in Organisation.objects.of(user).distinct()}
    held = {key: roles.permissions_of(user, organisation) for key, organisation in own.items()}
    found = [
        Item(use_case, own[turn.who], turn)
        for use_case, waiting in _turns(list(use_cases), timezone.localdate())
        for turn in waiting
        if turn.permission in held.get(turn.who, ())
    ]
    return sorted(found, key=lambda item: item.turn.since or item.use_case.state_since)


def _turns(use_cases: list[UseCase], day: date) -> list[tuple[UseCase, list[Turn]]]:
    newest = _newest_events(use_cases)
    keys = {f"turns:{u.pk}:{newest.get(str(u.pk))}:{day}:{language()}": u for u in use_cases}
    known = cache.get_many(keys)
    fresh = {key: turns.waiting(use_case, day) for key, use_case in keys.items() if key not in known}
    if fresh:
        cache.set_many(fresh, REMEMBERED_SECONDS)
    return [(use_case, (known | fresh)[key]) for key, use_case in keys.items()]


def _newest_events(use_cases: list[UseCase]) -> dict[str, int]:
    """Use case to its newest event."""
    kind = UseCase._meta.label_lower
    events = Event.objects.filter(context_type=kind, context_id__in=[str(use_case.pk) for use_case in use_cases])
    return dict(events.order_by().values_list("context_id").annotate(newest=Max("id")))
