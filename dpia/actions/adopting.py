"""The controllers decide: each adopts through its own mandated manager, unanimously."""

from __future__ import annotations

from django.db import transaction

from accounts.actions import mandate_today
from accounts.models import Organisation, User
from dpia.models import Adoption, Assessment
from dpia.parts import act_as, drafting_for
from dpia.requirements import all_adopted
from dpia.steps import freeze, in_state, lock, record, step, written
from station.reasons import Refused


@transaction.atomic
def propose_adoption(*, assessment: Assessment, by: User) -> Assessment:
    """Puts the DPIA, with the response to the advice, before the managers; frozen as a version."""
    assessment = lock(assessment)
    acting = drafting_for(assessment, by)
    act_as("drafter", "draft_assessment", assessment=assessment, organisation=acting, user=by)
    step("propose_adoption", assessment, by=by, organisation=acting)
    freeze(assessment, "adoption")
    return assessment


@transaction.atomic
def adopt(*, assessment: Assessment, organisation: Organisation, by: User) -> Adoption:
    """One controller's decision, under a mandate in force; the last one makes the DPIA adopted."""
    assessment = lock(assessment)
    in_state(assessment, "adoption")
    act_as("manager", "adopt_assessment", assessment=assessment, organisation=organisation, user=by)
    mandate = mandate_today(by, organisation)
    version = assessment.current_version
    if version is None or version.adoptions.filter(organisation=organisation).exists():
        raise Refused("adoption.done", organisation=organisation.name)
    adoption = Adoption.objects.create(version=version, organisation=organisation, by=by, mandate=mandate)
    record("assessment.adoption_given", assessment, by=by, organisation=organisation, function=mandate.function)
    if not list(all_adopted(assessment)):
        step("adopted", assessment, by=by, organisation=organisation)
    return adoption


@transaction.atomic
def decline_adoption(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """A controller does not adopt: back to the response, with the reason. All managers decide on the next version."""
    assessment = lock(assessment)
    act_as("manager", "adopt_assessment", assessment=assessment, organisation=organisation, user=by)
    step("decline_adoption", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment
