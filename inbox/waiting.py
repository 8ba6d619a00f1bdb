"""What waits for one person, across all use cases: read from the turns that are written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import roles
from accounts.models import Organisation, User
from accounts.turn import Turn
from collaborations import kept, turns
from collaborations.models import UseCase, UseCaseQuerySet, WaitingTurn
from web.language import language

Held = dict[str, tuple[Organisation, set[str]]]
"""Organisation key -> (organisation, permissions)"""
ORDERS = {
    "deadline": (F("deadline").asc(nulls_last=True), "since", "pk"),
    "since": ("since", "pk"),
    "use_case": ("use_case__title", "use_case", F("deadline").asc(nulls_last=True), "since", "pk"),
}


@dataclass(frozen=True)
class Item:
    """One thing that waits: in which use case, for which organisation of this person, what, since when, where."""

    use_case: UseCase
    organisation: Organisation
    turn: Turn

    @property
    def overdue(self) -> bool:
        return self.turn.deadline is not None and self.turn.deadline < timezone.localdate()


def held_by(user: User) -> Held:
    """What this person may do, for each of their organisations."""
    own = Organisation.objects.of(user).distinct()
    return {organisation.slug: (organisation, roles.permissions_of(user, organisation)) for organisation in own}


def open_use_cases(user: User) -> UseCaseQuerySet:
    """Where something can wait for this person."""
    return turns.going_on(UseCase.objects.visible_to(user), timezone.localdate())


def rows_for(user: User, held: Held, order: str = "deadline") -> QuerySet[WaitingTurn]:
    """Everything that this person may do now for one of their organisations; what is behind is worked out first."""
    kept.bring_up_to_date(open_use_cases(user))
    own = Q()
    for key, (_organisation, permissions) in held.items():
        own |= Q(who=key, permission__in=sorted(permissions))
    found = WaitingTurn.objects.filter(own, use_case__in=UseCase.objects.visible_to(user)) if own else None
    rows = WaitingTurn.objects.none() if found is None else found
    return rows.select_related("use_case").order_by(*ORDERS[order])


def items(held: Held, rows: Iterable[WaitingTurn]) -> list[Item]:
    return [Item(row.use_case, held[row.who][0], row.turn(language())) for row in rows]


def waiting_for(user: User) -> list[Item]:
    """All of it, the first deadline first."""
    held = held_by(user)
    return items(held, rows_for(user, held))
