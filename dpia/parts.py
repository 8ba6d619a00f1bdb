"""Who plays which part in one DPIA: drafter, privacy officer, DPO and manager are different people, and nobody acts
for two controllers."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied

from accounts import roles
from accounts.models import Organisation, User
from dpia.lifecycle import PARTS
from dpia.models import Assessment, Part
from station.reasons import Reason, Refused


def act_as(permission: str, *, assessment: Assessment, organisation: Organisation, user: User) -> None:
    """Lets somebody act for a controller in the part of this permission, now and later; refuses another part or
    another controller."""
    require_controller(assessment, organisation)
    roles.require(user, permission, organisation)
    if reason := obstacle(permission, assessment=assessment, organisation=organisation, user=user):
        raise Refused(reason)
    fields = {"organisation": organisation, "part": PARTS[permission]}
    Part.objects.get_or_create(assessment=assessment, user=user, defaults=fields)


def obstacle(permission: str, *, assessment: Assessment, organisation: Organisation, user: User) -> Reason | None:
    """Why this person cannot act in this part, whatever their permissions; None when nothing stands in the way."""
    held = assessment.parts.filter(user=user).select_related("organisation").first()
    if held is None or (held.part == PARTS[permission] and held.organisation_id == organisation.pk):
        return None
    if held.organisation_id != organisation.pk:
        return Reason("four_eyes.two_controllers", {"organisation": held.organisation.name})
    return Reason("four_eyes.other_part", {"part": str(held.get_part_display())})


def acting_by(permissions: Sequence[str], assessment: Assessment, organisation: Organisation, user: User) -> str:
    """By which of these permissions the user acts for this controller."""
    found = [permission for one, permission in candidates(assessment, user, *permissions) if one == organisation]
    if not found:
        raise PermissionDenied(f"{' or '.join(permissions)} at {organisation.slug}")
    return found[0]


def drafting_for(assessment: Assessment, user: User) -> Organisation:
    """The controller for which this user drafts."""
    for organisation, _permission in candidates(assessment, user, "draft_assessment"):
        return organisation
    raise PermissionDenied("draft_assessment at a controller")


def candidates(assessment: Assessment, user: User, *permissions: str) -> list[tuple[Organisation, str]]:
    """Where the user holds which of these permissions: first in the part that is already theirs, then at the
    coordinator, then elsewhere."""
    return [one for one in powers(assessment, user) if one[1] in permissions]


def powers(assessment: Assessment, user: User) -> list[tuple[Organisation, str]]:
    """Everything the user may do for a controller, in that order."""
    held = assessment.parts.filter(user=user).first()
    mine = (held.organisation_id, held.part) if held else None
    controllers = [row.organisation for row in assessment.controllers.select_related("organisation")]
    found = [(one, permission) for one in controllers for permission in sorted(roles.permissions_of(user, one))]
    return sorted(found, key=lambda one: ((one[0].pk, PARTS.get(one[1])) != mine, one[0] != assessment.coordinator))


def require_controller(assessment: Assessment, organisation: Organisation) -> None:
    if not assessment.controllers.filter(organisation=organisation).exists():
        raise PermissionDenied(f"{organisation.slug} is no controller of this DPIA")
