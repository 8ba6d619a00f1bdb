"""Whatever a partner withdraws or suspends ends the runs under it, in every phase before release, within one sweep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

import dpia.actions as assessments
from accounts import standing
from collaborations import actions as dossier
from collaborations.models import UseCase
from computations import actions
from computations.models import Run
from station.reasons import Refused
from tests.collaborations.world import World

Stop = Callable[[World, UseCase], object]


def _basis(use_case: UseCase):
    return use_case.partners.get(organisation__slug="beta").bases.filter(state="approved").earliest("pk")


def suspend_basis(world: World, use_case: UseCase) -> None:
    dossier.suspend_basis(basis=_basis(use_case), reason="The law changed.", by=world.person("beta", "dpo"))


def withdraw_basis(world: World, use_case: UseCase) -> None:
    by = world.person("beta", "mandated_manager")
    dossier.withdraw_basis(basis=_basis(use_case), reason="The law ended.", by=by)


def terminate_agreement(world: World, use_case: UseCase) -> None:
    agreement = use_case.collaboration.agreements.get()
    dossier.terminate_agreement(agreement=agreement, reason="We stop.", by=world.person("gamma", "lawyer"))


def suspend_assessment(world: World, use_case: UseCase) -> None:
    beta = world.organisations["beta"]
    by = world.person("beta", "dpo")
    assessments.suspend(assessment=use_case.assessment, organisation=beta, reason="A new risk.", by=by)


def hold(world: World, use_case: UseCase) -> None:
    dossier.hold(use_case=use_case, reason="An incident.", by=world.person("alfa", "innovation_manager"))


def suspend_organisation(world: World, use_case: UseCase) -> None:
    standing.suspend_organisation(organisation=world.organisations["beta"], reason="No contract.", by="system")


STOPS: list[Stop] = [
    suspend_basis, withdraw_basis, terminate_agreement, suspend_assessment, hold, suspend_organisation,
]  # fmt: skip


@pytest.fixture
def scheduled(world: World) -> Run:
    contract = world.use_case_at("authorised").contracts.get(kind="contract")
    return actions.schedule_run(contract=contract, by=world.person("alfa", "innovation_manager"))


@pytest.mark.parametrize("state", ["queued", "preparing", "running", "checking"])
@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.__name__)
def test_a_stop_ends_what_is_not_released(world: World, scheduled: Run, stop: Stop, state: str) -> None:
    moment = timezone.now() - timedelta(seconds=6)  # a fresh one is left to its worker
    Run.objects.filter(pk=scheduled.pk).update(state=state, queued_at=moment)
    stop(world, scheduled.contract.use_case)
    actions.sweep()
    scheduled.refresh_from_db()
    assert scheduled.state == "cancelled"
    assert any(reason.code.startswith("gate.") for reason in scheduled.why)
    assert not scheduled.results.exists()


@pytest.mark.parametrize("state", ["released", "withheld"])
def test_a_stop_leaves_what_has_ended(world: World, scheduled: Run, state: str) -> None:
    Run.objects.filter(pk=scheduled.pk).update(state=state)
    suspend_basis(world, scheduled.contract.use_case)
    actions.sweep()
    scheduled.refresh_from_db()
    assert scheduled.state == state


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.__name__)
def test_nothing_new_starts(world: World, stop: Stop) -> None:
    use_case = world.use_case_at("authorised")
    stop(world, use_case)
    contract = use_case.contracts.filter(kind="contract").latest("drafted_at")
    with pytest.raises(Refused) as caught:
        actions.schedule_run(contract=contract, by=world.person("alfa", "innovation_manager"))
    assert all(reason.code.startswith(("gate.", "run.", "lifecycle.")) for reason in caught.value.reasons)
