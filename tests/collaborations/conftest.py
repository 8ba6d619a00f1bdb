"""Three invented organisations and a use case that real actions walk to any state."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from accounts.models import Organisation, User
from collaborations.models import Contract, UseCase
from tests.collaborations.world import Stations, World


@pytest.fixture(autouse=True)
def static_files(settings):
    """Pages are tested with the static files as they stand in the tree."""
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def organisations(world: World) -> dict[str, Organisation]:
    return world.organisations


@pytest.fixture
def person(world: World) -> Callable[[str, str], User]:
    """``person(organisation, role)``; ``nobody`` is a member without a role."""
    return world.person


@pytest.fixture
def stations(world: World) -> Stations:
    return world.stations


@pytest.fixture
def draft_contract(world: World) -> Callable[..., Contract]:
    return world.draft_contract


@pytest.fixture
def approve_all(world: World) -> Callable[[Contract], None]:
    return world.approve_all


@pytest.fixture
def use_case_at(world: World) -> Callable[..., UseCase]:
    return world.use_case_at


@pytest.fixture(scope="module")
def authorised_once(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """An authorised use case for a whole file; see ``authorised``."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        world.use_case = world.use_case_at("authorised")
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def authorised(authorised_once: World) -> Iterator[World]:
    """The same authorised use case for every test; what a test changes is undone after it."""
    with transaction.atomic():
        authorised_once.use_case = UseCase.objects.get(pk=authorised_once.use_case.pk)
        yield authorised_once
        transaction.set_rollback(True)
