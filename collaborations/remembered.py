"""Whose turn it is in many use cases at once.

It is worked out once after each thing that happened in a use case, and remembered: the key holds the newest event and
the day, so what is remembered is never older than the last change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from accounts import roles
from accounts.models import Organisation, User
from accounts.turn import Turn
from audit.models import Event
from collaborations import turns
from collaborations.models import UseCase, UseCaseQuerySet
from web.language import language

REMEMBERED_SECONDS = 15 * 60
"""A change beside the use case itself, such as an agreement of the same collaboration, is seen after this at most."""
Held = dict[str, tuple[Organisation, set[str]]]
"""Organisation key -> (organisation, permissions)"""
MOST = 200
"""In so many use cases of one person it is looked whose turn it is, the one that stands still longest first."""


def going_on(user: User) -> UseCaseQuerySet:
    """Where something can wait for this person, the one that stands still longest first."""
    found = turns.going_on(UseCase.objects.visible_to(user), timezone.localdate())
    return found.select_related("proposer", "assessment", "collaboration").order_by("state_since", "pk")


def held_by(user: User) -> Held:
    """What this person may do, for each of their organisations."""
    own = Organisation.objects.of(user).distinct()
    return {organisation.slug: (organisation, roles.permissions_of(user, organisation)) for organisation in own}


def own_turns(held: Held, use_cases: Iterable[UseCase]) -> Iterator[tuple[UseCase, Organisation, Turn]]:
    """What can be done now with these permissions. Each use case that changed costs its own queries, so hand in a page
    of them, not all."""
    for use_case, waiting in _turns(list(use_cases), timezone.localdate()):
        for turn in waiting:
            if turn.who in held and turn.permission in held[turn.who][1]:
                yield use_case, held[turn.who][0], turn


def waiting_for(user: User, held: Held) -> set[UUID]:
    """The use cases in which it is this person's turn."""
    return {use_case.pk for use_case, _organisation, _turn in own_turns(held, going_on(user)[:MOST])}


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
