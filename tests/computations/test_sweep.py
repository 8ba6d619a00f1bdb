"""What the sweep finds: lost messages, silent stations, days that passed. Time passes by dating rows back."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.utils import timezone

import audit
from accounts import standing
from accounts.models import Organisation, User
from computations import actions
from computations.models import DataStation, Nonce, Run
from station.reasons import Refused
from tests.computations.trial import Stations

module = import_module("computations.actions.sweep")  # the package's name for it is the function


def back(run: Run, *names: str, **ago: float) -> None:
    """Makes moments of a run lie so long ago."""
    Run.objects.filter(pk=run.pk).update(**{name: timezone.now() - timedelta(**ago) for name in names})


def quiet(stations: Stations, key: str, **ago: float) -> None:
    """Nothing was heard of this station, and its engine did not get on, for so long."""
    moment = timezone.now() - timedelta(**ago)
    organisation = Organisation.objects.get(slug=key)
    stations.run.tasks.filter(organisation=organisation).update(at=moment)
    DataStation.objects.filter(organisation=organisation).update(seen_at=moment)


def codes(stations: Stations) -> list[str]:
    stations.run.refresh_from_db()
    return [reason.code for reason in stations.run.why]


def test_a_lost_nudge_only_costs_time(make_stations: Callable[..., Stations], asker: Callable[[], User]) -> None:
    stations = make_stations()
    stations.run = actions.schedule_run(contract=stations.contract, by=asker())
    assert actions.sweep() == 0, "the message may still be on its way"
    back(stations.run, "queued_at", seconds=6)
    assert actions.sweep() == 1
    assert stations.state() == "preparing"


def test_a_station_that_does_not_answer_is_named(preparing: Stations) -> None:
    preparing.ready("alfa")
    preparing.ready("beta")
    actions.sweep()
    assert preparing.state() == "preparing"
    back(preparing.run, "lease_until", seconds=1)
    actions.sweep()
    assert (preparing.state(), codes(preparing)) == ("failed", ["run.no_ready"])
    assert preparing.run.blamed.slug == "gamma"


def test_silence_while_computing_costs_an_attempt_and_after_three_the_run(preparing: Stations) -> None:
    for attempt in (1, 2, 3):
        preparing.all_ready()
        assert (preparing.state(), preparing.run.attempt) == ("running", attempt)
        quiet(preparing, "beta", seconds=61)
        actions.sweep()
    assert (preparing.state(), codes(preparing)) == ("failed", ["run.silent"])
    assert preparing.run.blamed.slug == "beta"


def test_a_station_that_asks_but_does_not_get_on_is_silent_too(preparing: Stations) -> None:
    preparing.all_ready()
    organisation = Organisation.objects.get(slug="beta")
    preparing.run.tasks.filter(organisation=organisation).update(at=timezone.now() - timedelta(minutes=9))
    DataStation.objects.filter(organisation=organisation).update(seen_at=timezone.now())
    actions.sweep()
    assert (preparing.state(), preparing.run.attempt) == ("running", 1)
    preparing.run.tasks.filter(organisation=organisation).update(at=timezone.now() - timedelta(minutes=11))
    actions.sweep()
    preparing.run.refresh_from_db()
    assert (preparing.run.state, preparing.run.attempt) == ("preparing", 2)


def test_after_an_open_nothing_is_repeated(preparing: Stations) -> None:
    preparing.all_ready()
    preparing.open("alfa")
    quiet(preparing, "beta", seconds=61)
    actions.sweep()
    assert (preparing.state(), codes(preparing)) == ("uncertain", ["run.silent"])


def test_a_checker_has_thirty_days(preparing: Stations) -> None:
    preparing.to_checking()
    back(preparing.run, "changed_at", days=29)
    actions.sweep()
    assert preparing.state() == "checking"
    back(preparing.run, "changed_at", days=31)
    actions.sweep()
    assert (preparing.state(), codes(preparing)) == ("withheld", ["run.check_expired"])


def test_a_gate_that_closed_ends_what_runs(preparing: Stations) -> None:
    preparing.all_ready()
    Organisation.objects.filter(slug="gamma").update(state="suspended")
    actions.sweep()
    assert preparing.state() == "cancelled"
    assert codes(preparing) == ["gate.party_suspended"]


def test_a_queued_run_of_a_suspended_partner_never_starts(
    make_stations: Callable[..., Stations], asker: Callable[[], User]
) -> None:
    stations = make_stations()
    stations.run = actions.schedule_run(contract=stations.contract, by=asker())
    suspended = Organisation.objects.get(slug="beta")
    standing.suspend_organisation(organisation=suspended, reason="Contract ended", by=audit.SYSTEM)
    back(stations.run, "queued_at", seconds=6)
    actions.sweep()
    assert (stations.state(), codes(stations)) == ("cancelled", ["gate.party_suspended"])
    with pytest.raises(Refused, match="Beta is suspended"):
        actions.schedule_run(contract=stations.contract, by=asker())
    standing.reinstate_organisation(organisation=suspended, reason="Signed again", by=audit.SYSTEM)
    assert actions.schedule_run(contract=stations.contract, by=asker()).state == "queued"


def test_a_revocation_after_the_release_makes_it_uncertain(preparing: Stations) -> None:
    preparing.to_releasing()
    sha256 = preparing.contract.sha256
    preparing.sides["gamma"].state("revocation", contract=sha256, reason="invented", at=int(time.time()))
    actions.sweep()
    assert preparing.state() == "releasing", "what was sent before may still arrive"
    back(preparing.run, "changed_at", seconds=61)
    preparing.contract.refresh_from_db()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SILENCE", timedelta(0))
        actions.sweep()
    assert (preparing.state(), codes(preparing)) == ("uncertain", ["run.revoked_while_releasing"])
    assert preparing.run.blamed.slug == "gamma"


def test_one_run_that_cannot_be_looked_at_does_not_keep_the_others(
    preparing: Stations, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    back(preparing.run, "lease_until", seconds=1)
    with monkeypatch.context() as patch:
        patch.setattr(module, "_look_at", lambda _run: 1 / 0)
        assert actions.sweep() == 0
    assert "left for the next round" in caplog.text
    actions.sweep()
    assert preparing.state() == "failed"


def test_old_nonces_go(preparing: Stations) -> None:
    Nonce.objects.create(thumbprint="a" * 43, nonce="old", at=timezone.now() - timedelta(minutes=6))
    Nonce.objects.create(thumbprint="a" * 43, nonce="young", at=timezone.now())
    actions.sweep()
    assert list(Nonce.objects.filter(thumbprint="a" * 43).values_list("nonce", flat=True)) == ["young"]
