"""What waits for one person, across all use cases.

Whose turn it is in a use case is worked out once after each thing that happened in it, and remembered: the key holds
the newest event and the day, so what is remembered is never older than the last change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Max, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
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


def waiting_for(user: User) -> list[Item]:
    """Everything this person may do now for one of their organisations, the longest waiting first."""
    own = {organisation.slug: organisation for organisation in Organisation.objects.of(user).distinct()}
    held = {key: roles.permissions_of(user, organisation) for key, organisation in own.items()}
    found = [
        Item(use_case, own[turn.who], turn)
        for use_case, waiting in _turns(_open(user), timezone.localdate())
        for turn in waiting
        if turn.permission in held.get(turn.who, ())
    ]
    return sorted(found, key=lambda item: item.turn.since or item.use_case.state_since)


def _open(user: User) -> QuerySet[UseCase]:
    newest = (
        Event.objects.filter(context_type="collaborations.usecase", context_id=OuterRef("key"))
        .order_by()
        .values("context_id")
        .annotate(newest=Max("id"))
        .values("newest")
    )
    found = UseCase.objects.visible_to(user).filter(state__in=turns.BY_STATE).select_related("proposer", "assessment")
    return found.annotate(key=Cast("pk", TextField())).annotate(newest_event=Subquery(newest))


def _turns(use_cases: Iterable[UseCase], day: date) -> list[tuple[UseCase, list[Turn]]]:
    keys = {_key(use_case, day): use_case for use_case in use_cases}
    known = cache.get_many(keys)
    fresh = {key: turns.waiting(use_case, day) for key, use_case in keys.items() if key not in known}
    if fresh:
        cache.set_many(fresh, REMEMBERED_SECONDS)
    return [(use_case, (known | fresh)[key]) for key, use_case in keys.items()]


def _key(use_case: UseCase, day: date) -> str:
    return f"turns:{use_case.pk}:{use_case.newest_event}:{day}:{language()}"
