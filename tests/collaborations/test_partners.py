"""Who takes part: inviting, accepting, declining, leaving."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation
from audit.models import Event
from collaborations import actions, gate
from collaborations.models import Partner, UseCase
from station.reasons import Refused


@pytest.fixture
def asker(person):
    return person("alfa", "innovation_manager")


@pytest.fixture
def invited(use_case_at, organisations):
    """Beta's invitation to a proposed use case."""
    return use_case_at("proposed").partners.get(organisation=organisations["beta"])


@pytest.fixture
def beta(person):
    return person("beta", "innovation_manager")


def refusals(caught):
    return [reason.code for reason in caught.value.reasons]


def test_the_first_to_join_opens_the_exploration(invited, beta):
    assert actions.accept_invitation(partner=invited, by=beta).state == "joined"
    assert UseCase.objects.get(pk=invited.use_case_id).state == "exploring"
    kinds = list(Event.objects.timeline(invited.use_case).values_list("type", "actor_type")[:2])
    assert kinds == [("use_case.exploring", "system"), ("partner.joined", "accounts.user")]


def test_the_second_to_join_changes_nothing_else(invited, beta, person, organisations):
    actions.accept_invitation(partner=invited, by=beta)
    gamma = invited.use_case.partners.get(organisation=organisations["gamma"])
    actions.accept_invitation(partner=gamma, by=person("gamma", "mandated_manager"))
    assert Event.objects.timeline(invited.use_case).filter(type="use_case.exploring").count() == 1


def test_accepting_twice_is_refused(invited, beta):
    actions.accept_invitation(partner=invited, by=beta)
    with pytest.raises(Refused) as caught:
        actions.accept_invitation(partner=invited, by=beta)
    assert refusals(caught) == ["lifecycle.state"]


@pytest.mark.parametrize("act", [actions.decline_invitation, actions.leave])
def test_saying_no_needs_a_reason(invited, beta, act):
    if act is actions.leave:
        actions.accept_invitation(partner=invited, by=beta)
    before = Partner.objects.get(pk=invited.pk).state
    with pytest.raises(Refused) as caught:
        act(partner=invited, reason="  ", by=beta)
    assert refusals(caught) == ["reason.needed"]
    assert Partner.objects.get(pk=invited.pk).state == before


def test_who_declined_sees_it_no_more_and_can_be_invited_again(invited, beta, asker):
    actions.decline_invitation(partner=invited, reason="No time.", by=beta)
    use_case = invited.use_case
    assert not UseCase.objects.visible_to(beta).filter(pk=use_case.pk).exists()
    again = actions.invite_partner(use_case=use_case, organisation=invited.organisation, by=asker)
    assert (again.pk, again.state, again.reason) == (invited.pk, "invited", "")
    assert UseCase.objects.visible_to(beta).filter(pk=use_case.pk).exists()


@pytest.mark.parametrize("joined", [False, True])
def test_nobody_is_invited_twice(invited, beta, asker, joined):
    if joined:
        actions.accept_invitation(partner=invited, by=beta)
    with pytest.raises(Refused) as caught:
        actions.invite_partner(use_case=invited.use_case, organisation=invited.organisation, by=asker)
    assert refusals(caught) == ["partner.already"]


def test_the_database_refuses_a_doubled_partner_too(invited):
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.create(use_case=invited.use_case, organisation=invited.organisation, capacity="processor")


def test_the_proposer_cannot_be_invited(invited, asker, organisations):
    with pytest.raises(Refused) as caught:
        actions.invite_partner(use_case=invited.use_case, organisation=organisations["alfa"], by=asker)
    assert refusals(caught) == ["partner.already"]


def test_a_suspended_organisation_is_not_invited(use_case_at, asker):
    other = Organisation.objects.create(slug="delta", name="Delta", state="suspended")
    with pytest.raises(Refused) as caught:
        actions.invite_partner(use_case=use_case_at("proposed"), organisation=other, by=asker)
    assert refusals(caught) == ["partner.suspended"]


def test_nobody_is_invited_to_what_is_decided(use_case_at, asker):
    other = Organisation.objects.create(slug="delta", name="Delta")
    with pytest.raises(Refused) as caught:
        actions.invite_partner(use_case=use_case_at("withdrawn"), organisation=other, by=asker)
    assert refusals(caught) == ["lifecycle.state"]


def test_only_the_proposers_innovation_manager_invites(invited, beta, person):
    other = Organisation.objects.create(slug="delta", name="Delta")
    for by in (beta, person("alfa", "drafter"), person("alfa", "nobody")):
        with pytest.raises(PermissionDenied):
            actions.invite_partner(use_case=invited.use_case, organisation=other, by=by)


def test_only_its_own_people_answer_an_invitation(invited, asker, person):
    for by in (asker, person("gamma", "innovation_manager"), person("beta", "drafter"), person("beta", "nobody")):
        with pytest.raises(PermissionDenied):
            actions.accept_invitation(partner=invited, by=by)
        with pytest.raises(PermissionDenied):
            actions.decline_invitation(partner=invited, reason="Invented.", by=by)


def test_an_invitation_to_a_draft_cannot_be_accepted_yet(use_case_at, organisations, asker, beta):
    draft = use_case_at("draft")
    partner = actions.invite_partner(use_case=draft, organisation=organisations["beta"], by=asker)
    with pytest.raises(Refused) as caught:
        actions.accept_invitation(partner=partner, by=beta)
    assert refusals(caught) == ["partner.use_case_not_open"]


def test_the_proposer_withdraws_the_use_case_instead_of_leaving(use_case_at, organisations, asker):
    own = use_case_at("exploring").partners.get(organisation=organisations["alfa"])
    with pytest.raises(Refused) as caught:
        actions.leave(partner=own, reason="Invented.", by=asker)
    assert refusals(caught) == ["partner.proposer_leaves"]


def test_who_leaves_shuts_the_gate(use_case_at, organisations, beta):
    use_case = use_case_at("authorised")
    contract = use_case.contracts.get()
    assert gate.unmet(use_case, contract, timezone.localdate()) == []
    partner = use_case.partners.get(organisation=organisations["beta"])
    actions.leave(partner=partner, reason="New policy.", by=beta)
    unmet = gate.unmet(use_case, contract, timezone.localdate())
    assert [(turn.code, turn.who) for turn in unmet] == [("gate.party_left", "beta")]


def test_capacity_and_roles_follow_from_the_specification(use_case_at, organisations):
    use_case = use_case_at("exploring")
    beta = use_case.partners.get(organisation=organisations["beta"])
    assert (beta.capacity, beta.party_roles) == ("joint_controller", ["input_party", "computing_party"])
