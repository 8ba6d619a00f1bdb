"""One organisation with two administrators and a few members, and a platform administrator elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import roles
from accounts.models import Membership, Organisation, User


@pytest.fixture(autouse=True)
def static_files(settings):
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def week(today: date) -> dict[str, date]:
    return {"first_day": today, "last_day": today + timedelta(days=7)}


@pytest.fixture
def member(db: None) -> Callable[..., Membership]:
    """``member("alfa", "Anna", "lawyer")``: made when first asked for, in English."""

    def found(key: str, name: str, *held: str) -> Membership:
        organisation, _made = Organisation.objects.get_or_create(slug=key, defaults={"name": key.title()})
        email = f"{name.lower()}@{key}.example"
        user = User.objects.filter(email=email).first()
        user = user or User.objects.create_user(email, full_name=f"{name} {key.title()}", language="en")
        membership, _made = Membership.objects.get_or_create(user=user, organisation=organisation)
        for role in held:
            roles.grant(membership, role)
        return membership

    return found


@pytest.fixture
def alfa(member: Callable[..., Membership]) -> Organisation:
    return member("alfa", "Bea", "organisation_admin").organisation


@pytest.fixture
def admin(alfa: Organisation) -> User:
    """Administers alfa."""
    return User.objects.get(email="bea@alfa.example")


@pytest.fixture
def platform(member: Callable[..., Membership]) -> User:
    return member("platform", "Piet", "platform_admin").user


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    def logged_in(user: User) -> Client:
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return logged_in
