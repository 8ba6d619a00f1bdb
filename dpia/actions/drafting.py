"""Making a DPIA, filling it in, and handing it over for review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

import audit
from accounts.models import Organisation, User
from dpia import sheet
from dpia.lifecycle import ASSESSMENT
from dpia.models import Answer, Assessment, Controller, FactsDocument, Template
from dpia.parts import act_as, drafting_for
from dpia.steps import freeze, in_state, lock, record, step
from dpia.template import from_file
from station.contract.canonical import digest
from station.reasons import Refused


@transaction.atomic
def create_assessment(
    *, title: str, template: str, facts: dict[str, Any], controllers: Sequence[Organisation],
    coordinator: Organisation, context: Any, by: User,
) -> Assessment:  # fmt: skip
    """A DPIA of these controllers, about what the facts describe. Whoever calls this has checked ``by``."""
    if not controllers:
        raise Refused("specification.no_controller")
    if coordinator not in controllers:
        coordinator = sorted(controllers, key=lambda o: o.slug)[0]
    kind, key = audit.reference(context)
    assessment = Assessment.objects.create(
        title=title, template=_published(template), facts=_kept(facts), coordinator=coordinator, created_by=by,
        context_type=kind, context_id=key,
    )  # fmt: skip
    Controller.objects.bulk_create(Controller(assessment=assessment, organisation=o) for o in controllers)
    record("assessment.created", assessment, by=by, organisation=coordinator)
    return assessment


@transaction.atomic
def bind_facts(*, assessment: Assessment, facts: dict[str, Any], by: User | str) -> Assessment:
    """Binds the DPIA to changed facts. Unless it is still a draft, it becomes one: review and advice start again."""
    assessment = lock(assessment)
    if assessment.state == "withdrawn" or assessment.facts.sha256 == digest(facts):
        return assessment
    other = assessment.facts.specification_sha256 != facts["specification_sha256"]
    assessment.facts = _kept(facts)
    if assessment.state in ASSESSMENT["rebind"].sources:
        step("rebind", assessment, by=by, sha256=assessment.facts.sha256)
    else:
        assessment.save(update_fields=["facts"])
        if other:
            record("assessment.facts_bound", assessment, by=by, organisation=None, sha256=assessment.facts.sha256)
    return assessment


@transaction.atomic
def answer(
    *, assessment: Assessment, question: str, value: Any, by: User, organisation: Organisation | None = None
) -> Answer:
    """Saves one answer; never changes a state. A question per controller needs the controller's ``organisation``."""
    assessment = lock(assessment)
    in_state(assessment, "draft", "response")
    asked = sheet.form(assessment).question(question)
    if asked is None:
        raise Refused("answer.unknown_question")
    if (asked.per == "controller") != (organisation is not None):
        raise Refused("answer.whose", question=asked.label.nl, question_en=asked.label.en)
    acting = organisation or drafting_for(assessment, by)
    act_as("drafter", "draft_assessment", assessment=assessment, organisation=acting, user=by)
    value = sheet.checked(asked, value)
    digest(value)  # only what canonical JSON can hold
    given, _made = Answer.objects.update_or_create(
        assessment=assessment, question=question, organisation=organisation,
        defaults={"value": value, "by": by, "at": timezone.now()},
    )  # fmt: skip
    record("assessment.answered", assessment, by=by, organisation=acting, question=question)
    return given


@transaction.atomic
def submit(*, assessment: Assessment, by: User) -> Assessment:
    """Hands the complete draft to the privacy officers, frozen as a version."""
    assessment = lock(assessment)
    acting = drafting_for(assessment, by)
    act_as("drafter", "draft_assessment", assessment=assessment, organisation=acting, user=by)
    step("submit", assessment, by=by, organisation=acting)
    freeze(assessment, "submitted")
    return assessment


def _published(key: str) -> Template:
    """The shipped template as a published row; a changed file without a new version number is an error."""
    form = from_file(key)
    data = form.model_dump(mode="json", by_alias=True)
    template, _made = Template.objects.get_or_create(
        key=form.key, version=form.version, defaults={"data": data, "sha256": digest(data), "state": "published"}
    )
    if template.sha256 != digest(data):
        raise ValueError(f"{key}: the file changed; give it a new version number")
    return template


def _kept(facts: dict[str, Any]) -> FactsDocument:
    return FactsDocument.objects.get_or_create(sha256=digest(facts), defaults={"data": facts})[0]
