"""The same organisations, people and use cases as the tests of collaborations."""

from tests.collaborations.conftest import *  # noqa: F403
