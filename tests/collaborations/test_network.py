"""Finding partners: calls, answers and interest; and what shows of a use case through them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation
from audit.models import Event
from collaborations import turns
from collaborations.actions import hold, network, withdraw
from collaborations.models import Call, CallAnswer, Interest
from station.reasons import Refused
from tests.collaborations.world import new_person

STOP = "exploring"
TODAY = timezone.localdate


@pytest.fixture
def asker(shared):
    return shared.person("alfa", "innovation_manager")


@pytest.fixture
def call(shared, asker):
    return publish(shared.use_case, asker)


@pytest.fixture
def delta(db):
    """An organisation outside, and who may join for it."""
    organisation = Organisation.objects.create(slug="delta", name="Delta")
    return organisation, new_person("ines@delta.example", organisation, "innovation_manager")


def publish(use_case, by, **changes):
    words = {"wanted": "An organisation that holds energy contracts", "why": "To help sooner.",
             "until": TODAY() + timedelta(days=30)}  # fmt: skip
    return network.publish_call(use_case=use_case, **words | changes, by=by)


def answer(call, delta, **changes):
    organisation, by = delta
    words = {"text": "We hold these.", "contact": "Ines, 070 000 00 00"}
    return network.answer_call(call=call, organisation=organisation, **words | changes, by=by)


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def events(use_case):
    return list(Event.objects.timeline(use_case).values_list("type", flat=True)[:1])


def test_a_call_copies_the_theme_and_nothing_else(shared, call):
    assert (call.theme, call.organisation.slug) == (shared.use_case.theme, "alfa")
    assert events(shared.use_case) == ["call.published"]


def test_a_partner_that_did_not_propose_publishes_for_itself(shared):
    made = publish(shared.use_case, shared.person("beta", "innovation_manager"))
    assert made.organisation.slug == "beta"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"wanted": "  "}, "call.wanted"),
        ({"why": ""}, "call.why"),
        ({"wanted": "x" * 201}, "text.too_long"),
        ({"why": "x" * 4_001}, "text.too_long"),
        ({"until": TODAY() - timedelta(days=1)}, "call.until"),
        ({"until": TODAY() + timedelta(days=400)}, "call.until"),
    ],
)
def test_a_call_that_cannot_be_read_or_never_ends_is_refused(shared, asker, changes, code):
    assert refused(lambda: publish(shared.use_case, asker, **changes)) == [code]
    assert not Call.objects.exists()


def test_who_may_publish(shared, delta):
    for by in (shared.person("alfa", "drafter"), shared.person("beta", "nobody"), delta[1]):
        with pytest.raises(PermissionDenied):
            publish(shared.use_case, by)


def test_a_sixth_call_is_refused(shared, asker):
    for _number in range(network.MOST_OPEN):
        publish(shared.use_case, asker)
    assert refused(lambda: publish(shared.use_case, asker)) == ["call.too_many"]


def test_the_words_of_a_call_never_change(call):
    with pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(wanted="Something else")


def test_a_call_expires_by_its_date_alone(shared, asker, delta):
    call = publish(shared.use_case, asker, until=TODAY())
    tomorrow = TODAY() + timedelta(days=1)
    assert list(Call.objects.open(TODAY())) == [call]
    assert not Call.objects.open(tomorrow).exists()
    assert not Call.objects.visible_to(delta[1], tomorrow).exists()
    assert Call.objects.visible_to(asker, tomorrow).exists()


def test_an_expired_call_is_not_answered(call, delta, monkeypatch):
    later = call.until + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_given: later)
    assert call.shown_state == "expired"
    assert refused(lambda: answer(call, delta)) == ["call.ended"]


@pytest.mark.parametrize("act", [hold, withdraw])
def test_a_call_ends_with_a_use_case_that_takes_no_partners(shared, asker, call, delta, act):
    act(use_case=shared.use_case, reason="Invented.", by=asker)
    assert not Call.objects.open(TODAY()).exists()
    assert refused(lambda: answer(Call.objects.get(), delta)) == ["call.ended"]


def test_an_accepted_answer_is_an_invitation(shared, asker, call, delta):
    given = answer(call, delta)
    assert [turn.code for turn in turns.waiting(shared.use_case) if turn.code == "turn.decide_answer"]
    partner = network.accept_answer(answer=given, by=asker, capacity="provider")
    assert (partner.organisation, partner.state, partner.capacity) == (delta[0], "invited", "provider")
    given.refresh_from_db()
    assert (given.state, given.contact) == ("accepted", "")
    assert not [turn.code for turn in turns.waiting(shared.use_case) if turn.code == "turn.decide_answer"]


def test_a_declined_answer_says_why_and_forgets_the_contact(asker, call, delta):
    given = answer(call, delta)
    assert refused(lambda: network.decline_answer(answer=given, reason=" ", by=asker)) == ["reason.needed"]
    declined = network.decline_answer(answer=given, reason="Other data.", by=asker)
    assert (declined.state, declined.reason, declined.contact) == ("declined", "Other data.", "")
    assert answer(call, delta).state == "offered"


def test_an_answer_is_taken_back_once(call, delta):
    organisation, by = delta
    answer(call, delta)
    assert network.withdraw_answer(call=call, organisation=organisation, by=by).state == "withdrawn"
    code = refused(lambda: network.withdraw_answer(call=call, organisation=organisation, by=by))
    assert code == ["call.nothing_offered"]


def test_a_decided_answer_is_not_decided_again(asker, call, delta):
    given = answer(call, delta)
    network.decline_answer(answer=given, reason="Other data.", by=asker)
    assert refused(lambda: network.accept_answer(answer=given, by=asker)) == ["lifecycle.state"]


def test_one_answer_at_a_time(call, delta):
    first = answer(call, delta)
    assert refused(lambda: answer(call, delta)) == ["call.answered"]
    with pytest.raises(IntegrityError), transaction.atomic():
        CallAnswer.objects.create(call=call, organisation=delta[0], text="x", by=first.by)


def test_a_partner_does_not_answer_its_own_call(shared, call, asker):
    alfa = shared.organisations["alfa"]
    assert refused(lambda: answer(call, (alfa, asker))) == ["partner.already"]
    assert refused(lambda: network.mark_interest(call=call, organisation=alfa, by=asker)) == ["partner.already"]


def test_nobody_answers_for_another_organisation(shared, call, delta):
    beta = shared.person("beta", "innovation_manager")
    for by in (beta, new_person("reader@delta.example", delta[0], "drafter")):
        with pytest.raises(PermissionDenied):
            answer(call, (delta[0], by))


def test_who_answered_does_not_decide(shared, call, delta):
    given = answer(call, delta)
    for by in (delta[1], shared.person("beta", "innovation_manager"), shared.person("alfa", "drafter")):
        with pytest.raises(PermissionDenied):
            network.accept_answer(answer=given, by=by)


def test_closing_a_call_is_for_its_publisher_and_the_proposer(shared, asker, delta):
    call = publish(shared.use_case, shared.person("beta", "innovation_manager"))
    for by in (shared.person("gamma", "innovation_manager"), delta[1]):
        with pytest.raises(PermissionDenied):
            network.close_call(call=call, by=by)
    assert network.close_call(call=call, by=asker).state == "closed"
    assert refused(lambda: network.close_call(call=call, by=asker)) == ["lifecycle.state"]
    assert refused(lambda: answer(call, delta)) == ["call.ended"]


def test_interest_binds_to_nothing_and_can_be_taken_back(shared, call, delta):
    organisation, by = delta
    for _twice in range(2):
        network.mark_interest(call=call, organisation=organisation, by=by)
    assert Interest.objects.get().use_case == shared.use_case
    assert not shared.use_case.partners.filter(organisation=organisation).exists()
    network.take_back_interest(call=call, organisation=organisation, by=by)
    assert not Interest.objects.exists()
    code = refused(lambda: network.take_back_interest(call=call, organisation=organisation, by=by))
    assert code == ["interest.none"]


def test_a_contact_nobody_decided_about_is_forgotten_after_90_days(call, delta):
    answer(call, delta)
    end = timezone.now() + timedelta(days=30)
    assert network.forget_contacts(moment=end + timedelta(days=89)) == 0
    assert network.forget_contacts(moment=end + timedelta(days=92)) == 1
    assert CallAnswer.objects.get().contact == ""
