"""The reviews by privacy officers, lawyers and security officers, and sending back."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation, User
from dpia.checking import LONGEST, storable
from dpia.lifecycle import ASSESSMENT
from dpia.models import Assessment, Review
from dpia.parts import act_as, acting_by
from dpia.requirements import all_reviewed
from dpia.reviewers import REVIEWS, asked
from dpia.steps import in_state, lock, record, same_version, step, written
from station.reasons import Refused


@transaction.atomic
def review(
    *, assessment: Assessment, organisation: Organisation, verdict: str, by: User, text: str = "",
    version: int | None = None, kind: str = "privacy",
) -> Review:  # fmt: skip
    """A controller's reviewer finds it ready, or sends it back with the reason. In any order; the last one moves it on.
    ``version``: the number of the version that was read. ``kind``: as privacy officer, lawyer or security officer."""
    assessment = lock(assessment)
    in_state(assessment, "privacy_review")
    act_as(REVIEWS[kind], assessment=assessment, organisation=organisation, user=by)
    if verdict not in dict(Review.VERDICTS):
        raise Refused("review.verdict")
    text = written(text) if verdict == "negative" else storable(text, LONGEST)
    read = same_version(assessment.submitted_version, version)
    if read.reviews.filter(organisation=organisation, kind=kind).exists():
        raise Refused("review.done", organisation=organisation.name)
    if (organisation, kind) not in asked(read, [organisation]):
        raise Refused("review.not_asked", organisation=organisation.name)
    made = Review.objects.create(version=read, organisation=organisation, kind=kind, by=by, verdict=verdict, text=text)
    _given(assessment, made)
    if verdict == "negative":
        step("send_back", assessment, by=by, organisation=organisation, reason=text)
    elif not list(all_reviewed(assessment)):
        step("reviewed", assessment, by=by, organisation=organisation)
    return made


def _given(assessment: Assessment, made: Review) -> None:
    facts = {"verdict": made.verdict, "version": made.version.number}
    if made.kind == "law":
        record("assessment.law_review_given", assessment, by=made.by, organisation=made.organisation, **facts)
    elif made.kind == "security":
        record("assessment.security_review_given", assessment, by=made.by, organisation=made.organisation, **facts)
    else:
        record("assessment.review_given", assessment, by=made.by, organisation=made.organisation, **facts)


@transaction.atomic
def send_back(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """Back to the drafter, with the reason; what was said about this version stays with it."""
    assessment = lock(assessment)
    permission = acting_by(ASSESSMENT["send_back"].permissions, assessment, organisation, by)
    act_as(permission, assessment=assessment, organisation=organisation, user=by)
    step("send_back", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment
