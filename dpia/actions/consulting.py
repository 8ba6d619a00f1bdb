"""The prior consultation of the authority: asked, extended, suspended while it waits for information, answered."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from dpia.models import Assessment, AuthorityConsultation, ConsultationPause
from dpia.parts import act_as, drafting_for
from dpia.steps import in_state, lock, step, written
from dpia.terms import Pause, due_on
from station.reasons import Refused


@transaction.atomic
def consult_authority(*, assessment: Assessment, reference: str, asked_on: date, by: User) -> AuthorityConsultation:
    """A high risk remains: the authority is asked first (GDPR art. 36; 8 weeks, plus 6)."""
    assessment = lock(assessment)
    organisation = drafting_for(assessment, by)
    act_as("draft_assessment", assessment=assessment, organisation=organisation, user=by)
    _check_past(asked_on)
    asked = AuthorityConsultation(
        assessment=assessment, round=assessment.round, reference=written(reference, "consultation.reference")[:200],
        asked_on=asked_on, due_on=due_on(asked_on, extended=False, pauses=()), by=by,
    )  # fmt: skip
    step("consult_authority", assessment, by=by, organisation=organisation, reference=asked.reference)
    asked.save()
    return asked


@transaction.atomic
def extend_consultation(*, assessment: Assessment, reason: str, on: date, by: User) -> AuthorityConsultation:
    """The authority said, with its reasons, that it needs six weeks more. Once."""
    assessment, asked, organisation = _open(assessment, by)
    _check_since(asked.asked_on, on)
    facts = {"reference": asked.reference, "day": on.isoformat(), "reason": written(reason)}
    step("extend_consultation", assessment, by=by, organisation=organisation, **facts)
    asked.extended_on, asked.extension = on, facts["reason"]
    _reckon(asked)
    return asked


@transaction.atomic
def pause_consultation(*, assessment: Assessment, what: str, on: date, by: User) -> ConsultationPause:
    """The authority asked for information: from that day its term is suspended."""
    assessment, asked, organisation = _open(assessment, by)
    last = asked.pauses.order_by("-begin").first()
    _check_since(last.end if last and last.end else asked.asked_on, on)
    facts = {"reference": asked.reference, "day": on.isoformat(), "what": written(what, "consultation.what")}
    step("pause_consultation", assessment, by=by, organisation=organisation, **facts)
    pause = asked.pauses.create(begin=on, what=facts["what"], by=by)
    _reckon(asked)
    return pause


@transaction.atomic
def continue_consultation(*, assessment: Assessment, on: date, by: User) -> AuthorityConsultation:
    """The authority has what it asked for: from that day its term runs on."""
    assessment, asked, organisation = _open(assessment, by)
    facts = {"reference": asked.reference, "day": on.isoformat()}
    step("continue_consultation", assessment, by=by, organisation=organisation, **facts)
    _end_pause(asked, on)
    _reckon(asked)
    return asked


@transaction.atomic
def record_authority_answer(*, assessment: Assessment, answer: str, answered_on: date, by: User) -> Assessment:
    assessment, asked, organisation = _open(assessment, by)
    _check_since(asked.asked_on, answered_on)
    asked.answer, asked.answered_on = written(answer, "consultation.answer"), answered_on
    asked.save()
    _end_pause(asked, answered_on)
    step("authority_answered", assessment, by=by, organisation=organisation, reference=asked.reference)
    return assessment


def _open(assessment: Assessment, by: User) -> tuple[Assessment, AuthorityConsultation, Organisation]:
    """The consultation that waits for its answer, for a drafter."""
    assessment = lock(assessment)
    in_state(assessment, "prior_consultation")
    organisation = drafting_for(assessment, by)
    act_as("draft_assessment", assessment=assessment, organisation=organisation, user=by)
    return assessment, assessment.consultations.get(round=assessment.round, answered_on=None), organisation


def _end_pause(asked: AuthorityConsultation, day: date) -> None:
    pause = asked.pauses.filter(end=None).first()
    if pause is not None:
        _check_since(pause.begin, day)
        pause.end = day
        pause.save()


def _reckon(asked: AuthorityConsultation) -> None:
    pauses = [Pause(row.begin, row.end) for row in asked.pauses.all()]
    asked.due_on = due_on(asked.asked_on, extended=asked.extended_on is not None, pauses=pauses)
    asked.save()


def _check_since(begin: date, day: date) -> None:
    _check_past(day)
    if day < begin:
        raise Refused("dates.end_before_begin", begin=begin.isoformat(), end=day.isoformat())


def _check_past(day: date) -> None:
    if day > timezone.localdate():
        raise Refused("dates.future")
