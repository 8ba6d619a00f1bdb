from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts import actions
from accounts.models import Mandate
from audit.models import Event
from station.reasons import Refused


@pytest.fixture
def recorded(alfa, admin, member):
    """Records a mandate of Mia's from one day in 2027 to another."""
    holder = member("alfa", "Mia", "mandated_manager").user

    def record(begin, end, **changes):
        given = {"function": "Director", "reference": "Decision 1", "holder": holder, "by": admin} | changes
        return actions.record_mandate(
            organisation=alfa, valid_from=date(2027, *begin), valid_to=date(2027, *end), **given
        )

    return record


@pytest.mark.parametrize(("begin", "end"), [((1, 1), (3, 1)), ((3, 31), (4, 30)), ((2, 1), (2, 2)), ((1, 1), (12, 1))])
def test_two_mandates_of_one_person_and_function_do_not_overlap(recorded, alfa, begin, end):
    recorded((2, 1), (3, 31))
    with pytest.raises(Refused, match="Decision 1") as refusal:
        recorded(begin, end, function="director")
    assert refusal.value.reasons[0].code == "mandate.overlap"
    assert alfa.mandates.count() == 1


def test_the_next_day_another_function_and_another_person_are_no_overlap(recorded, alfa, member):
    recorded((2, 1), (3, 31))
    recorded((4, 1), (5, 1))
    recorded((2, 1), (3, 31), function="Deputy director")
    recorded((2, 1), (3, 31), holder=member("alfa", "Noor").user)
    assert alfa.mandates.count() == 4


def test_after_a_withdrawal_the_days_are_free_again(recorded, admin, alfa):
    first = recorded((2, 1), (3, 31))
    actions.withdraw_mandate(mandate=first, by=admin, reason="Left the function")
    recorded((2, 1), (3, 31))
    first.refresh_from_db()
    assert first.withdrawn_reason == "Left the function"
    with pytest.raises(Refused) as refusal:
        actions.withdraw_mandate(mandate=first, by=admin)
    assert refusal.value.reasons[0].code == "mandate.withdrawn_already"


def test_a_mandate_does_not_end_before_it_begins(recorded):
    with pytest.raises(Refused) as refusal:
        recorded((3, 2), (3, 1))
    assert refusal.value.reasons[0].code == "dates.end_before_begin"


def test_an_expired_mandate_binds_nobody(alfa, admin, member, today):
    holder, yesterday = member("alfa", "Mia", "mandated_manager").user, today - timedelta(days=1)
    actions.record_mandate(
        organisation=alfa, holder=holder, function="Director", reference="D 1", valid_from=date(2020, 1, 1),
        valid_to=yesterday, by=admin,
    )  # fmt: skip
    with pytest.raises(Refused, match="Alfa") as refusal:
        actions.mandate_today(holder, alfa)
    assert refusal.value.reasons[0].code == "mandate.none"


@pytest.fixture
def mandates(alfa, admin, member, today):
    """Those of two managers, in force."""

    def make(name):
        holder = member("alfa", name, "mandated_manager").user
        return actions.record_mandate(
            organisation=alfa, holder=holder, function="Director", reference=f"Decision of {name} (invented)",
            valid_from=today, valid_to=today + timedelta(days=9), by=admin,
        )  # fmt: skip

    return make("Mia"), make("Noor")


def refusal_of(act, **arguments):
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    return refusal.value.reasons[0].code


def test_the_end_of_a_mandate_puts_nothing_in_doubt_by_itself(mandates, admin):
    actions.withdraw_mandate(mandate=mandates[0], by=admin, reason="Left the function")
    assert not Mandate.objects.in_doubt().exists()


def test_reaching_back_is_a_choice_with_a_reason(mandates, admin):
    mandate, _other = mandates
    assert refusal_of(actions.withdraw_mandate, mandate=mandate, by=admin, suspends=True) == "reason.needed"
    actions.withdraw_mandate(mandate=mandate, by=admin, reason="Signed for a friend", suspends=True)
    assert list(Mandate.objects.in_doubt()) == [mandate]
    assert Event.objects.filter(type="mandate.doubted", facts__reason="Signed for a friend").exists()


def test_only_another_manager_with_a_mandate_confirms(mandates, admin, alfa, member):
    mandate, other = mandates
    assert refusal_of(actions.confirm_mandate, mandate=mandate, reason="x", by=other.holder) == "mandate.not_in_doubt"
    actions.withdraw_mandate(mandate=mandate, by=admin, reason="Doubt", suspends=True)
    idle = member("alfa", "Ida", "mandated_manager").user
    assert refusal_of(actions.confirm_mandate, mandate=mandate, reason="x", by=idle) == "mandate.none"
    assert refusal_of(actions.confirm_mandate, mandate=mandate, reason="x", by=mandate.holder) == "mandate.none"
    assert refusal_of(actions.confirm_mandate, mandate=mandate, reason=" ", by=other.holder) == "reason.needed"
    with pytest.raises(PermissionDenied):
        actions.confirm_mandate(mandate=mandate, reason="x", by=member("alfa", "Dirk", "drafter").user)
    actions.confirm_mandate(mandate=mandate, reason="Looked at it again", by=other.holder)
    mandate.refresh_from_db()
    assert not mandate.in_doubt and mandate.confirmed_under == other
    assert refusal_of(actions.confirm_mandate, mandate=mandate, reason="x", by=other.holder) == "mandate.not_in_doubt"
