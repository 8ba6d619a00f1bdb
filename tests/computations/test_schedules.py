"""Runs by themselves: inside window and slots, suspended when something lapses, and one run when it is mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from collaborations.models import Partner
from computations import actions
from computations.models import Run, Schedule
from station.reasons import Refused
from tests.computations.pages import text
from tests.computations.trial import Stations

Make = Callable[..., Stations]
Asker = Callable[[], User]
EARLY = time(6)


@pytest.fixture
def stations(make_stations: Make) -> Stations:
    return make_stations(slots=3, recurrence="weekly", days=60)


def plan(stations: Stations, by: User, *, ahead: int = 1) -> Schedule:
    day = timezone.localdate() + timedelta(days=ahead)
    return actions.plan_runs(contract=stations.contract, first_day=day, at=EARLY, by=by)


def let_pass(schedule: Schedule, **ago: float) -> None:
    """The due moment lies so long ago, and with it the first day."""
    moment = timezone.now() - timedelta(**ago)
    first = timezone.localdate(moment)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=moment, first_day=first, checked_at=None)
    schedule.refresh_from_db()


def again(schedule: Schedule) -> None:
    """A minute later."""
    Schedule.objects.filter(pk=schedule.pk).update(checked_at=None)
    actions.sweep()
    schedule.refresh_from_db()


def leave(joined: bool) -> None:
    """Gamma leaves, or is back."""
    Partner.objects.filter(organisation__slug="gamma").update(state="joined" if joined else "withdrawn")


def events(schedule: Schedule) -> list[str]:
    found = Event.objects.filter(about_type="computations.schedule", about_id=str(schedule.pk))
    return list(found.order_by("pk").values_list("type", flat=True))


def finish_runs() -> None:
    Run.objects.update(state="released", opened=True)


def test_a_run_starts_when_it_is_due_and_the_next_date_follows(stations: Stations, asker: Asker) -> None:
    schedule = plan(stations, asker())
    actions.sweep()
    assert not Run.objects.exists(), "not due yet"
    let_pass(schedule, minutes=1)
    actions.sweep()
    schedule.refresh_from_db()
    run = Run.objects.get()
    assert (run.slot, run.requested_by) == (1, asker())
    assert schedule.next_at is not None and timezone.now() < schedule.next_at < timezone.now() + timedelta(days=8)
    again(schedule)
    assert Run.objects.count() == 1, "once"


def test_what_is_missed_is_made_up_for_once(stations: Stations, asker: Asker) -> None:
    schedule = plan(stations, asker())
    let_pass(schedule, days=16)
    actions.sweep()
    schedule.refresh_from_db()
    assert Run.objects.count() == 1
    assert schedule.next_at is not None and schedule.next_at > timezone.now()


def test_what_lapses_suspends_and_what_is_mended_goes_on_once(stations: Stations, asker: Asker) -> None:
    schedule = plan(stations, asker())
    leave(joined=False)
    again(schedule)
    assert (schedule.state, [reason.code for reason in schedule.why]) == ("suspended", ["gate.party_left"])
    assert schedule.next_at is not None, "before it is due already"
    let_pass(schedule, days=9)
    again(schedule)
    again(schedule)
    assert not Run.objects.exists()
    leave(joined=True)
    again(schedule)
    assert (schedule.state, schedule.reasons) == ("active", [])
    assert Run.objects.count() == 1
    again(schedule)
    assert Run.objects.count() == 1
    assert events(schedule) == ["schedule.planned", "schedule.suspended", "schedule.resumed"]


def test_a_run_that_is_under_way_is_waited_for(stations: Stations, asker: Asker) -> None:
    schedule = plan(stations, asker())
    actions.schedule_run(contract=stations.contract, by=asker())
    let_pass(schedule, minutes=1)
    actions.sweep()
    schedule.refresh_from_db()
    assert Run.objects.count() == 1
    assert schedule.next_at is not None and schedule.next_at < timezone.now(), "still due"
    finish_runs()
    again(schedule)
    assert Run.objects.count() == 2


def test_it_ends_with_the_last_slot(stations: Stations, asker: Asker) -> None:
    schedule = plan(stations, asker())
    for number in range(1, 4):
        let_pass(schedule, minutes=1)
        actions.sweep()
        schedule.refresh_from_db()
        assert Run.objects.count() == number
        finish_runs()
    assert (schedule.state, schedule.next_at) == ("ended", None)
    assert events(schedule)[-1] == "schedule.ended"


def test_it_ends_with_the_window(make_stations: Make, asker: Asker) -> None:
    """Once: after its one run nothing comes, although there are slots left."""
    stations = make_stations(slots=3)
    schedule = plan(stations, asker())
    assert schedule.coming(3) == [schedule.next_at]
    let_pass(schedule, minutes=1)
    actions.sweep()
    schedule.refresh_from_db()
    assert (schedule.state, Run.objects.count()) == ("ended", 1)


def test_as_many_dates_as_there_are_slots(stations: Stations, asker: Asker) -> None:
    schedule = plan(stations, asker())
    assert len(schedule.coming(actions.free_slots(stations.contract))) == 3
    dates = schedule.coming(3)
    weeks = [later - earlier for earlier, later in pairwise(timezone.localtime(date).date() for date in dates)]
    assert weeks == [timedelta(weeks=1)] * 2
    assert schedule.coming(0) == []


@pytest.mark.parametrize(("ahead", "code"), [(-1, "schedule.outside_window"), (61, "schedule.outside_window")])
def test_a_first_day_outside_the_window_is_refused(stations: Stations, asker: Asker, ahead: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(stations, asker(), ahead=ahead)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_a_moment_that_has_passed_and_a_second_plan_are_refused(stations: Stations, asker: Asker) -> None:
    with pytest.raises(Refused, match="in the past"):
        actions.plan_runs(contract=stations.contract, first_day=timezone.localdate(), at=time(0), by=asker())
    plan(stations, asker())
    with pytest.raises(Refused, match="planned already"):
        plan(stations, asker())


def test_what_the_gate_misses_stops_the_plan_too(make_stations: Make, asker: Asker) -> None:
    stations = make_stations(signers=("alfa", "beta"), slots=3)
    with pytest.raises(Refused):
        plan(stations, asker())


def test_a_person_stops_it_and_can_plan_anew(stations: Stations, asker: Asker) -> None:
    schedule = plan(stations, asker())
    actions.stop_schedule(schedule=schedule, reason="not wanted", by=asker())
    schedule.refresh_from_db()
    assert (schedule.state, schedule.next_at) == ("ended", None)
    with pytest.raises(Refused):
        actions.stop_schedule(schedule=schedule, reason="twice", by=asker())
    assert plan(stations, asker()).state == "active"


def test_only_who_may_start_a_run(stations: Stations, person: Any) -> None:
    reader = person(stations.sides["beta"].organisation, "privacy_officer")
    with pytest.raises(PermissionDenied):
        plan(stations, reader)


def test_one_schedule_that_fails_does_not_stop_the_others(
    stations: Stations, asker: Asker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    schedule = plan(stations, asker())
    let_pass(schedule, minutes=1)
    monkeypatch.setattr(Schedule, "due", lambda *_args, **_options: 1 / 0)
    actions.sweep()
    assert "left for the next round" in caplog.text
    assert not Run.objects.exists(), "nothing half done"


# --- the page ---


def test_privacy_officers_see_the_next_dates(stations: Stations, asker: Asker, browser: Callable[..., Client]) -> None:
    page = f"/use-cases/{stations.contract.use_case_id}/runs/"
    reader = browser("gamma", "privacy_officer")
    assert "each one is started by hand" in text(reader.get(page))
    schedule = plan(stations, asker())
    shown = text(reader.get(page))
    assert shown.count("<time datetime=") == 3
    assert timezone.localtime(schedule.next_at).strftime("%H:%M") == "06:00"
    assert "every week" in shown and "Stop the planned runs" not in shown
    leave(joined=False)
    again(schedule)
    assert "goes on by itself" in text(browser().get(page))


def test_it_is_planned_and_stopped_on_its_pages(stations: Stations, browser: Callable[..., Client]) -> None:
    client, address = browser(), f"/contracts/{stations.contract.pk}/plan/"
    asked = text(client.get(address))
    assert "every week" in asked and "3 more runs at most" in asked
    day = timezone.localdate() + timedelta(days=1)
    refused = client.post(address, {"first_day": "2020-01-01", "at": "06:00"})
    assert refused.status_code == 422 and "outside the window" in text(refused)
    assert client.post(address, {"first_day": day.isoformat(), "at": "07:30"}).status_code == 302
    schedule = Schedule.objects.get()
    assert timezone.localtime(schedule.next_at).time() == time(7, 30)
    stop = f"/schedules/{schedule.pk}/stop/"
    assert client.post(stop, {"reason": ""}).status_code == 422
    assert client.post(stop, {"reason": "enough"}).status_code == 302
    schedule.refresh_from_db()
    assert schedule.state == "ended"
