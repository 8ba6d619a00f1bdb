"""What may happen to a DPIA after the decision: doubt, suspension, a new round, the end."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actions import mandate_today
from accounts.models import Organisation, User
from accounts.roles import permissions_of, require
from dpia.lifecycle import ASSESSMENT
from dpia.models import Assessment
from dpia.parts import act_as, drafting_for, require_controller
from dpia.steps import lock, step, written
from station.reasons import Refused


@transaction.atomic
def suspend(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """The DPO's stop: nothing new runs from now on, and what runs is not released."""
    assessment = lock(assessment)
    act_as("dpo", "suspend_assessment", assessment=assessment, organisation=organisation, user=by)
    assessment.suspended_by = organisation
    step("suspend", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def resume(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """Only the organisation that suspended can lift it."""
    assessment = lock(assessment)
    organisation = assessment.suspended_by
    if organisation is None:
        raise Refused("lifecycle.state", state=str(assessment.get_state_display()))
    act_as("dpo", "suspend_assessment", assessment=assessment, organisation=organisation, user=by)
    assessment.suspended_by = None
    step("resume", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def reconsider(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """Something changed: until it is confirmed or reopened, the DPIA does not count as adopted."""
    assessment = lock(assessment)
    require_controller(assessment, organisation)
    if not permissions_of(by, organisation) & set(ASSESSMENT["reconsider"].permissions):
        raise PermissionDenied
    step("reconsider", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def confirm(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """The adopted DPIA still holds as it is."""
    assessment = lock(assessment)
    act_as("manager", "adopt_assessment", assessment=assessment, organisation=organisation, user=by)
    mandate_today(by, organisation)
    step("confirm", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def reopen(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """A new round, from the answers as they are. Everything is reviewed, advised and adopted again."""
    assessment = lock(assessment)
    organisation = drafting_for(assessment, by)
    if assessment.suspended_by is not None:
        raise Refused("assessment.suspended_by", organisation=assessment.suspended_by.name)
    step("reopen", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def withdraw(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    assessment = lock(assessment)
    require(by, "draft_assessment", assessment.coordinator)
    step("withdraw", assessment, by=by, organisation=assessment.coordinator, reason=written(reason))
    return assessment
