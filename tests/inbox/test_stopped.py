"""Planned runs that stopped by themselves stand in the inbox of whoever planned them, with for whom they wait."""

from __future__ import annotations

from datetime import time, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from collaborations import actions as collaborations
from collaborations.models import LegalBasis
from computations import actions
from computations.models import Schedule
from tests.collaborations.world import World

STOP = "authorised"


@pytest.fixture
def plan(shared: World) -> Schedule:
    by = shared.person("alfa", "innovation_manager")
    tomorrow = timezone.localdate() + timedelta(days=1)
    return actions.plan_runs(contract=shared.use_case.contracts.get(), first_day=tomorrow, at=time(6), by=by)


def home(at: Any, key: str = "alfa", role: str = "innovation_manager") -> str:
    cache.clear()
    return " ".join(unescape(at(key, role).get("/").content.decode()).split())


def again() -> None:
    Schedule.objects.update(checked_at=None)
    actions.sweep()


def test_a_suspended_plan_is_told_with_who_has_to_mend_it_until_it_goes_on(
    shared: World, plan: Schedule, at: Any
) -> None:
    assert "Planned runs that stopped" not in home(at)
    row = LegalBasis.objects.get(partner__organisation__slug="beta", operation="contribute")
    collaborations.suspend_basis(basis=row, reason="invented", by=shared.person("beta", "dpo"))
    again()
    told = home(at)
    assert "Planned runs that stopped" in told and "it goes on by itself" in told
    assert "Has to mend something: Beta, since today" in told
    assert "Planned runs that stopped" not in home(at, "alfa", "dpo"), "who does not plan"
    assert "Planned runs that stopped" not in home(at, "beta"), "another organisation's plan"
    collaborations.resume_basis(basis=row, reason="mended", by=shared.person("beta", "mandated_manager"))
    again()
    assert "Planned runs that stopped" not in home(at)


def test_a_plan_whose_contract_lapsed_says_why_and_that_it_ended(shared: World, plan: Schedule, at: Any) -> None:
    collaborations.reassess(
        use_case=shared.use_case, reason="invented", by=shared.person("alfa", "innovation_manager")
    )  # fmt: skip
    again()
    plan.refresh_from_db()
    assert plan.state == "ended"
    assert {"gate.superseded", "gate.use_case_state"} <= {reason.code for reason in plan.why}
    assert "together with its contract" in home(at)
