"""What waits for one person, across all use cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Organisation, User
from accounts.turn import Turn
from collaborations.models import UseCase
from collaborations.remembered import going_on as open_use_cases
from collaborations.remembered import held_by, own_turns

__all__ = ["Item", "open_use_cases", "waiting_for"]


@dataclass(frozen=True)
class Item:
    """One thing that waits: in which use case, for which organisation of this person, what, since when, where."""

    use_case: UseCase
    organisation: Organisation
    turn: Turn


def waiting_for(user: User, use_cases: Iterable[UseCase]) -> list[Item]:
    """Everything in these use cases that this person may do now for one of their organisations, longest waiting first.

    Each use case that changed costs its own queries, so hand in a page of them, not all.
    """
    found = [Item(*entry) for entry in own_turns(held_by(user), use_cases)]
    return sorted(found, key=lambda item: item.turn.since or item.use_case.state_since)
