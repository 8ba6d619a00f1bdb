from collections.abc import Callable
from pathlib import Path

import pytest

from station.home import Home
from tests.station.cli.process import Station
from tests.station.hostile import HostilePlatform


@pytest.fixture
def station(make_home: Callable[..., Home], hostile: HostilePlatform, tmp_path: Path) -> Station:
    """The station of kvk, speaking English, at a platform that answers what the test wants."""
    return Station(make_home("kvk", platform=hostile.address).root)


@pytest.fixture
def offline(make_home: Callable[..., Home]) -> Station:
    """The station of kvk; its platform cannot be reached."""
    return Station(make_home("kvk").root)
