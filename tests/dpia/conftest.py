"""DPIAs that the actions themselves brought to a state, and the people who play a part in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from dpia.models import Assessment
from tests.collaborations.world import World
from tests.dpia.full import on_full
from tests.dpia.pages import Pages
from tests.dpia.people import Cast


@pytest.fixture(autouse=True)
def static_files(settings):
    """Pages are tested with the static files as they stand in the tree."""
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


@pytest.fixture(scope="module")
def cast_once(django_db_setup: None, django_db_blocker) -> Iterator[Cast]:
    """A complete draft of a DPIA for a whole file; see ``cast``."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Cast(World()).start()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def full_once(django_db_setup: None, django_db_blocker) -> Iterator[Cast]:
    """The same on the template of 17 points, for a file that says ``cast`` is this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = Cast(World()).start()
        on_full(cast)
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def cast(cast_once: Cast, db: None) -> Cast:
    """The same draft and people for every test; ``db`` undoes what a test changes."""
    return cast_once


@pytest.fixture
def person(cast: Cast) -> Callable[[str, str], User]:
    """``person(organisation, role)``."""
    return cast.person


@pytest.fixture
def drafter(cast: Cast) -> User:
    return cast.person("alfa", "drafter")


@pytest.fixture
def at(cast: Cast) -> Callable[[str], Assessment]:
    """The DPIA brought to a state; see ``Cast.at``."""
    return cast.at


@pytest.fixture
def pages(client: Client, cast: Cast) -> Pages:
    return Pages(client, cast)
