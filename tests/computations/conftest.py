from collections.abc import Callable

import pytest
from django.test import Client

from accounts import roles
from accounts.models import Membership, Organisation, User
from computations import actions
from tests.collaborations.world import World, new_person
from tests.computations.station_side import StationSide
from tests.computations.trial import Stations, approve, draft


@pytest.fixture(autouse=True)
def static_files(settings):
    """Pages are tested with the static files as they stand in the tree."""
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


@pytest.fixture
def world(db: None) -> World:
    """Three organisations (alfa asks) with people for every role; see ``tests/collaborations/world.py``."""
    return World()


@pytest.fixture
def at(world: World) -> Callable[..., Client]:
    """A browser of its own for whoever plays a role at an organisation, in English."""

    def logged_in(key: str = "alfa", role: str = "innovation_manager") -> Client:
        client = Client()
        client.force_login(world.person(key, role))
        client.cookies["django_language"] = "en"
        return client

    return logged_in


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


@pytest.fixture
def make_stations(
    person: Callable[..., User], enrolled: Callable[[Organisation], StationSide]
) -> Callable[..., Stations]:
    """Three enrolled stations with a trial contract signed by ``signers``; ``asker`` may schedule and cancel."""

    def make(signers: tuple[str, ...] = ("alfa", "beta", "gamma"), **spec: object) -> Stations:
        keys = ("alfa", "beta", "gamma")
        sides = {key: enrolled(Organisation.objects.create(slug=key, name=key.title())) for key in keys}
        asker = person(sides["alfa"].organisation, "innovation_manager")
        contract = draft(sides, asker, **spec)
        for key in signers:
            assert approve(sides[key], contract).status_code == 200
        contract.refresh_from_db()
        assert contract.state == ("signed" if len(signers) == len(keys) else "drafted")
        return Stations(sides, contract)

    return make


@pytest.fixture
def asker(db: None) -> Callable[[], User]:
    return lambda: User.objects.get(email="innovation_manager@alfa.example")


@pytest.fixture
def preparing(make_stations: Callable[..., Stations], asker: Callable[[], User]) -> Stations:
    """A run that just began preparing."""
    stations = make_stations()
    stations.run = actions.schedule_run(contract=stations.contract, by=asker())
    actions.start_run(run_id=stations.run.pk)
    return stations


@pytest.fixture
def browser() -> Callable[..., Client]:
    """Whoever has a role at an organisation of the invented run."""

    def opened(key: str = "alfa", role: str = "innovation_manager") -> Client:
        organisation = Organisation.objects.get(slug=key)
        email = f"{role}@{key}.example"
        user = User.objects.filter(email=email).first() or new_person(email, organisation, role)
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return opened
