from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

import audit
from accounts import actions, deputies, roles
from accounts.models import Deputy
from audit.models import Event
from audit.sentences import told
from station.reasons import Refused


@pytest.fixture
def anna(member):
    return member("alfa", "Anna", "lawyer")


@pytest.fixture
def daan(member):
    return member("alfa", "Daan")


@pytest.fixture
def named(anna, daan, admin, week):
    def name(**changes):
        given = {"absent": anna, "deputy": daan, "role": "lawyer", "reason": "On leave", "by": admin} | week
        return deputies.name_deputy(**given | changes)

    return name


def test_a_deputy_may_what_the_role_allows_and_only_that(named, daan, alfa):
    assert not roles.allowed(daan.user, "review_basis", alfa)
    named()
    assert roles.permissions_of(daan.user, alfa) == set(roles.ROLES["lawyer"].permissions)


@pytest.mark.parametrize(("first", "last", "holds"), [(0, 0, True), (-3, 0, True), (1, 3, False)])
def test_only_on_the_days_of_the_absence(named, daan, alfa, today, first, last, holds):
    named(first_day=today + timedelta(days=first), last_day=today + timedelta(days=last))
    assert roles.allowed(daan.user, "review_basis", alfa) is holds


def test_the_day_after_the_last_it_is_over(named, daan, alfa, today):
    deputy = named()
    Deputy.objects.filter(pk=deputy.pk).update(first_day=today - timedelta(days=9), last_day=today - timedelta(days=1))
    assert not roles.allowed(daan.user, "review_basis", alfa)


def test_it_ends_when_somebody_ends_it_and_when_the_absent_loses_the_role_or_leaves(named, anna, daan, alfa, admin):
    deputies.end_deputy(deputy=named(), by=admin)
    assert not roles.allowed(daan.user, "review_basis", alfa)
    named()
    assert roles.allowed(daan.user, "review_basis", alfa)
    actions.revoke_role(membership=anna, role="lawyer", by=admin)
    assert not roles.allowed(daan.user, "review_basis", alfa)
    actions.grant_role(membership=anna, role="lawyer", by=admin)
    assert roles.allowed(daan.user, "review_basis", alfa)
    actions.remove_member(membership=daan, by=admin)
    assert not roles.allowed(daan.user, "review_basis", alfa)


def test_a_deputy_of_a_manager_has_no_mandate_by_it(named, member, daan, alfa, admin, today):
    manager = member("alfa", "Mia", "mandated_manager")
    actions.record_mandate(
        organisation=alfa, holder=manager.user, function="Director", reference="D 1", valid_from=today,
        valid_to=today, by=admin,
    )  # fmt: skip
    named(absent=manager, role="mandated_manager")
    assert roles.allowed(daan.user, "approve_basis", alfa)
    with pytest.raises(Refused):
        actions.mandate_today(daan.user, alfa)


def test_what_does_not_fit_is_refused(named, anna, daan, member, admin, today):
    own = member("alfa", "Bea")
    wrong = {
        "deputy.own": {"deputy": own},
        "deputy.same_person": {"deputy": anna},
        "deputy.role_not_held": {"role": "dpo"},
        "deputy.holds_it": {"deputy": member("alfa", "Lies", "lawyer")},
        "deputy.no_member": {"deputy": member("beta", "Bram")},
        "deputy.past": {"first_day": today - timedelta(days=9), "last_day": today - timedelta(days=2)},
        "deputy.too_long": {"last_day": today + timedelta(days=400)},
        "dates.end_before_begin": {"last_day": today - timedelta(days=1)},
        "reason.needed": {"reason": " "},
        "role.unknown": {"role": "platform_admin"},
    }
    for code, changes in wrong.items():
        with pytest.raises(Refused) as refusal:
            named(**changes)
        assert refusal.value.reasons[0].code == code
    assert not Deputy.objects.exists()


def test_one_deputy_at_a_time_per_role(named, member, today):
    named()
    with pytest.raises(Refused, match="Daan") as refusal:
        named(deputy=member("alfa", "Eva"), first_day=today + timedelta(days=7), last_day=today + timedelta(days=9))
    assert refusal.value.reasons[0].code == "deputy.overlap"


def test_only_administrators_of_that_organisation_name_deputies(named, anna, member):
    for by in (anna.user, member("beta", "Boris", "organisation_admin").user):
        with pytest.raises(PermissionDenied):
            named(by=by)


def test_every_event_of_a_deputy_names_both(named, anna, daan, alfa):
    audit.record("organisation.edited", by=daan.user, about=alfa, organisation=alfa, name="Alfa")
    named()
    audit.record("organisation.edited", by=daan.user, about=alfa, organisation=alfa, name="Alfa")
    before, after = Event.objects.filter(type="organisation.edited").order_by("pk")
    assert ("deputy_for" in before.facts, after.facts["deputy_for"]) == (False, [anna.user_id])
    entry = told([after], language="en", names={"organisation": {"alfa": "Alfa"}})[0]
    assert entry.who == "Daan Alfa (standing in for Anna Alfa), Alfa"
    story = told(Event.objects.filter(type="deputy.named"), language="nl", names={"organisation": {"alfa": "Alfa"}})
    assert story[0].sentence.startswith("Daan Alfa vervangt Anna Alfa bij Alfa als ")
