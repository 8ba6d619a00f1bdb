"""One DPO of the joint DPIA coordinates: sees all advice together and writes the joint summary."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation, User
from dpia.lifecycle import UNDERWAY
from dpia.models import AdviceSummary, Assessment
from dpia.parts import act_as, acting_by
from dpia.steps import in_state, lock, record, same_version, written
from station.reasons import Refused


@transaction.atomic
def choose_coordinating_dpo(
    *, assessment: Assessment, organisation: Organisation, coordinator: Organisation, by: User
) -> Assessment:
    """A DPO, of ``organisation``, names the controller whose DPO coordinates; another can be named until adoption."""
    assessment = lock(assessment)
    in_state(assessment, "draft", *UNDERWAY)
    permission = acting_by(("advise_assessment",), assessment, organisation, by)
    act_as(permission, assessment=assessment, organisation=organisation, user=by)
    if not assessment.controllers.filter(organisation=coordinator).exists():
        raise Refused("coordination.not_controller", organisation=coordinator.name)
    if assessment.coordinating_dpo == coordinator:
        raise Refused("coordination.same", organisation=coordinator.name)
    assessment.coordinating_dpo = coordinator
    assessment.save(update_fields=["coordinating_dpo"])
    record("assessment.coordinating_dpo_chosen", assessment, by=by, organisation=organisation, name=coordinator.name)
    return assessment


@transaction.atomic
def summarise_advice(*, assessment: Assessment, text: str, by: User, version: int | None = None) -> AdviceSummary:
    """The joint summary of all advice on this version. Written again, the one before stays with it."""
    assessment = lock(assessment)
    in_state(assessment, "response")
    coordinator = assessment.coordinating_dpo
    if coordinator is None:
        raise Refused("coordination.nobody")
    act_as("advise_assessment", assessment=assessment, organisation=coordinator, user=by)
    read = same_version(assessment.submitted_version, version)
    made = AdviceSummary.objects.create(
        version=read, organisation=coordinator, by=by, text=written(text, "coordination.text")
    )
    record("assessment.advice_summarised", assessment, by=by, organisation=coordinator, version=read.number)
    return made
