from collections.abc import Callable

import pytest

from accounts import roles
from accounts.models import Membership, Organisation, User
from computations import actions
from tests.computations.station_side import StationSide


@pytest.fixture
def organisation(db: None) -> Organisation:
    return Organisation.objects.create(slug="kvk", name="KVK")


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes a person with roles at an organisation."""

    def make(organisation: Organisation, *held: str) -> User:
        user = User.objects.create_user(
            f"{'-'.join(held) or 'nobody'}@{organisation.slug}.example", full_name="Invented"
        )
        membership = Membership.objects.create(user=user, organisation=organisation)
        for role in held:
            roles.grant(membership, role)
        return user

    return make


@pytest.fixture
def enrolled(person: Callable[..., User]) -> Callable[[Organisation], StationSide]:
    """An enrolled station of an organisation."""

    def make(organisation: Organisation) -> StationSide:
        side = StationSide(organisation)
        steward = person(organisation, "data_steward")
        answer = side.enrol(actions.enrolment_token(organisation=organisation, by=steward))
        assert answer.status_code == 200, answer.document
        return side

    return make


@pytest.fixture
def side(organisation: Organisation, enrolled: Callable[[Organisation], StationSide]) -> StationSide:
    return enrolled(organisation)
