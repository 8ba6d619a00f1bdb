"""Binding a DPIA to changed facts: a new specification, other parties, other legal bases."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from dpia.actions.drafting import kept
from dpia.lifecycle import ASSESSMENT
from dpia.models import Assessment, Controller
from dpia.sheet import facts_of
from dpia.steps import lock, record, step
from dpia.template import stored_form
from station.contract.canonical import digest
from station.reasons import Refused

CONTROLLERS = ("controller", "joint_controller")


@transaction.atomic
def bind_facts(*, assessment: Assessment, facts: dict[str, Any], by: User | str) -> Assessment:
    """Unless it is a draft or withdrawn, the DPIA becomes a draft: review, advice and adoption start again."""
    assessment = lock(assessment)
    if assessment.facts.sha256 == digest(facts):
        return assessment
    before = assessment.facts
    assessment.facts = kept(facts)
    _follow_controllers(assessment, facts)
    told = {
        "sha256": assessment.facts.specification_sha256,
        "specification": facts["specification_version"],
        "questions": _changed(assessment, before.data, facts),
        "facts_before": before.sha256,
    }
    if assessment.state in ASSESSMENT["rebind"].sources:
        step("rebind", assessment, by=by, **told)
    else:
        assessment.save(update_fields=["facts", "coordinator", "coordinating_dpo"])
        if before.specification_sha256 != assessment.facts.specification_sha256:
            record("assessment.facts_bound", assessment, by=by, organisation=None, **told)
    return assessment


def _follow_controllers(assessment: Assessment, facts: dict[str, Any]) -> None:
    """Who is a controller follows from the specification. One that left takes no more part; what it said stays."""
    keys = [party["organisation"] for party in facts["parties"] if party["capacity"] in CONTROLLERS]
    now = list(Organisation.objects.filter(slug__in=keys).order_by("slug"))
    if not now:
        raise Refused("specification.no_controller")
    assessment.controllers.exclude(organisation__in=now).delete()
    for organisation in now:
        Controller.objects.get_or_create(assessment=assessment, organisation=organisation)
    if assessment.coordinating_dpo not in now:
        assessment.coordinating_dpo = None
    if assessment.coordinator not in now:
        assessment.coordinator = now[0]


def _changed(assessment: Assessment, before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The questions for which the facts now say something else."""
    form = stored_form(assessment.template)
    old, new = facts_of(form, before), facts_of(form, now)
    return [key for key in new if old[key] != new[key]]
