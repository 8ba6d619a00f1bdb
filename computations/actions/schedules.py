"""A plan for the runs of a contract: made and stopped by a person, carried out and suspended by the sweep.

What lapses suspends a schedule and fails nothing: when it is mended the schedule goes on by itself. However many dates
passed meanwhile, one run makes up for them.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

import audit
from accounts.models import User
from collaborations.models import Contract
from computations import clock
from computations.actions.runs import acting_for, free_slots, no_free_slot, queue_run, unmet
from computations.models import Schedule
from computations.models.schedules import LIVING
from station.reasons import Reason, Refused

CHECKED_EVERY = timedelta(minutes=1)

log = logging.getLogger(__name__)


@transaction.atomic
def plan_runs(*, contract: Contract, first_day: date, at: time, by: User) -> Schedule:
    """Runs by themselves from a first day on, as often as the contract says."""
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    organisation = acting_for(contract, by, "schedule_run")
    if contract.schedules.filter(state__in=LIVING).exists():
        raise Refused("schedule.exists")
    reasons = unmet(contract, "schedule", coming=True)
    if reasons := [*reasons, *([] if free_slots(contract) else no_free_slot(contract))]:
        raise Refused(*reasons)
    moment = clock.now()
    made = Schedule(contract=contract, first_day=first_day, at=at, planned_by=by, organisation=organisation)
    made.state_since, made.next_at = moment, _first_due(made, moment)
    made.save()
    audit.record(
        "schedule.planned", by=by, organisation=organisation, about=made, context=contract.use_case,
        recurrence=made.recurrence, next=_told(made.next_at),
    )  # fmt: skip
    return made


@transaction.atomic
def stop_schedule(*, schedule: Schedule, reason: str, by: User) -> None:
    """No more runs by themselves. A run that has begun goes on."""
    schedule = _lock(schedule.pk)
    organisation = acting_for(schedule.contract, by, "schedule_run")
    if schedule.state not in LIVING:
        raise Refused("schedule.ended")
    told = Reason("schedule.stopped_by_person", {"reason": reason.strip()[:300] or "-"})
    _end(schedule, [told])
    audit.record(
        "schedule.stopped", by=by, organisation=organisation, about=schedule, context=schedule.contract.use_case,
        reasons=[told.document()],
    )  # fmt: skip


def carry_out_schedules() -> int:
    """Looks at every schedule that is due or was not looked at for a while; returns how many it changed. Each in a
    transaction of its own: what fails is left for the next round."""
    moment, changed = clock.now(), 0
    late = Q(checked_at=None) | Q(checked_at__lt=moment - CHECKED_EVERY) | Q(next_at__lte=moment, state="active")
    found = Schedule.objects.filter(late, state__in=LIVING).order_by(F("checked_at").asc(nulls_first=True))
    for pk in list(found.values_list("pk", flat=True)[:200]):
        try:
            changed += _look_at(pk)
        except Exception:
            log.exception("schedule %s left for the next round", pk)
    return changed


@transaction.atomic
def _look_at(pk: int) -> bool:
    schedule = _lock(pk)
    if schedule.state not in LIVING or schedule.next_at is None:
        return False
    moment = schedule.checked_at = clock.now()
    before = (schedule.state, schedule.next_at)
    if over := _over(schedule, moment):
        _end(schedule, over)
        _record(schedule, "schedule.ended", over)
    elif reasons := unmet(schedule.contract, "schedule", coming=True):
        _suspend(schedule, reasons, moment)
    else:
        if schedule.state == "suspended":
            _resume(schedule, moment)
        if schedule.next_at <= moment and not no_free_slot(schedule.contract):
            _run_now(schedule, moment)
    schedule.save()
    return (schedule.state, schedule.next_at) != before


def _over(schedule: Schedule, moment: datetime) -> list[Reason]:
    """Why nothing can come of it any more: the window has passed, every slot is used, or the contract no longer counts,
    with what it rested on and is missing now."""
    window = schedule.contract.read().specification.schedule
    if timezone.localdate(moment) > window.last_day:
        return [Reason("schedule.window_over", {"end": window.end})]
    if not free_slots(schedule.contract):
        return [Reason("run.slots_used", {"slots": window.slots})]
    return unmet(schedule.contract, "schedule", coming=True) if schedule.contract.state == "superseded" else []


def _suspend(schedule: Schedule, reasons: list[Reason], moment: datetime) -> None:
    told = [reason.document() for reason in reasons]
    if schedule.state == "active":
        schedule.state, schedule.state_since = "suspended", moment
        _record(schedule, "schedule.suspended", reasons)
    schedule.reasons = told


def _resume(schedule: Schedule, moment: datetime) -> None:
    schedule.state, schedule.state_since, schedule.reasons = "active", moment, []
    _record(schedule, "schedule.resumed", next=_told(schedule.next_at))


def _run_now(schedule: Schedule, moment: datetime) -> None:
    """One run for every date up to now; then the first date that is still to come."""
    queue_run(
        contract=schedule.contract, requested_by=schedule.planned_by, by=audit.SYSTEM,
        organisation=schedule.organisation,
    )  # fmt: skip
    coming = next(schedule.due(after=moment), None)
    if coming is None or not free_slots(schedule.contract):
        _end(schedule, [])
        _record(schedule, "schedule.ended")
    else:
        schedule.next_at = coming


def _first_due(schedule: Schedule, moment: datetime) -> datetime:
    """The first moment, which must be still to come and inside the window."""
    window = schedule.contract.read().specification.schedule
    if not window.first_day <= schedule.first_day <= window.last_day:
        raise Refused("schedule.outside_window", start=window.start, end=window.end)
    coming = next(schedule.due(), None)
    if coming is None or coming <= moment:
        raise Refused("schedule.past")
    return coming


def _end(schedule: Schedule, reasons: list[Reason]) -> None:
    schedule.state, schedule.next_at, schedule.state_since = "ended", None, clock.now()
    schedule.reasons = [reason.document() for reason in reasons]
    schedule.save()


def _record(schedule: Schedule, event: str, reasons: list[Reason] | None = None, **facts: str) -> None:
    told = {"reasons": [reason.document() for reason in reasons]} if reasons else {}
    audit.record(
        event, by=audit.SYSTEM, organisation=schedule.organisation, about=schedule, context=schedule.contract.use_case,
        **facts, **told,
    )  # fmt: skip


def _lock(pk: int) -> Schedule:
    found = Schedule.objects.select_for_update(of=("self",)).select_related("contract__use_case", "organisation")
    return found.get(pk=pk)


def _told(moment: datetime | None) -> str:
    """On Dutch clocks."""
    return timezone.localtime(moment).strftime("%d-%m-%Y %H:%M") if moment else ""
