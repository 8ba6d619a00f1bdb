"""A person asks for a run, stops it or asks again; the worker starts it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import Organisation, User
from collaborations import gate
from collaborations.models import Contract
from computations import backends, clock, labels, states
from computations.lifecycle import move
from computations.models import Run
from computations.models.runs import read_terms
from station.reasons import Reason, Refused


@transaction.atomic
def schedule_run(*, contract: Contract, by: User) -> Run:
    """A queued run in the next free slot. One at a time per contract: a second click is refused, not doubled."""
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    organisation = acting_for(contract, by, "schedule_run")
    if taken := no_free_slot(contract):
        raise Refused(*taken)
    if reasons := unmet(contract, "schedule"):
        raise Refused(*reasons)
    return queue_run(contract=contract, requested_by=by, by=by, organisation=organisation)


def queue_run(*, contract: Contract, requested_by: User, by: Any, organisation: Organisation) -> Run:
    """A run in the next slot, for whoever has asked contract and gate. Inside the caller's transaction; two at the same
    time get one slot, which the database gives to one of them."""
    moment = clock.now()
    history = [{"state": "queued", "at": moment.isoformat(), "attempt": 1}]
    run = Run.objects.create(
        contract=contract, slot=_held(contract) + 1, requested_by=requested_by, queued_at=moment, changed_at=moment,
        history=history,
    )  # fmt: skip
    audit.record("run.scheduled", by=by, organisation=organisation, about=run, context=contract.use_case, slot=run.slot)
    transaction.on_commit(lambda: _nudge(run.pk))
    return run


def no_free_slot(contract: Contract) -> list[Reason]:
    """Why this contract has no slot for a run now: one is under way, or all are used."""
    if Run.objects.filter(contract=contract, state__in=states.BEFORE_OPEN).exists():
        return [Reason("run.active")]
    slots = read_terms(contract.data).specification.schedule.slots
    return [] if free_slots(contract) else [Reason("run.slots_used", {"slots": slots})]


def free_slots(contract: Contract) -> int:
    """How many runs the contract still allows."""
    return max(0, read_terms(contract.data).specification.schedule.slots - _held(contract))


@transaction.atomic
def start_run(*, run_id: UUID) -> Run:
    """Checks the gate and hands a queued run to its backend; doing it twice does it once."""
    run = lock(run_id)
    if run.state != "queued":
        return run
    if not stop_if_closed(run, "start"):
        backends.of(run).start(run)
    return run


@transaction.atomic
def cancel_run(*, run: Run, reason: str, by: User) -> Run:
    """Stops a run before its release. What a station already used of its slot stays used."""
    run = lock(run.pk)
    organisation = acting_for(run.contract, by, "cancel_run")
    told = Reason("run.cancelled_by_person", {"reason": reason.strip()[:300] or "-"})
    move(run, "cancel", by=by, organisation=organisation, reasons=[told])
    return run


def retry_run(*, run: Run, by: User) -> Run:
    """People decided to do it again: a new run of the same contract, through the same gate."""
    if run.state not in states.STOPPED:
        raise Refused("run.state", state=str(labels.STATES[run.state]), step="retry")
    return schedule_run(contract=run.contract, by=by)


def lock(run_id: UUID | str) -> Run:
    """The run with its row locked, inside the caller's transaction."""
    return Run.objects.select_for_update(of=("self",)).select_related("contract__use_case").get(pk=run_id)


def stop_if_closed(run: Run, purpose: gate.Purpose) -> bool:
    """Cancels a locked run whose gate no longer holds; whether it did."""
    reasons = unmet(run.contract, purpose)
    if reasons:
        move(run, "cancel", by=audit.SYSTEM, reasons=reasons)
    return bool(reasons)


def _held(contract: Contract) -> int:
    """The highest slot that a run holds."""
    return Run.objects.filter(contract=contract, holds_slot=True).aggregate(top=Max("slot"))["top"] or 0


def unmet(contract: Contract, purpose: gate.Purpose, *, coming: bool = False) -> list[Reason]:
    """What the gate misses today; for what is still to come also a window that has not begun is in order."""
    day = timezone.localdate(clock.now())
    if coming:
        day = max(day, contract.read().specification.schedule.first_day)
    return [turn.reason for turn in gate.unmet(contract.use_case, contract, day, purpose)]


def acting_for(contract: Contract, by: User, permission: str) -> Organisation:
    """The organisation in whose name this person may do this: a party of the contract, the asker first."""
    terms = read_terms(contract.data)
    keys = [terms.specification.asker, *(entry.organisation for entry in terms.stations)]
    parties = {o.slug: o for o in Organisation.objects.filter(slug__in=keys)}
    for key in keys:
        if key in parties and roles.allowed(by, permission, parties[key]):
            return parties[key]
    raise PermissionDenied


def _nudge(run_id: UUID) -> None:
    from computations.tasks import nudge

    nudge(run_id)
