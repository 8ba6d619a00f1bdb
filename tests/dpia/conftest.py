"""The people and the walked use cases of the collaborations' tests, seen from the DPIA."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Organisation, User
from dpia.models import Assessment
from tests.collaborations.conftest import (  # noqa: F401 (fixtures)
    Person,
    UseCaseAt,
    approve_all,
    draft_contract,
    organisations,
    person,
    static_files,
    stations,
    use_case_at,
)
from tests.dpia.people import Cast

AssessmentAt = Callable[..., Assessment]


@pytest.fixture
def cast(organisations: dict[str, Organisation], person: Person) -> Cast:  # noqa: F811
    return Cast(organisations, person)


@pytest.fixture
def assessment_at(use_case_at: UseCaseAt, cast: Cast) -> AssessmentAt:  # noqa: F811
    """A DPIA that the actions themselves brought to a state; see ``Cast.to``."""

    def walked(state: str, **spec: object) -> Assessment:
        assessment = use_case_at("assessing", **spec).assessment
        assert assessment is not None
        return cast.to(state, assessment)

    return walked


@pytest.fixture
def drafter(person: Person) -> User:  # noqa: F811
    return person("alfa", "drafter")
