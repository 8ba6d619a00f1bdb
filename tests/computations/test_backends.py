"""What every backend in the catalogue has to do, whichever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from django.db import transaction
from django.test import Client

from accounts.models import User
from computations import actions, backends, doorbell
from computations.models import Run
from station.reasons import Refused
from tests.computations.pages import text
from tests.computations.trial import Stations

EVERY = sorted(backends.catalogue())


@pytest.fixture
def queued(make_stations: Callable[..., Stations], asker: Callable[[], User]) -> Run:
    stations = make_stations()
    return actions.schedule_run(contract=stations.contract, by=asker())


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Valkey anywhere."""
    away = redis.Redis.from_url("unix:///nowhere/valkey.sock")
    monkeypatch.setattr(doorbell, "valkey", lambda: away)


def test_there_is_one_and_runs_find_it(queued: Run) -> None:
    assert EVERY == ["stations"]
    assert backends.of(queued).key in EVERY


@pytest.mark.parametrize("key", EVERY)
def test_a_fit_backend_has_no_troubles(key: str) -> None:
    assert backends.catalogue()[key].check() == []


@pytest.mark.parametrize("key", EVERY)
def test_what_keeps_it_from_working_is_a_reason_and_no_crash(key: str, nobody: None) -> None:
    reasons = backends.catalogue()[key].check()
    assert reasons and all(reason.text("nl") != reason.code for reason in reasons)


@pytest.mark.parametrize("key", EVERY)
def test_a_queued_run_is_preparing_with_a_task_for_everybody(key: str, queued: Run) -> None:
    with transaction.atomic():
        backends.catalogue()[key].start(Run.objects.select_for_update().get(pk=queued.pk))
    queued.refresh_from_db()
    assert queued.state == "preparing" and queued.lease_until is not None
    assert [task.organisation.slug for task in queued.tasks.filter(attempt=1)] == queued.parties()
    with pytest.raises(Refused):
        backends.catalogue()[key].start(queued)


@pytest.mark.parametrize("key", EVERY)
def test_a_next_attempt_has_tasks_of_its_own(key: str, queued: Run) -> None:
    backend = backends.catalogue()[key]
    backend.start(queued)
    queued.attempt = 2
    backend.retry(queued)
    assert (queued.state, queued.tasks.filter(attempt=2).count()) == ("preparing", len(queued.parties()))


def test_whoever_wants_to_start_a_run_reads_it(queued: Run, browser: Callable[..., Client], nobody: None) -> None:
    page = text(browser().get(f"/use-cases/{queued.contract.use_case_id}/runs/"))
    assert "The doorbell (Valkey) does not answer" in page
