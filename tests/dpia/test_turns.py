"""Whose turn it is, and since when: somebody's in every state but one, and always of somebody who can take it."""

from __future__ import annotations

import pytest

from accounts.models import Organisation
from accounts.roles import permissions_of
from dpia import actions
from dpia.chances import chances
from dpia.models import Assessment
from dpia.turns import turns
from station.reasons import sentences
from tests.dpia.people import RISK, again

STATES = [state for state in Assessment.State.values if state != "adopted"]


def told(assessment):
    return [(turn.code, turn.who) for turn in turns(again(assessment))]


@pytest.mark.parametrize("state", STATES)
def test_somebody_has_a_turn_and_may_take_it(cast, at, state):
    assessment = at(state)
    found = list(turns(assessment))
    assert found
    for turn in found:
        assert turn.code in sentences()
        assert turn.since == assessment.state_since
        role = {"draft_assessment": "drafter", "review_assessment": "privacy_officer", "advise_assessment": "dpo",
                "suspend_assessment": "dpo", "adopt_assessment": "mandated_manager"}[turn.permission]  # fmt: skip
        user = cast.person(turn.who, role)
        assert turn.permission in permissions_of(user, Organisation.objects.get(slug=turn.who))
        assert any(not one.reasons for one in chances(assessment, user))


def test_an_adopted_dpia_waits_for_nobody(at):
    assert told(at("adopted")) == []


def test_a_draft_waits_for_the_coordinator_and_for_each_controllers_own_answers(cast, at, drafter):
    assessment = at("draft")
    assert told(assessment) == [("turn.submit_assessment", "alfa")]
    for key in ("beta", "gamma"):
        organisation, by = cast.world.organisations[key], cast.person(key, "drafter")
        actions.answer(assessment=assessment, question="own_task", value="", organisation=organisation, by=by)
    assert told(assessment) == [("turn.own_answers", "beta"), ("turn.own_answers", "gamma")]
    actions.answer(assessment=assessment, question="necessity", value="", by=drafter)
    assert told(assessment)[-1] == ("turn.draft_assessment", "alfa")
    assert list(turns(again(assessment)))[-1].facts == {"number": 1}


@pytest.mark.parametrize(
    ("state", "code", "role", "act"),
    [
        ("privacy_review", "turn.review_assessment", "privacy_officer", actions.review),
        ("dpo_advice", "turn.advise_assessment", "dpo", actions.advise),
        ("adoption", "turn.adopt_assessment", "mandated_manager", actions.adopt),
    ],
)
def test_who_did_it_waits_for_the_others(cast, at, state, code, role, act):
    assessment = at(state)
    assert told(assessment) == [(code, key) for key in ("alfa", "beta", "gamma")]
    fields = {} if state == "adoption" else {"verdict": "positive"}
    act(assessment=assessment, organisation=cast.world.organisations["beta"], by=cast.person("beta", role), **fields)
    assert told(assessment) == [(code, "alfa"), (code, "gamma")]


def test_the_response_waits_for_what_comes_next(cast, at, drafter):
    assessment = at("dpo_advice")
    cast.advise(assessment, "conditional", ("One", "Two"))
    (turn,) = turns(again(assessment))
    assert (turn.code, turn.facts) == ("turn.respond", {"number": 6})
    cast.respond(assessment)
    assert told(assessment) == [("turn.propose_adoption", "alfa")]
    actions.answer(assessment=assessment, question="necessity", value="Another story", by=drafter)
    assert told(assessment) == [("turn.advise_again", "alfa")]


def test_a_high_risk_waits_for_the_authority(cast, at, drafter):
    row = {**RISK, "likelihood_after": "high", "impact_after": "high"}
    for question, value in (("risks", [row]), ("residual", "Because")):
        actions.answer(assessment=cast.assessment, question=question, value=value, by=drafter)
    assessment = at("response")
    assert told(assessment) == [("turn.consult_authority", "alfa")]
    cast.consult(assessment)
    assert told(assessment) == [("turn.authority", "alfa")]


def test_a_suspension_waits_for_who_suspended(at):
    assert told(at("suspended")) == [("turn.suspended_assessment", "beta")]


def test_doubt_waits_for_who_doubted(at):
    assert told(at("under_review")) == [("turn.confirm_assessment", "beta")]


def test_a_withdrawn_dpia_waits_to_be_reopened(at):
    assert told(at("withdrawn")) == [("turn.reopen_assessment", "alfa")]
