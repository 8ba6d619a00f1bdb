"""Reading the turns that are written down: those of one person, and who holds up the use cases of a list."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts import roles
from accounts.models import Organisation, User
from collaborations import kept, turns
from collaborations.models import UseCase, UseCaseQuerySet, WaitingTurn

Held = dict[str, tuple[Organisation, Set[str]]]
"""Organisation key -> (organisation, permissions)"""


@dataclass(frozen=True)
class Blocker:
    """An organisation for which a use case waits, and since when."""

    name: str
    since: datetime


def going_on(user: User) -> UseCaseQuerySet:
    """Where something can wait for this person."""
    return turns.going_on(UseCase.objects.visible_to(user), timezone.localdate())


def held_by(user: User) -> Held:
    """What this person may do, for each of their organisations."""
    return held_at(roles.places(user))


def held_at(places: Iterable[roles.Place]) -> Held:
    return {place.organisation.slug: (place.organisation, place.permissions) for place in places if place.active}


def rows_for(user: User, held: Held) -> QuerySet[WaitingTurn]:
    """Everything that this person may do now for one of their organisations; what is behind is worked out first."""
    if wanted := kept.wanted():
        kept.bring_up_to_date(going_on(user).filter(pk__in=wanted))
    own = Q(pk__in=[])
    for key, (_organisation, permissions) in held.items():
        own |= Q(who=key, permission__in=sorted(permissions))
    return WaitingTurn.objects.filter(own, use_case__in=UseCase.objects.visible_to(user))


def waiting_for(user: User, held: Held) -> QuerySet[WaitingTurn, Any]:
    """The use cases in which it is this person's turn, for use in a query."""
    return rows_for(user, held).order_by().values("use_case")


def blockers(use_cases: Iterable[UseCase]) -> dict[UUID, list[Blocker]]:
    """Per use case for whom it waits, the longest first: the same for all partners."""
    name = Organisation.objects.filter(slug=OuterRef("who")).values("name")
    rows = WaitingTurn.objects.filter(use_case_id__in=[use_case.pk for use_case in use_cases])
    rows = rows.annotate(called=Subquery(name)).values_list("use_case", "who", "called")
    rows = rows.annotate(first=Min("since")).order_by("first")
    told: dict[UUID, list[Blocker]] = {}
    for key, who, called, since in rows:
        told.setdefault(key, []).append(Blocker(called or who, since))
    return told
