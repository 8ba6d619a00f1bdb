"""Whose turn it is: in every state of a use case, per partner, with a sentence, a day and a page."""

import pytest
from django.utils import timezone

from collaborations import actions, turns
from collaborations.models import UseCase
from dpia import actions as dpia

EVERYBODY = ("alfa", "beta", "gamma")


def told(use_case):
    """(who, what) of everything that waits."""
    return {(turn.who, turn.code) for turn in turns.waiting(UseCase.objects.get(pk=use_case.pk))}


def each(code):
    return {(key, code) for key in EVERYBODY}


@pytest.fixture
def asker(person):
    return person("alfa", "innovation_manager")


def test_a_draft_waits_for_partners_and_then_to_be_proposed(use_case_at, organisations, asker):
    use_case = use_case_at("draft")
    assert told(use_case) == {("alfa", "turn.invite_partner")}
    actions.invite_partner(use_case=use_case, organisation=organisations["beta"], by=asker)
    assert told(use_case) == {("alfa", "turn.submit_use_case")}


def test_a_proposal_waits_for_each_invited_partner(use_case_at):
    assert told(use_case_at("proposed")) == each("turn.answer_invitation") - {("alfa", "turn.answer_invitation")}


def test_when_everybody_declines_the_proposer_invites_others(use_case_at, person):
    use_case = use_case_at("proposed")
    for partner in use_case.partners.filter(state="invited"):
        by = person(partner.organisation.slug, "innovation_manager")
        actions.decline_invitation(partner=partner, reason="No time.", by=by)
    assert told(use_case) == {("alfa", "turn.invite_partner")}


def test_exploring_waits_for_the_specification_and_then_for_the_assessment(use_case_at):
    assert told(use_case_at("joined")) == {("alfa", "turn.specify")}
    assert told(use_case_at("exploring")) == {("alfa", "turn.start_assessing")}


def test_who_is_still_invited_is_named_once(use_case_at, person, organisations, asker):
    use_case = use_case_at("exploring")
    gamma = use_case.partners.get(organisation=organisations["gamma"])
    actions.leave(partner=gamma, reason="Second thoughts.", by=person("gamma", "innovation_manager"))
    assert told(use_case) == {("alfa", "use_case.party_not_joined")}
    actions.invite_partner(use_case=use_case, organisation=organisations["gamma"], by=asker)
    assert told(use_case) == {("gamma", "turn.answer_invitation")}


def test_a_trial_contract_waits_for_the_stations(use_case_at, draft_contract):
    use_case = use_case_at("exploring")
    draft_contract(use_case, trial=True)
    assert told(use_case) == each("gate.not_signed_by") | {("alfa", "turn.start_assessing")}


def test_assessing_waits_for_the_dpia_each_basis_and_the_agreement(use_case_at):
    waiting = told(use_case_at("assessing"))
    assert each("gate.no_basis") <= waiting
    assert {("alfa", "turn.draft_assessment"), ("alfa", "gate.no_agreement")} <= waiting
    assert "gate.assessment_not_adopted" not in {code for _who, code in waiting}


def test_when_all_is_decided_the_contract_is_drafted_and_each_station_signs(
    use_case_at, draft_contract, stations, organisations
):
    use_case = use_case_at("agreed")
    assert told(use_case) == {("alfa", "turn.draft_contract")}
    contract = draft_contract(use_case)
    assert told(use_case) == each("gate.not_signed_by")
    for key in EVERYBODY:
        jws = stations.approval(contract, key)
        actions.record_signature(contract=contract, organisation=organisations[key], jws=jws)
        assert (key, "gate.not_signed_by") not in told(use_case)
    assert told(use_case) == {("alfa", "turn.start_run")}


def test_what_stops_an_authorised_use_case_is_named_instead_of_a_run(use_case_at, person, organisations):
    use_case = use_case_at("authorised")
    dpia.suspend(
        assessment=use_case.assessment, organisation=organisations["beta"], reason="New risk.",
        by=person("beta", "dpo"),
    )  # fmt: skip
    codes = {code for _who, code in told(use_case)}
    assert "gate.assessment_not_adopted" in codes
    assert "turn.start_run" not in codes


def test_what_was_closed_waits_for_nobody(use_case_at):
    assert told(use_case_at("closed")) == set()


@pytest.mark.parametrize("end", [actions.reject, actions.withdraw])
def test_what_was_stopped_waits_for_nobody(use_case_at, asker, end):
    use_case = use_case_at("exploring")
    end(use_case=use_case, reason="Invented.", by=asker)
    assert told(use_case) == set()


def test_what_is_on_hold_waits_for_the_proposer(use_case_at):
    assert told(use_case_at("on_hold")) == {("alfa", "turn.resume_use_case")}


@pytest.mark.parametrize("state", ["draft", "proposed", "exploring", "assessing", "authorised", "on_hold"])
def test_every_turn_has_a_sentence_a_moment_and_a_page(use_case_at, asker, client, state):
    use_case = use_case_at(state)
    client.force_login(asker)
    waiting = turns.waiting(use_case)
    assert waiting
    for turn in waiting:
        assert "?" not in turn.text("nl") + turn.text("en")
        assert turn.text("nl") not in (turn.code, turn.text("en"))
        assert turn.since <= timezone.now()
        assert client.get(turn.url).status_code == 200, turn.url


def test_per_partner_everybody_is_named_also_who_has_nothing_to_do(use_case_at):
    rows = {row.partner.organisation.slug: row.turns for row in turns.by_partner(use_case_at("exploring"))}
    assert set(rows) == set(EVERYBODY)
    assert [turn.code for turn in rows["alfa"]] == ["turn.start_assessing"]
    assert rows["beta"] == rows["gamma"] == []
