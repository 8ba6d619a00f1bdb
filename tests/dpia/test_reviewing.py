"""The privacy officers' review, sending back, and the authority."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Event
from dpia import actions
from dpia.models import Review
from tests.dpia.people import RISK, again, refused


def review(cast, assessment, key="alfa", role="privacy_officer", **fields):
    fields = {"verdict": "positive", **fields}
    organisation = cast.world.organisations[key]
    return actions.review(assessment=assessment, organisation=organisation, by=cast.person(key, role), **fields)


def test_the_last_privacy_officer_moves_it_on(cast, at):
    assessment = at("privacy_review")
    for key, state in (("alfa", "privacy_review"), ("beta", "privacy_review"), ("gamma", "dpo_advice")):
        review(cast, assessment, key)
        assert again(assessment).state == state


def test_a_review_is_of_the_version_that_was_handed_over(cast, at):
    assessment = at("privacy_review")
    made = review(cast, assessment, text=" Clear enough ")
    assert (made.version, made.text) == (assessment.submitted_version, "Clear enough")


def test_nobody_reviews_twice(cast, at):
    assessment = at("privacy_review")
    review(cast, assessment)
    with refused("review.done"):
        review(cast, assessment)


def test_who_read_another_version_is_told(cast, at):
    with refused("version.other"):
        review(cast, at("privacy_review"), version=2)


def test_a_negative_review_sends_it_back_and_is_kept_with_those_of_others(cast, at):
    assessment = at("privacy_review")
    review(cast, assessment, "alfa")
    review(cast, assessment, "beta", verdict="negative", text="Point 2 is thin")
    after = again(assessment)
    assert (after.state, after.round, after.submitted_version) == ("draft", 2, None)
    said = Review.objects.filter(version__assessment=assessment).order_by("pk")
    assert [(one.version.number, one.verdict) for one in said] == [(1, "positive"), (1, "negative")]
    assert Event.objects.about(assessment).first().facts["reason"] == "Point 2 is thin"


@pytest.mark.parametrize(
    ("fields", "code"), [({"verdict": "negative"}, "reason.needed"), ({"verdict": "perhaps"}, "review.verdict"),
                         ({"text": "x" * 20_001}, "answer.too_long")],
)  # fmt: skip
def test_a_review_that_is_not_one_is_refused(cast, at, fields, code):
    assessment = at("privacy_review")
    with refused(code):
        review(cast, assessment, **fields)
    assert not Review.objects.filter(version__assessment=assessment).exists()


@pytest.mark.parametrize("role", ["drafter", "dpo", "mandated_manager", "nobody"])
def test_only_privacy_officers_review(cast, at, role):
    with pytest.raises(PermissionDenied):
        review(cast, at("privacy_review"), role=role)


@pytest.mark.parametrize("state", ["draft", "dpo_advice", "response", "adopted"])
def test_there_is_a_time_for_reviewing(cast, at, state):
    with refused("lifecycle.state"):
        review(cast, at(state))


# --- Sending back ---

SENDERS = [("privacy_review", "privacy_officer"), ("dpo_advice", "dpo"), ("dpo_advice", "privacy_officer"),
           ("response", "drafter"), ("prior_consultation", "drafter"), ("adoption", "mandated_manager")]  # fmt: skip


def send_back(cast, assessment, key, role, reason="It is not right yet"):
    organisation, by = cast.world.organisations[key], cast.person(key, role)
    return actions.send_back(assessment=assessment, organisation=organisation, reason=reason, by=by)


@pytest.mark.parametrize(("state", "role"), SENDERS)
def test_a_way_back_from_every_state_that_loses_nothing(cast, at, state, role):
    assessment = at(state)
    before = list(assessment.versions.values_list("number", "sha256"))
    said = [one.reviews.count() + one.advices.count() for one in assessment.versions.order_by("number")]
    send_back(cast, assessment, "beta", role)
    after = again(assessment)
    assert (after.state, after.round) == ("draft", 2)
    assert list(after.versions.values_list("number", "sha256")) == before
    assert [one.reviews.count() + one.advices.count() for one in after.versions.order_by("number")] == said


def test_sending_back_says_why(cast, at):
    with refused("reason.needed"):
        send_back(cast, at("dpo_advice"), "beta", "dpo", " ")


@pytest.mark.parametrize("state", ["draft", "adopted", "suspended", "withdrawn"])
def test_what_is_not_under_way_is_not_sent_back(cast, at, state):
    with refused("lifecycle.state"):
        send_back(cast, at(state), "gamma", "privacy_officer")


@pytest.mark.parametrize("role", ["innovation_manager", "nobody"])
def test_who_has_no_part_sends_nothing_back(cast, at, role):
    with pytest.raises(PermissionDenied):
        send_back(cast, at("dpo_advice"), "beta", role)


def test_after_sending_back_everybody_speaks_again(cast, at):
    assessment = at("adoption")
    send_back(cast, assessment, "gamma", "mandated_manager")
    for step in (cast.submit, cast.review, cast.advise, cast.propose, cast.adopt):
        step(assessment)
    after = again(assessment)
    assert (after.state, after.round, after.versions.count()) == ("adopted", 2, 4)


# --- The authority ---


@pytest.fixture
def risky(cast, at, drafter):
    """At the response, with a high risk that remains, which the advice was about as well."""
    assessment = at("draft")
    row = {**RISK, "likelihood_after": "high", "impact_after": "high"}
    actions.answer(assessment=assessment, question="risks", value=[row], by=drafter)
    actions.answer(assessment=assessment, question="residual", value="Because", by=drafter)
    return at("response")


def test_a_high_risk_is_not_put_up_before_the_authority_answered(cast, risky, drafter):
    with refused("assessment.consult_first"):
        cast.propose(risky)
    cast.consult(risky)
    assert again(risky).state == "prior_consultation"
    actions.record_authority_answer(assessment=risky, answer="Go on", answered_on=timezone.localdate(), by=drafter)
    assert again(risky).state == "response"
    cast.propose(risky)
    assert again(risky).current_version.data["consultations"][0]["answer"] == "Go on"


def test_a_question_to_the_authority_that_was_overtaken_stands_in_nobodys_way(cast, risky, drafter):
    cast.consult(risky)
    send_back(cast, risky, "alfa", "drafter")
    for step in (cast.submit, cast.review, cast.advise, cast.consult):
        step(risky)
    actions.record_authority_answer(assessment=risky, answer="Go on", answered_on=timezone.localdate(), by=drafter)
    cast.propose(risky)
    assert [one.answer for one in risky.consultations.order_by("pk")] == ["", "Go on"]


def test_dates_of_a_consultation_make_sense(cast, at, drafter):
    assessment, today = at("response"), timezone.localdate()
    later = today + timedelta(days=1)
    with refused("dates.future"):
        actions.consult_authority(assessment=assessment, reference="z", asked_on=later, by=drafter)
    with refused("consultation.reference"):
        actions.consult_authority(assessment=assessment, reference=" ", asked_on=today, by=drafter)
    cast.consult(assessment)
    with refused("dates.future"):
        actions.record_authority_answer(assessment=assessment, answer="Yes", answered_on=later, by=drafter)
    with refused("dates.end_before_begin"):
        actions.record_authority_answer(
            assessment=assessment, answer="Yes", answered_on=today - timedelta(days=1), by=drafter
        )
    with refused("consultation.answer"):
        actions.record_authority_answer(assessment=assessment, answer="", answered_on=today, by=drafter)
    assert again(assessment).state == "prior_consultation"
