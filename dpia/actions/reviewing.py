"""The privacy officers' review, sending back, and consulting the authority."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.roles import permissions_of
from dpia.lifecycle import ASSESSMENT
from dpia.models import Assessment, AuthorityConsultation, Review
from dpia.parts import act_as, drafting_for
from dpia.requirements import all_reviewed
from dpia.steps import in_state, lock, record, step, written
from station.reasons import Refused

PARTS = {
    "review_assessment": "privacy_officer",
    "advise_assessment": "dpo",
    "draft_assessment": "drafter",
    "adopt_assessment": "manager",
}


@transaction.atomic
def review(*, assessment: Assessment, organisation: Organisation, verdict: str, by: User, text: str = "") -> Review:
    """A controller's privacy officer finds it ready, or sends it back with the reason. The last one moves it on."""
    assessment = lock(assessment)
    in_state(assessment, "privacy_review")
    act_as("privacy_officer", "review_assessment", assessment=assessment, organisation=organisation, user=by)
    if verdict not in dict(Review.VERDICTS):
        raise Refused("review.verdict")
    text = written(text) if verdict == "negative" else text.strip()
    version = assessment.submitted_version
    if version is None or version.reviews.filter(organisation=organisation).exists():
        raise Refused("review.done", organisation=organisation.name)
    made = Review.objects.create(version=version, organisation=organisation, by=by, verdict=verdict, text=text)
    record("assessment.review_given", assessment, by=by, organisation=organisation, verdict=verdict)
    if verdict == "negative":
        step("send_back", assessment, by=by, organisation=organisation, reason=text)
    elif not list(all_reviewed(assessment)):
        step("reviewed", assessment, by=by, organisation=organisation)
    return made


@transaction.atomic
def send_back(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """Back to the drafter, with the reason; what was said about this version stays with it."""
    assessment = lock(assessment)
    reason = written(reason)
    held = permissions_of(by, organisation)
    permission = next((one for one in ASSESSMENT["send_back"].permissions if one in held), "review_assessment")
    act_as(PARTS[permission], permission, assessment=assessment, organisation=organisation, user=by)
    step("send_back", assessment, by=by, organisation=organisation, reason=reason)
    return assessment


@transaction.atomic
def consult_authority(*, assessment: Assessment, reference: str, asked_on: date, by: User) -> AuthorityConsultation:
    """A high risk remains: the authority is asked first (GDPR art. 36; 8 weeks, plus 6)."""
    assessment = lock(assessment)
    acting = drafting_for(assessment, by)
    act_as("drafter", "draft_assessment", assessment=assessment, organisation=acting, user=by)
    if asked_on > timezone.localdate():
        raise Refused("dates.future")
    asked = AuthorityConsultation(
        assessment=assessment, round=assessment.round, reference=written(reference, "consultation.reference"),
        asked_on=asked_on, by=by,
    )  # fmt: skip
    step("consult_authority", assessment, by=by, organisation=acting)
    asked.save()
    return asked


@transaction.atomic
def record_authority_answer(*, assessment: Assessment, answer: str, answered_on: date, by: User) -> Assessment:
    assessment = lock(assessment)
    in_state(assessment, "prior_consultation")
    acting = drafting_for(assessment, by)
    act_as("drafter", "draft_assessment", assessment=assessment, organisation=acting, user=by)
    asked = assessment.consultations.get(answered_on=None)
    if answered_on < asked.asked_on:
        raise Refused("dates.end_before_begin", begin=asked.asked_on.isoformat(), end=answered_on.isoformat())
    asked.answer, asked.answered_on = written(answer, "consultation.answer"), answered_on
    asked.save()
    step("authority_answered", assessment, by=by, organisation=acting)
    return assessment
