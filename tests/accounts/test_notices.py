"""The first page tells for whom one stands in, and that one's organisation is suspended."""

import pytest

from accounts import deputies, standing


@pytest.fixture
def daan(alfa, admin, member, week):
    deputy = member("alfa", "Daan")
    deputies.name_deputy(
        absent=member("alfa", "Anna", "lawyer"), deputy=deputy, role="lawyer", reason="Holiday", by=admin, **week
    )
    return deputy.user


def test_a_deputy_reads_for_whom_until_when(daan, admin, as_user):
    assert "You stand in for Anna Alfa at Alfa, until and including" in as_user(daan).get("/").content.decode()
    assert "You stand in" not in as_user(admin).get("/").content.decode()


def test_members_of_a_suspended_organisation_read_why_they_see_nothing(daan, alfa, platform, as_user):
    standing.suspend_organisation(organisation=alfa, reason="Contract ended.", by=platform)
    shown = as_user(daan).get("/").content.decode()
    assert "Alfa is suspended on this platform: Contract ended. You see" in shown
