"""DPIAs that the actions themselves brought to a state, and the people who play a part in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dpia.models import Assessment
from tests.collaborations.world import World
from tests.dpia.pages import Pages
from tests.dpia.people import Cast

AssessmentAt = Callable[..., Assessment]


@pytest.fixture(autouse=True)
def static_files(settings):
    """Pages are tested with the static files as they stand in the tree."""
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast(World())


@pytest.fixture
def person(cast: Cast) -> Callable[[str, str], User]:
    """``person(organisation, role)``."""
    return cast.person


@pytest.fixture
def drafter(cast: Cast) -> User:
    return cast.person("alfa", "drafter")


@pytest.fixture
def assessment_at(cast: Cast) -> AssessmentAt:
    return cast.at


@pytest.fixture
def pages(client: Client, cast: Cast) -> Pages:
    return Pages(client, cast)
