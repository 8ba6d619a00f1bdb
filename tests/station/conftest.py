from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from station.home import Home
from tests.station.homes import made_home
from tests.station.hostile import HostilePlatform

settings.register_profile("station", deadline=None)  # a busy machine is no fault of the program
settings.load_profile("station")


@pytest.fixture
def make_home(tmp_path: Path) -> Callable[..., Home]:
    """Makes a station directory; every time it is asked for the same organisation it opens the same one."""
    return lambda organisation="kvk", **settings: made_home(tmp_path / organisation, **settings)


@pytest.fixture
def home(make_home: Callable[..., Home]) -> Home:
    return make_home()


@pytest.fixture
def hostile() -> Iterator[HostilePlatform]:
    """A platform that answers whatever the test wants."""
    with HostilePlatform() as platform:
        yield platform
