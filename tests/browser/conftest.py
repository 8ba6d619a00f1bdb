"""One small platform for the files that need no workers and no stations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bin.machine.instance import Instance
from tests.browser.served import served


@pytest.fixture(scope="session")
def small() -> Iterator[Instance]:
    with served("small") as made:
        yield made
