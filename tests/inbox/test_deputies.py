"""A deputy in a use case: the work waits for both, the deputy does it, everybody reads for whom, and four eyes stay."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts import deputies, standing
from accounts.models import User
from audit.models import Event
from collaborations import actions
from collaborations.actions.basis_text import text_of
from inbox.waiting import waiting_for
from station.reasons import Refused


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()


@pytest.fixture
def stand_in(person, today_and_tomorrow):
    """Beta's DPO is away; somebody stands in."""

    def named(role):
        absent, deputy = (person("beta", key).memberships.get() for key in ("dpo", role))
        return deputies.name_deputy(
            absent=absent, deputy=deputy, role="dpo", reason="Holiday", by=person("beta", "organisation_admin"),
            **today_and_tomorrow,
        )  # fmt: skip

    return named


@pytest.fixture
def today_and_tomorrow():
    today = timezone.localdate()
    return {"first_day": today, "last_day": today + timedelta(days=1)}


@pytest.fixture
def basis(use_case_at, person):
    """Beta's legal basis, written by its drafter, waiting for its DPO."""
    use_case = use_case_at("based")
    row = use_case.partners.get(organisation__slug="beta").bases.order_by("pk").first()
    actions.withdraw_basis(basis=row, reason="To begin again", by=person("beta", "mandated_manager"))
    drafter = person("beta", "drafter")
    made = actions.draft_basis(partner=row.partner, text=text_of(row), by=drafter)
    return actions.submit_basis(basis=made, by=drafter)


def waits(user: User) -> set[str]:
    return {item.turn.permission for item in waiting_for(user)}


def test_the_work_waits_for_the_deputy_who_does_it_in_their_own_name(basis, person, stand_in, client):
    deputy = person("beta", "nobody")
    assert not waits(deputy)
    stand_in("nobody")
    assert "advise_basis" in waits(deputy)
    actions.advise_basis(basis=basis, verdict="positive", text="", by=deputy)
    basis.refresh_from_db()
    assert (basis.state, basis.advised_by) == ("dpo_advised", deputy)
    event = Event.objects.filter(type="basis.advised").latest("pk")
    assert event.facts["deputy_for"] == [person("beta", "dpo").pk]
    client.force_login(person("alfa", "nobody"))
    client.cookies["django_language"] = "en"
    shown = client.get(reverse("collaborations:timeline", args=[basis.partner.use_case.pk])).content.decode()
    assert "Nobody Beta (standing in for Dpo Beta), Beta" in shown


def test_two_roles_of_one_person_are_not_four_eyes(basis, person, stand_in):
    stand_in("drafter")
    with pytest.raises(Refused) as refusal:
        actions.advise_basis(basis=basis, verdict="positive", text="", by=person("beta", "drafter"))
    assert [reason.code for reason in refusal.value.reasons] == ["four_eyes.drafter_advises"]


def test_a_deputy_of_a_suspended_organisation_holds_nothing(basis, person, stand_in, organisations):
    stand_in("nobody")
    standing.suspend_organisation(organisation=organisations["beta"], reason="Contract ended", by="system")
    assert not waits(person("beta", "nobody"))
