import pytest
from django.core.exceptions import PermissionDenied

from accounts import roles, standing
from accounts.models import Organisation
from audit.models import Event
from station.reasons import Refused


def test_a_suspended_organisation_may_do_nothing_until_it_is_reinstated(alfa, admin, platform):
    standing.suspend_organisation(organisation=alfa, reason="Contract ended", by=platform)
    alfa.refresh_from_db()
    assert (alfa.state, alfa.state_reason) == ("suspended", "Contract ended")
    assert not roles.permissions_of(admin, alfa)
    standing.reinstate_organisation(organisation=alfa, reason="Signed again", by=platform)
    alfa.refresh_from_db()
    assert (alfa.state, alfa.state_reason) == ("active", "")
    assert roles.allowed(admin, "manage_members", alfa)
    told = Event.objects.filter(about_id=str(alfa.pk), type__startswith="organisation.").order_by("pk")
    assert [(event.type, event.facts["reason"]) for event in told] == [
        ("organisation.suspended", "Contract ended"), ("organisation.reinstated", "Signed again"),
    ]  # fmt: skip


@pytest.mark.parametrize("act", [standing.suspend_organisation, standing.reinstate_organisation])
def test_only_the_platform_suspends_and_reinstates(alfa, admin, act):
    with pytest.raises(PermissionDenied):
        act(organisation=alfa, reason="mine", by=admin)


def test_not_without_a_reason_not_twice_and_not_oneself(alfa, platform):
    own = platform.memberships.get().organisation
    refused = {
        "reason.needed": lambda: standing.suspend_organisation(organisation=alfa, reason=" ", by=platform),
        "organisation.suspend_own": lambda: standing.suspend_organisation(organisation=own, reason="x", by=platform),
        "organisation.active_already": lambda: standing.reinstate_organisation(
            organisation=alfa, reason="x", by=platform
        ),
    }
    for code, act in refused.items():
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reasons[0].code == code
    assert not Event.objects.filter(type__in=["organisation.suspended", "organisation.reinstated"]).exists()


def test_who_was_overtaken_sees_what_stands_there_now(alfa, platform):
    given = {"organisation": alfa, "oin": "", "type": "agency", "kind": "public", "by": platform}
    standing.edit_organisation(name="Alfa agency", seen=0, **given)
    with pytest.raises(Refused, match="Alfa agency") as refusal:
        standing.edit_organisation(name="Alfa office", seen=0, **given)
    assert refusal.value.reasons[0].code == "organisation.stale"
    assert Organisation.objects.get(pk=alfa.pk).name == "Alfa agency"


def test_what_cannot_be_stored_is_named(alfa, platform):
    with pytest.raises(Refused) as refusal:
        standing.edit_organisation(
            organisation=alfa, name="", oin="", type="castle", kind="public", seen=0, by=platform
        )
    assert refusal.value.reasons[0].code == "organisation.malformed"


def test_a_contact_is_a_function_at_an_address_once(alfa, admin, member):
    given = {"organisation": alfa, "name": "Privacy desk", "function": "Privacy desk"}
    contact = standing.add_contact(**given, email="Privacy@alfa.example", by=admin)
    assert contact.email == "privacy@alfa.example"
    for code, email in (("contact.already", "privacy@ALFA.example"), ("member.email", "privacy")):
        with pytest.raises(Refused) as refusal:
            standing.add_contact(**given, email=email, by=admin)
        assert refusal.value.reasons[0].code == code
    with pytest.raises(PermissionDenied):
        standing.add_contact(**given, email="a@b.example", by=member("beta", "Boris", "organisation_admin").user)
    standing.remove_contact(contact=contact, by=admin)
    assert not alfa.contacts.exists()
