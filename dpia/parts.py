"""Who plays which part in one DPIA: drafter, privacy officer, DPO and manager are different people, and nobody acts
for two controllers."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from accounts import roles
from accounts.models import Organisation, User
from dpia.models import Assessment, Part
from station.reasons import Refused


def act_as(part: str, permission: str, *, assessment: Assessment, organisation: Organisation, user: User) -> None:
    """Lets somebody act for a controller in this part, now and later; refuses another part or another controller."""
    require_controller(assessment, organisation)
    roles.require(user, permission, organisation)
    held, made = Part.objects.get_or_create(
        assessment=assessment, user=user, defaults={"organisation": organisation, "part": part}
    )
    if made or (held.part == part and held.organisation_id == organisation.pk):
        return
    if held.organisation_id != organisation.pk:
        raise Refused("four_eyes.two_controllers", organisation=held.organisation.name)
    raise Refused("four_eyes.other_part", part=str(held.get_part_display()))


def require_controller(assessment: Assessment, organisation: Organisation) -> None:
    if not assessment.controllers.filter(organisation=organisation).exists():
        raise PermissionDenied(f"{organisation.slug} is no controller of this DPIA")


def drafting_for(assessment: Assessment, user: User) -> Organisation:
    """The controller for which this user drafts, the coordinator first."""
    controllers = [controller.organisation for controller in assessment.controllers.select_related("organisation")]
    for organisation in sorted(controllers, key=lambda o: o.pk != assessment.coordinator_id):
        if roles.allowed(user, "draft_assessment", organisation):
            return organisation
    raise PermissionDenied("draft_assessment at a controller")
