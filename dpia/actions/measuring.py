"""Telling how far a measure is, beside the DPIA: the answers, and the hash of an adopted one, stay as they are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import roles
from accounts.models import Organisation, User
from dpia.computed import IN_PLACE
from dpia.measures import MEASURES, Followed, followed, keep_due
from dpia.models import Assessment, MeasureNote
from dpia.questions import Question
from dpia.sheet import Sheet, with_computed_cells
from dpia.steps import lock, record, written
from station.reasons import Refused

TELLS = ("draft_assessment", "review_assessment")
"""Who at the organisation that sees to a measure tells how far it is."""


@transaction.atomic
def report_measure(
    *, assessment: Assessment, measure: str, state: str, text: str, by: User, due: date | None = None
) -> MeasureNote:
    """``due``: another date, for what still has to come."""
    assessment = lock(assessment)
    if assessment.state == "withdrawn":
        raise Refused("lifecycle.state", state=str(assessment.get_state_display()))
    row = next((one for one in followed(assessment) if one.id == measure), None)
    if row is None:
        raise Refused("measure.gone")
    organisation = Organisation.objects.get(slug=row.organisation)
    if not any(roles.allowed(by, permission, organisation) for permission in TELLS):
        raise PermissionDenied(f"{' or '.join(TELLS)} at {organisation.slug}")
    _check(assessment, row, state, due)
    made = MeasureNote.objects.create(
        assessment=assessment, measure=measure, state=state, due=due, organisation=organisation, by=by,
        text=written(text, "measure.text"),
    )  # fmt: skip
    keep_due(assessment)
    record(
        "assessment.measure_reported", assessment, by=by, organisation=organisation, measure=measure,
        number=row.number, state=state,
    )  # fmt: skip
    return made


def _check(assessment: Assessment, row: Followed, state: str, due: date | None) -> None:
    if state not in dict(MeasureNote.STATES):
        raise Refused("measure.state")
    if due is not None and due < timezone.localdate():
        raise Refused("measure.date_past", day=due.isoformat())
    if state in IN_PLACE:
        _check_found(assessment, row, state)


def _check_found(assessment: Assessment, row: Followed, state: str) -> None:
    """What the specification contradicts is not in place, whoever says so."""
    sheet = Sheet(assessment)
    question = sheet.form.question(MEASURES)
    value: dict[str, Any] = next((one for one in sheet.values().get(MEASURES) or [] if one.get("id") == row.id), {})
    found = _enforced(question, value | {"state": state}) if question else None
    if found is not None and found["state"] != "holds":
        because = found["because"]
        raise Refused(
            "assessment.measure_fails", number=row.number, measure=row.measure, because=because["nl"],
            because_en=because["en"],
        )  # fmt: skip


def _enforced(question: Question, row: dict[str, Any]) -> dict[str, Any] | None:
    key = next((column.id for column in question.columns if column.computed == "enforced"), None)
    return with_computed_cells(question, [row])[0].get(key) if key else None
