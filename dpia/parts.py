"""Who plays which part in one DPIA: drafter, reviewer, DPO and manager are different people, and nobody acts for two
controllers. Which parts one person may play together stands in the lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from accounts import roles
from accounts.models import Organisation, User
from dpia.lifecycle import PARTS, TOGETHER
from dpia.models import Assessment, Part
from station.reasons import Reason, Refused


@dataclass(frozen=True)
class Seat:
    """What somebody is in one DPIA, read once: the parts that are theirs, and what they may do for which controller, in
    the order in which they would: in their part, then at the coordinator, then elsewhere."""

    assessment: Assessment
    user: User
    held: list[Part]
    powers: list[tuple[Organisation, str]]

    def candidates(self, *permissions: str) -> list[tuple[Organisation, str]]:
        return [one for one in self.powers if one[1] in permissions]

    def drafting_for(self) -> Organisation:
        """The controller for which this user drafts."""
        for organisation, _permission in self.candidates("draft_assessment"):
            return organisation
        raise PermissionDenied("draft_assessment at a controller")

    def obstacle(self, permission: str, organisation: Organisation) -> Reason | None:
        """Why this person cannot act in this part, whatever their permissions; None when nothing stands in the way."""
        for held in self.held:
            if held.organisation_id != organisation.pk:
                return Reason("four_eyes.two_controllers", {"organisation": held.organisation.name})
            if held.part != PARTS[permission] and {held.part, PARTS[permission]} not in TOGETHER:
                return Reason("four_eyes.other_part", {"part": str(held.get_part_display())})
        return None

    def act_as(self, permission: str, organisation: Organisation) -> None:
        """Lets somebody act for a controller in the part of this permission, now and later."""
        if (organisation, permission) not in self.powers:
            raise PermissionDenied(f"{permission} at {organisation.slug}")
        if reason := self.obstacle(permission, organisation):
            raise Refused(reason)
        part = PARTS[permission]
        if part not in [held.part for held in self.held]:
            Part.objects.get_or_create(
                assessment=self.assessment, user=self.user, part=part, defaults={"organisation": organisation}
            )


def seat(assessment: Assessment, user: User, controllers: Sequence[Organisation] | None = None) -> Seat:
    """``controllers``: of this DPIA, when they were read already."""
    held = list(assessment.parts.filter(user=user).select_related("organisation").order_by("pk"))
    if controllers is None:
        controllers = [row.organisation for row in assessment.controllers.select_related("organisation")]
    may = roles.permissions_at(user, controllers)
    mine = {(one.organisation_id, one.part) for one in held}
    found = [(one, permission) for one in controllers for permission in sorted(may.get(one.pk, ()))]
    found.sort(key=lambda one: ((one[0].pk, PARTS.get(one[1])) not in mine, one[0].pk != assessment.coordinator_id))
    return Seat(assessment, user, held, found)


def act_as(permission: str, *, assessment: Assessment, organisation: Organisation, user: User) -> None:
    """Lets somebody act for a controller in the part of this permission, now and later; refuses another part or
    another controller."""
    seat(assessment, user).act_as(permission, organisation)


def obstacle(permission: str, *, assessment: Assessment, organisation: Organisation, user: User) -> Reason | None:
    """Why this person cannot act in this part, whatever their permissions; None when nothing stands in the way."""
    return seat(assessment, user, ()).obstacle(permission, organisation)


def acting_by(permissions: Sequence[str], assessment: Assessment, organisation: Organisation, user: User) -> str:
    """By which of these permissions the user acts for this controller."""
    found = [permission for one, permission in candidates(assessment, user, *permissions) if one == organisation]
    if not found:
        raise PermissionDenied(f"{' or '.join(permissions)} at {organisation.slug}")
    return found[0]


def drafting_for(assessment: Assessment, user: User) -> Organisation:
    """The controller for which this user drafts."""
    return seat(assessment, user).drafting_for()


def candidates(assessment: Assessment, user: User, *permissions: str) -> list[tuple[Organisation, str]]:
    """Where the user holds which of these permissions."""
    return seat(assessment, user).candidates(*permissions)


def powers(assessment: Assessment, user: User) -> list[tuple[Organisation, str]]:
    """Everything the user may do for a controller."""
    return seat(assessment, user).powers
