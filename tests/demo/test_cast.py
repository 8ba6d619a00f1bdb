"""The invented people: one per role and organisation, different people, none of them real addresses."""

from datetime import date

import pytest

from accounts import roles
from accounts.models import Mandate, Organisation, User
from demo import cast

TODAY = date(2026, 3, 2)


@pytest.mark.django_db
def test_casting_twice_does_it_once():
    for _again in range(2):
        cast.cast({"kvk": "KVK", "gemeenten": "Gemeenten (samen)"}, password="demo-password-1", today=TODAY)
    assert User.objects.count() == 2 * len(cast.describe()["roles"]) + 1
    assert cast.person("kvk", "dpo").check_password("demo-password-1")
    assert {account.role for account in cast.accounts()} == set(roles.ROLES)
    assert all(account.email.endswith(".example") for account in cast.accounts())


@pytest.mark.django_db
def test_each_role_is_played_and_the_manager_may_bind():
    cast.cast({"kvk": "KVK"}, password=None, today=TODAY)
    kvk = Organisation.objects.get(slug="kvk")
    manager = cast.person("kvk", "mandated_manager")
    assert roles.allowed(manager, "adopt_assessment", kvk)
    assert not roles.allowed(cast.person("kvk", "drafter"), "adopt_assessment", kvk)
    assert Mandate.objects.in_force(kvk, manager, TODAY) is not None
    assert (kvk.type, kvk.kind) == ("agency", "public")
    assert [contact.email for contact in kvk.contacts.all()] == ["privacyloket@kvk.example"]
    assert not manager.has_usable_password()


def test_the_password_stays_the_same_and_private(tmp_path):
    first = cast.password_of(tmp_path)
    assert first == cast.password_of(tmp_path) != ""
    assert (tmp_path / "demo-password").stat().st_mode & 0o077 == 0
