"""Three invented organisations and a use case that real actions walk to any state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

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
def at(client: Client, world: World) -> Callable[..., Client]:
    """A browser of whoever plays a role at an organisation, in English."""

    def logged_in(key: str, role: str) -> Client:
        client.force_login(world.person(key, role))
        client.cookies["django_language"] = "en"
        return client

    return logged_in


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
def built(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A world with a use case at the ``STOP`` of the test file; see ``shared``."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        world.use_case = world.use_case_at(request.module.STOP)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def shared(built: World, db: None) -> World:
    """The same world for every test of a file, because the road takes long; ``db`` undoes what a test changes."""
    assert built.use_case is not None
    built.use_case = UseCase.objects.get(pk=built.use_case.pk)
    return built
