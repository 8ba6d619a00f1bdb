"""A station enrols once per token and announces its datasets."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation, User
from audit.models import Event
from computations import actions, clock
from computations.models import Dataset, DataStation, EnrolmentToken
from tests.computations.station_side import StationSide, codes

Person = Callable[..., User]


def test_enrolling_binds_the_key_and_leaves_an_event(side: StationSide) -> None:
    station = DataStation.objects.get()
    assert (station.organisation, station.thumbprint) == (side.organisation, side.kid)
    event = Event.objects.get(type="station.enrolled")
    assert (event.actor_type, event.actor_id, event.facts) == ("station", "kvk", {"thumbprint": side.kid})


def test_the_token_is_not_kept(organisation: Organisation, person: Person) -> None:
    token = actions.enrolment_token(organisation=organisation, by=person(organisation, "data_steward"))
    row = EnrolmentToken.objects.get()
    assert token not in (row.sha256, str(row.__dict__))


def test_only_the_data_steward_makes_one(organisation: Organisation, person: Person) -> None:
    with pytest.raises(PermissionDenied):
        actions.enrolment_token(organisation=organisation, by=person(organisation, "innovation_manager"))


def test_a_token_works_once_for_its_own_organisation_for_a_day(organisation: Organisation, person: Person) -> None:
    steward = person(organisation, "data_steward")
    other = Organisation.objects.create(slug="other", name="Other")
    token = actions.enrolment_token(organisation=organisation, by=steward)
    assert codes(StationSide(other).enrol(token)) == ["enrolment.token"]
    assert StationSide(organisation).enrol(token).status_code == 200
    assert codes(StationSide(organisation).enrol(token)) == ["enrolment.token"]
    late = actions.enrolment_token(organisation=organisation, by=steward)
    EnrolmentToken.objects.filter(used_at=None).update(expires_at=clock.now() - timedelta(seconds=1))
    assert codes(StationSide(organisation).enrol(late)) == ["enrolment.token"]


def test_a_new_token_replaces_an_unused_one(organisation: Organisation, person: Person) -> None:
    steward = person(organisation, "data_steward")
    first = actions.enrolment_token(organisation=organisation, by=steward)
    actions.enrolment_token(organisation=organisation, by=steward)
    assert codes(StationSide(organisation).enrol(first)) == ["enrolment.token"]


def test_enrolling_again_replaces_the_key(side: StationSide, organisation: Organisation, person: Person) -> None:
    steward = User.objects.get(email="data_steward@kvk.example")
    again = StationSide(organisation)
    assert again.enrol(actions.enrolment_token(organisation=organisation, by=steward)).status_code == 200
    assert DataStation.objects.get().thumbprint == again.kid
    assert codes(side.call("GET", "work")) == ["request.unknown_station"]


def test_two_organisations_never_share_a_key(side: StationSide, person: Person) -> None:
    other = Organisation.objects.create(slug="other", name="Other")
    thief = StationSide(other)
    thief.key, thief.kid = side.key, side.kid
    token = actions.enrolment_token(organisation=other, by=person(other, "data_steward"))
    assert codes(thief.enrol(token)) == ["enrolment.key_of_another"]


def test_announcing_a_dataset_twice_is_one_dataset(side: StationSide) -> None:
    assert side.announce("companies").status_code == 200
    assert side.announce("companies").status_code == 200
    dataset = Dataset.objects.get()
    assert (dataset.key, dataset.synthetic, dataset.rows_rounded_up) == ("companies", False, 100)
    assert Event.objects.filter(type="dataset.announced").count() == 1
    side.announce("companies", synthetic=True)
    assert Event.objects.filter(type="dataset.announced").count() == 2


def test_a_dataset_with_another_hash_or_name_is_refused(side: StationSide) -> None:
    assert codes(side.announce("companies", sha256="0" * 64)) == ["dataset.hash"]
    statement = side.sign("dataset", dataset="x")
    assert codes(side.call("PUT", "datasets/companies", {"statement": statement}))[0] == "statement.field"
    assert not Dataset.objects.exists()


def test_datasets_are_seen_by_members_only(side: StationSide, person: Person, organisation: Organisation) -> None:
    side.announce("companies")
    stranger = person(Organisation.objects.create(slug="other", name="Other"), "innovation_manager")
    assert Dataset.objects.visible_to(person(organisation, "drafter")).count() == 1
    assert Dataset.objects.visible_to(stranger).count() == 0
