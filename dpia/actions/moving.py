"""Putting a draft on another template, or another version of its own."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dpia.catalogue import find, stored
from dpia.measures import keep_due
from dpia.models import Answer, Assessment
from dpia.moving import plan
from dpia.parts import act_as, drafting_for
from dpia.sheet import Sheet
from dpia.steps import freeze, in_state, lock, record
from station.reasons import Refused


@transaction.atomic
def move_template(*, assessment: Assessment, key: str, version: str, by: User) -> Assessment:
    """What stands there now is frozen first, so nothing is lost; then answers move along where they have a place."""
    assessment = lock(assessment)
    in_state(assessment, "draft")
    organisation = drafting_for(assessment, by)
    act_as("draft_assessment", assessment=assessment, organisation=organisation, user=by)
    target = find(key, version)
    if target is None or target.state != "published":
        raise Refused("template.unknown", key=f"{key} {version}"[:100])
    if (assessment.template.key, assessment.template.version) == (key, version):
        raise Refused("template.same")
    moves = plan(Sheet(assessment), target.form)
    kept = freeze(assessment, "moved")
    asked = {question.id for question in target.form.questions()}
    taken = {(one.question.id, one.answer.organisation_id) for one in moves if one.question}
    for one in moves:
        if one.question is not None:
            Answer.objects.update_or_create(
                assessment=assessment, question=one.question.id, organisation=one.answer.organisation,
                defaults={"value": one.value, "by": one.answer.by, "at": one.answer.at},
            )  # fmt: skip
        elif one.answer.question in asked and (one.answer.question, one.answer.organisation_id) not in taken:
            one.answer.value = [] if isinstance(one.answer.value, list) else ""
            one.answer.at = timezone.now()
            one.answer.save()
    before = str(assessment.template)
    assessment.template = stored(target)
    assessment.save(update_fields=["template"])
    keep_due(assessment)
    record(
        "assessment.template_moved", assessment, by=by, organisation=organisation, before=before,
        template=str(assessment.template), version=kept.number, left=sum(one.question is None for one in moves),
    )  # fmt: skip
    return assessment
