"""The code of a contract compared on paper, and the lines of the checklist that this room knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import onboarding
from audit.models import Event
from computations import actions
from computations.models import CodeCompared, DataStation
from station.reasons import Refused
from tests.collaborations.world import World


@pytest.fixture
def drafted(world: World) -> World:
    world.use_case = world.use_case_at("contracted")
    return world


def test_the_code_a_station_shows_is_recorded_by_its_steward(drafted: World, at: Callable[..., Client]) -> None:
    browser, url = at("beta", "data_steward"), reverse("computations:code_compared", args=["beta"])
    contract = drafted.contract()
    assert contract.code not in browser.get(url).content.decode(), "it is typed from paper"
    wrong = browser.post(url, {"contract": str(contract.pk), "code": "AAAA-BBBB"})
    assert wrong.status_code == 422 and "Do not sign" in wrong.content.decode()
    assert not CodeCompared.objects.exists()
    typed = contract.code.replace("-", " ").lower()
    for _twice in range(2):
        assert browser.post(url, {"contract": str(contract.pk), "code": typed}).status_code == 302
    made = CodeCompared.objects.get()
    steward = drafted.person("beta", "data_steward")
    assert (made.organisation.slug, made.by, made.contract) == ("beta", steward, contract)
    assert Event.objects.filter(type="contract.code_compared", organisation_key="beta").count() == 1
    line = onboarding.lines(drafted.organisations["beta"])[-1]
    assert line.done and contract.code in line.detail and "Data Steward Beta" in line.detail
    assert not onboarding.lines(drafted.organisations["alfa"])[-1].done, "each organisation compares for itself"


def test_nobody_compares_for_another_organisation_or_another_contract(drafted: World) -> None:
    contract, beta = drafted.contract(), drafted.organisations["beta"]
    for by in (drafted.person("alfa", "data_steward"), drafted.person("beta", "lawyer")):
        with pytest.raises(PermissionDenied):
            actions.compare_code(organisation=beta, contract=contract, code=contract.code, by=by)
    steward = drafted.person("beta", "data_steward")
    contract.data = contract.data.replace('"organisation":"beta"', '"organisation":"zeta"')
    with pytest.raises(Refused) as refusal:
        actions.compare_code(organisation=beta, contract=contract, code=contract.code, by=steward)
    assert refusal.value.reasons[0].code == "contract.not_ours"


def test_an_enrolled_station_is_a_line_of_the_checklist(world: World) -> None:
    alfa = world.organisations["alfa"]
    station, code = onboarding.lines(alfa)[3:]
    assert (station.done, station.role, code.done) == (False, "data_steward", False)
    DataStation.objects.create(organisation=alfa, key={}, thumbprint="a", version="1", enrolled_at=timezone.now())
    assert onboarding.lines(alfa)[3].done
