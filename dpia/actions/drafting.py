"""Making a DPIA, filling it in, and handing it over for review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

import audit
from accounts.models import Organisation, User
from dpia.catalogue import newest, shipped_keys, stored
from dpia.desk import at_desk
from dpia.models import Answer, Assessment, Controller, EarlierAnswer, FactsDocument, Template
from dpia.parts import act_as, drafting_for
from dpia.steps import freeze, lock, record, step
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
        coordinator = min(controllers, key=lambda organisation: organisation.slug)
    kind, key = audit.reference(context)
    assessment = Assessment.objects.create(
        title=title, template=_published(template), facts=kept(facts), coordinator=coordinator, created_by=by,
        context_type=kind, context_id=key,
    )  # fmt: skip
    Controller.objects.bulk_create(Controller(assessment=assessment, organisation=o) for o in controllers)
    record("assessment.created", assessment, by=by, organisation=coordinator)
    return assessment


@transaction.atomic
def answer(
    *, assessment: Assessment, question: str, value: Any, by: User, organisation: Organisation | None = None,
    seen: str | None = None,
) -> Answer | None:  # fmt: skip
    """Saves one answer; never changes a state. A question per controller needs the controller's ``organisation``.

    ``seen``: the fingerprint of what stood there when the form was opened. What this form did not change is left as it
    is now; what somebody else changed as well is refused, so that nobody's text is overwritten unread."""
    desk = at_desk(assessment.pk, by)
    return desk.save(desk.asked(question), value, organisation, seen=seen)[0]


@transaction.atomic
def keep_aside(
    *, assessment: Assessment, question: str, value: Any, by: User, organisation: Organisation | None = None
) -> EarlierAnswer | None:
    """Keeps a text that could not be saved, because somebody else changed the answer or the DPIA was handed over
    meanwhile; None when exactly this was kept already. The answer itself stays as it is."""
    desk = at_desk(assessment.pk, by)
    return desk.set_aside(desk.asked(question), value, organisation)


@transaction.atomic
def submit(*, assessment: Assessment, by: User) -> Assessment:
    """Hands the complete draft to the privacy officers, frozen as a version."""
    assessment = lock(assessment)
    organisation = drafting_for(assessment, by)
    act_as("draft_assessment", assessment=assessment, organisation=organisation, user=by)
    freeze(assessment, "submitted")
    step("submit", assessment, by=by, organisation=organisation)
    return assessment


def kept(facts: dict[str, Any]) -> FactsDocument:
    return FactsDocument.objects.get_or_create(sha256=digest(facts), defaults={"data": facts})[0]


def _published(key: str) -> Template:
    """The newest published version. A changed file that came with the platform, under an old number, is an error."""
    if key in shipped_keys():
        form = from_file(key)
        row = Template.objects.filter(key=key, version=form.version).first()
        if row is not None and row.sha256 != digest(form.document()):
            raise ValueError(f"{key}: the file changed; give it a new version number")
    found = newest(key)
    if found is None:
        raise Refused("template.unknown", key=key)
    return stored(found)
