"""Organisations that are asked before they are on the platform, and how long their address is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

import audit
from accounts.actions import add_member
from accounts.models import Organisation
from audit.models import Event
from collaborations.actions import hold, outsiders, withdraw
from collaborations.models import Outsider, UseCase
from collaborations.outside import requests_for
from computations.actions.sweep import sweep
from station.reasons import Refused
from tests.collaborations.world import new_person

STOP = "proposed"
ASKED = {"name": "Delta Institute", "email": "Desk@delta.example", "message": "You hold what we lack."}
MADE = {"slug": "delta", "name": "Delta Institute", "oin": "", "kind": "public", "type": "other"}


@pytest.fixture
def asker(shared):
    return shared.person("alfa", "innovation_manager")


@pytest.fixture
def admin(db):
    platform = Organisation.objects.create(slug="platform", name="Platform")
    return new_person("admin@platform.example", platform, "platform_admin")


@pytest.fixture
def asked(shared, asker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return outsiders.ask_outsider(use_case=shared.use_case, **ASKED, by=asker, capacity="adviser")


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return [reason.code for reason in caught.value.reasons]


def test_the_organisation_reads_it_in_both_languages(asked):
    letter = mail.outbox[-1]
    assert letter.to == ["desk@delta.example"]
    assert "Geachte" in letter.body and "Dear" in letter.body
    assert letter.body.count("You hold what we lack.") == 2 and "Alfa" in letter.body
    assert asked.use_case.title not in letter.body and str(asked.use_case.pk) not in letter.body


def test_no_event_tells_the_address(asked):
    event = Event.objects.get(type="outsider.asked")
    assert "example" not in str(event.facts) and event.facts["partner"] == "Delta Institute"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " \n"}, "outsider.no_name"),
        ({"email": "no address"}, "member.email"),
        ({"email": "a@b.example\nbcc: c@d.example"}, "member.email"),
        ({"message": ""}, "outsider.no_message"),
        ({"message": "x" * 2_001}, "text.too_long"),
        ({"name": "beta"}, "outsider.on_platform"),
    ],
)
def test_what_cannot_be_asked(shared, asker, changes, code):
    assert refused(lambda: outsiders.ask_outsider(use_case=shared.use_case, **ASKED | changes, by=asker)) == [code]
    assert not Outsider.objects.exists() and not mail.outbox


def test_asked_once(shared, asker, asked):
    for changes in ({"name": "Other"}, {"email": "x@delta.example"}):
        code = refused(lambda words=ASKED | changes: outsiders.ask_outsider(
            use_case=shared.use_case, **words, by=asker))  # fmt: skip
        assert code == ["outsider.already"]


def test_not_a_whole_list(shared, asker):
    for number in range(outsiders.MOST_ASKED):
        words = {**ASKED, "name": f"Org {number}", "email": f"desk{number}@delta.example"}
        outsiders.ask_outsider(use_case=shared.use_case, **words, by=asker)
    assert refused(lambda: outsiders.ask_outsider(use_case=shared.use_case, **ASKED, by=asker)) == [
        "outsider.too_many"
    ]  # fmt: skip


def test_who_may_ask(shared):
    for by in (shared.person("beta", "innovation_manager"), shared.person("alfa", "drafter")):
        with pytest.raises(PermissionDenied):
            outsiders.ask_outsider(use_case=shared.use_case, **ASKED, by=by)


def test_the_platform_sees_the_request_and_not_the_use_case(asked, admin, asker):
    assert requests_for(admin) == [asked]
    assert requests_for(asker) == []
    assert not UseCase.objects.visible_to(admin).exists()


def test_adding_it_is_the_invitation(shared, asked, admin):
    partner = outsiders.admit_outsider(outsider=asked, **MADE, by=admin)
    assert (partner.organisation.slug, partner.state, partner.capacity) == ("delta", "invited", "adviser")
    asked.refresh_from_db()
    assert (asked.state, asked.organisation_id, asked.email) == (
        "admitted", partner.organisation_id, "desk@delta.example"
    )  # fmt: skip
    assert requests_for(admin) == [asked]
    assert refused(lambda: outsiders.admit_outsider(outsider=asked, **{**MADE, "slug": "delta2"}, by=admin)) == [
        "lifecycle.state"
    ]  # fmt: skip


def test_a_key_that_is_taken_leaves_nothing_half_done(asked, admin):
    code = refused(lambda: outsiders.admit_outsider(outsider=asked, **{**MADE, "slug": "beta"}, by=admin))
    assert code == ["organisation.key_taken"]
    asked.refresh_from_db()
    assert (asked.state, asked.organisation) == ("asked", None)


def test_a_use_case_that_ended_meanwhile_makes_no_organisation(shared, asked, admin, asker):
    withdraw(use_case=shared.use_case, reason="Invented.", by=asker)
    assert refused(lambda: outsiders.admit_outsider(outsider=asked, **MADE, by=admin)) == ["lifecycle.state"]
    assert not Organisation.objects.filter(slug="delta").exists()


def test_nobody_else_adds_or_declines(asked, asker, shared):
    for by in (asker, shared.person("alfa", "organisation_admin")):
        with pytest.raises(PermissionDenied):
            outsiders.admit_outsider(outsider=asked, **MADE, by=by)
        with pytest.raises(PermissionDenied):
            outsiders.decline_outsider(outsider=asked, reason="Invented.", by=by)


def test_declined_with_a_reason_and_without_the_address(asked, admin):
    assert refused(lambda: outsiders.decline_outsider(outsider=asked, reason="", by=admin)) == ["reason.needed"]
    declined = outsiders.decline_outsider(outsider=asked, reason="Not a body.", by=admin)
    assert (declined.state, declined.reason, declined.email) == ("declined", "Not a body.", "")


def test_taken_back_it_hears_so(asked, asker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert outsiders.withdraw_outsider(outsider=asked, by=asker).email == ""
    assert mail.outbox[-1].to == ["desk@delta.example"] and "ingetrokken" in mail.outbox[-1].body


def test_the_address_goes_when_the_first_member_is_there(asked, admin):
    partner = outsiders.admit_outsider(outsider=asked, **MADE, by=admin)
    assert outsiders.forget_addresses(moment=timezone.now()) == 0
    add_member(organisation=partner.organisation, email="ines@delta.example", full_name="Ines", by=audit.SYSTEM)
    sweep()
    assert Outsider.objects.get().email == ""
    assert Event.objects.filter(type="outsider.address_removed").count() == 1
    assert requests_for(admin) == []


def test_the_address_goes_after_90_days_whatever_happens(shared, asked, asker):
    hold(use_case=shared.use_case, reason="Invented.", by=asker)
    assert outsiders.forget_addresses(moment=asked.asked_at + timedelta(days=90)) == 0
    assert outsiders.forget_addresses(moment=asked.asked_at + timedelta(days=90, seconds=1)) == 1
    assert Outsider.objects.get().email == ""
