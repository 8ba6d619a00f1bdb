from collections.abc import Callable
from pathlib import Path

import pytest

from station.home import Home, Settings, initialise


@pytest.fixture
def make_home(tmp_path: Path) -> Callable[..., Home]:
    """Makes a station directory; every time it is asked for the same organisation it opens the same one."""

    def make(organisation: str = "kvk", **settings: object) -> Home:
        root = tmp_path / organisation
        if not (root / "station.toml").exists():
            values = {"organisation": organisation, "platform": "http://127.0.0.1:9", "language": "en"} | settings
            initialise(root, Settings.model_validate(values))
        return Home(root)

    return make


@pytest.fixture
def home(make_home: Callable[..., Home]) -> Home:
    return make_home()
