"""What may happen to a DPIA after the decision: doubt, suspension, a new round, the end."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.actions import mandate_today
from accounts.models import Organisation, User
from accounts.roles import require
from dpia.lifecycle import ASSESSMENT
from dpia.models import Assessment
from dpia.parts import act_as, acting_by, drafting_for
from dpia.review_dates import check_review_date, in_a_year
from dpia.steps import in_state, lock, step, written


@transaction.atomic
def suspend(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """The DPO's stop: nothing new runs from now on, and what runs is not released."""
    assessment = lock(assessment)
    act_as("suspend_assessment", assessment=assessment, organisation=organisation, user=by)
    assessment.suspended_from, assessment.suspended_by = assessment.state, organisation
    step("suspend", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def resume(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """Back to where it was suspended from. Only the organisation that suspended can lift it."""
    assessment = lock(assessment)
    in_state(assessment, "suspended")
    organisation, back = assessment.suspended_by, assessment.suspended_from
    assert organisation is not None  # noqa: S101 (a constraint says so)
    act_as("suspend_assessment", assessment=assessment, organisation=organisation, user=by)
    assessment.suspended_by, assessment.suspended_from = None, ""
    step("resume", assessment, by=by, organisation=organisation, to=back, reason=written(reason))
    return assessment


@transaction.atomic
def reconsider(*, assessment: Assessment, organisation: Organisation, reason: str, by: User) -> Assessment:
    """Something changed: until it is confirmed or reopened, the DPIA does not count as adopted."""
    assessment = lock(assessment)
    permission = acting_by(ASSESSMENT["reconsider"].permissions, assessment, organisation, by)
    act_as(permission, assessment=assessment, organisation=organisation, user=by)
    assessment.doubted_by = organisation
    step("reconsider", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def confirm(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """The adopted DPIA still holds as it is: says the manager of the organisation that doubted it."""
    assessment = lock(assessment)
    in_state(assessment, "under_review")
    organisation = assessment.doubted_by
    assert organisation is not None  # noqa: S101 (a constraint says so)
    act_as("adopt_assessment", assessment=assessment, organisation=organisation, user=by)
    mandate_today(by, organisation)
    assessment.doubted_by = None
    step("confirm", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def review_again(
    *, assessment: Assessment, organisation: Organisation, reason: str, by: User, review_on: date | None = None
) -> Assessment:
    """The privacy officer looked again and nothing changed: the DPIA stays as it is until the next review date. What
    did change is for ``reconsider``."""
    assessment = lock(assessment)
    act_as("review_assessment", assessment=assessment, organisation=organisation, user=by)
    day = review_on or in_a_year()
    check_review_date(day)
    assessment.review_on = day
    facts = {"reason": written(reason), "review_on": day.isoformat()}
    step("review_again", assessment, by=by, organisation=organisation, **facts)
    return assessment


@transaction.atomic
def reopen(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """A new round, from the answers as they are. Everything is reviewed, advised and adopted again, so a suspension
    ends here as well: nothing counts as adopted meanwhile."""
    assessment = lock(assessment)
    organisation = drafting_for(assessment, by)
    step("reopen", assessment, by=by, organisation=organisation, reason=written(reason))
    return assessment


@transaction.atomic
def withdraw(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """The end, until somebody reopens it; only the coordinator's drafter."""
    assessment = lock(assessment)
    require(by, "draft_assessment", assessment.coordinator)
    step("withdraw", assessment, by=by, organisation=assessment.coordinator, reason=written(reason))
    return assessment
