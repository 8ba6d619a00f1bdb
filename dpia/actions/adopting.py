"""The controllers decide: each adopts through its own mandated manager, unanimously."""

from __future__ import annotations

from django.db import transaction

from accounts.actions import mandate_today
from accounts.models import Organisation, User
from dpia.models import Adoption, Assessment
from dpia.parts import act_as, drafting_for
from dpia.requirements import all_adopted
from dpia.steps import freeze, in_state, lock, record, same_version, step, written
from station.reasons import Refused


@transaction.atomic
def propose_adoption(*, assessment: Assessment, by: User) -> Assessment:
    """Puts the DPIA, with the response to the advice, before the managers; frozen as a version."""
    assessment = lock(assessment)
    organisation = drafting_for(assessment, by)
    act_as("draft_assessment", assessment=assessment, organisation=organisation, user=by)
    freeze(assessment, "adoption")
    step("propose_adoption", assessment, by=by, organisation=organisation)
    return assessment


@transaction.atomic
def adopt(*, assessment: Assessment, organisation: Organisation, by: User, version: int | None = None) -> Adoption:
    """One controller's decision, under a mandate in force; the last one makes the DPIA adopted.
    ``version``: the number of the version that was read."""
    assessment = lock(assessment)
    in_state(assessment, "adoption")
    act_as("adopt_assessment", assessment=assessment, organisation=organisation, user=by)
    mandate = mandate_today(by, organisation)
    read = same_version(assessment.current_version, version)
    if read.adoptions.filter(organisation=organisation).exists():
        raise Refused("adoption.done", organisation=organisation.name)
    adoption = Adoption.objects.create(version=read, organisation=organisation, by=by, mandate=mandate)
    facts = {"function": mandate.function, "version": read.number}
    record("assessment.adoption_given", assessment, by=by, organisation=organisation, **facts)
    if not list(all_adopted(assessment)):
        step("adopted", assessment, by=by, organisation=organisation)
    return adoption


@transaction.atomic
def decline_adoption(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """A controller does not adopt: back to the response, with the reason. All managers decide on the next version."""
    assessment = lock(assessment)
    act_as("adopt_assessment", assessment=assessment, organisation=organisation, user=by)
    mandate_today(by, organisation)
    step("decline_adoption", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment
