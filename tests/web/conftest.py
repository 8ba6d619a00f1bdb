"""Pages are tested with the static files as they stand in the tree, collected or not."""

import pytest


@pytest.fixture(autouse=True)
def static_files(settings):
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
