"""Which steps somebody can take now, for which controller, and what still stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Mandate, Organisation, User
from dpia.lifecycle import ASSESSMENT, KIND_OF, ONE_BY_ONE
from dpia.models import Assessment
from dpia.parts import obstacle, powers
from dpia.reviewers import open_reviews
from dpia.turns import done
from station.reasons import Reason

STEPS = (
    "submit", "review", "review_law", "review_security", "advise", "propose_adoption", "adopt", "authority_answered",
    "consult_authority", "pause_consultation", "continue_consultation", "extend_consultation", "confirm", "resume",
    "review_again", "decline_adoption", "send_back", "reconsider", "reopen", "suspend", "withdraw",
)  # fmt: skip
"""Everything that moves a DPIA, what brings it on first."""
BINDING = ("adopt", "decline_adoption", "confirm")
ANYBODY = ("reopen", "withdraw")
"""Steps that make nobody play a part."""


@dataclass(frozen=True)
class Chance:
    name: str
    organisation: Organisation
    reasons: list[Reason]


def chances(assessment: Assessment, user: User) -> list[Chance]:
    held = powers(assessment, user)
    found = (chance(name, assessment, user, held) for name in STEPS)
    return [one for one in found if one is not None]


def chance(
    name: str, assessment: Assessment, user: User, held: Sequence[tuple[Organisation, str]] | None = None
) -> Chance | None:
    """None when it is not this step's moment, or not this person's. ``held``: the user's powers, when known."""
    states, permissions = rule(name)
    if assessment.state not in states:
        return None
    for organisation, permission in powers(assessment, user) if held is None else held:
        if permission in permissions and _asked(name, assessment, organisation):
            return Chance(name, organisation, list(_reasons(name, permission, assessment, organisation, user)))
    return None


def rule(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """From which states, and by which permissions."""
    if name in ONE_BY_ONE:
        state, permission = ONE_BY_ONE[name]
        return (state,), (permission,)
    return ASSESSMENT[name].sources, ASSESSMENT[name].permissions


def _asked(name: str, assessment: Assessment, organisation: Organisation) -> bool:
    """Whether this step is this organisation's to take."""
    if name in KIND_OF:
        return (organisation, KIND_OF[name]) in open_reviews(assessment)
    if name in ONE_BY_ONE:
        return organisation.pk not in done(assessment)
    only = {
        "confirm": assessment.doubted_by,
        "resume": assessment.suspended_by,
        "withdraw": assessment.coordinator,
    }
    return only.get(name, organisation) == organisation


def _reasons(
    name: str, permission: str, assessment: Assessment, organisation: Organisation, user: User
) -> Iterator[Reason]:
    held = obstacle(permission, assessment=assessment, organisation=organisation, user=user)
    if held is not None and name not in ANYBODY:
        yield held
        return
    if name in BINDING and Mandate.objects.in_force(organisation, user, timezone.localdate()) is None:
        yield Reason("mandate.none", {"organisation": organisation.name})
    for requirement in ASSESSMENT[name].requirements if name in ASSESSMENT else ():
        yield from requirement(assessment)
