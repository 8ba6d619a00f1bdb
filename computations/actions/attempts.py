"""READY, refusal, OPEN and failure: what an attempt goes through. Every function gets a locked run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

import audit
from accounts.models import Organisation
from computations import backends, clock, states
from computations.lifecycle import can, move
from computations.models import Run, Statement
from station.contract.statements import session_of
from station.reasons import Reason, Refused


def check_names(run: Run, payload: dict[str, Any]) -> None:
    """A statement about another slot, session or an attempt that never was, is refused before it is stored."""
    if payload.get("attempt", 1) > run.attempt:
        raise Refused("statement.unexpected", type=payload["type"], state=run.state)
    if payload.get("slot", run.slot) != run.slot:
        raise Refused("statement.slot", slot=run.slot)
    session = payload.get("session")
    if session is not None and session != session_of(_readys(run, payload["attempt"])):
        raise Refused("statement.session")


def ready(run: Run, statement: Statement) -> None:
    """The last READY of an attempt starts it. One that does not vouch for the earlier attempts makes it uncertain."""
    if run.state != "preparing" or statement.attempt != run.attempt:
        return
    payload = statement.payload
    if payload["exp"] <= clock.now().timestamp():
        raise Refused("statement.expired")
    _set_task(run, statement, "ready")
    if not set(range(1, run.attempt)) <= set(payload["not_opened"]):
        lost(run, statement.organisation, [Reason("run.maybe_opened", _who(statement))])
    elif {s.organisation.slug for s in run.statements_of("ready")} == set(run.parties()):
        expire = min(s.payload["exp"] for s in run.statements_of("ready"))
        if expire <= clock.now().timestamp():
            stop(run, "fail", statement.organisation, [Reason("run.ready_expired")])
        else:
            run.lease_until = datetime.fromtimestamp(expire, UTC)
            run.tasks.filter(attempt=run.attempt).update(at=clock.now())
            move(run, "go", by=audit.SYSTEM)


def refusal(run: Run, statement: Statement) -> None:
    """A veto: the run ends with the station's own reasons. After an OPEN nobody can say that nothing left."""
    if statement.attempt != run.attempt or not can(run, "refuse"):
        return
    _set_task(run, statement, "refused")
    reasons = _reasons(statement)
    if run.opened:
        lost(run, statement.organisation, reasons)
    else:
        move(
            run,
            "refuse",
            by=audit.STATION,
            organisation=statement.organisation,
            reasons=reasons,
            blamed=statement.organisation,
        )


def opened(run: Run, statement: Statement) -> None:
    """The slot is charged at the first OPEN. One that belongs to a lost attempt makes the run uncertain."""
    run.opened = True
    if run.ended:
        run.holds_slot = not run.slot_taken()
    run.save(update_fields=["opened", "holds_slot"])
    if statement.attempt != run.attempt and can(run, "lose"):
        lost(run, statement.organisation, [Reason("run.opened_lost_attempt", _who(statement))])
        return
    _set_task(run, statement, "opened")
    if run.state == "running" and len(run.statements_of("open")) == len(run.parties()):
        from computations import doorbell

        run.tasks.filter(attempt=run.attempt).update(at=clock.now())
        parties = run.parties()
        transaction.on_commit(lambda: doorbell.ring(*parties))


def failure(run: Run, statement: Statement) -> None:
    """An attempt broke at a station; it says whom it blames. Retried when nobody opened."""
    if statement.attempt != run.attempt or run.state not in ("preparing", "running"):
        return
    _set_task(run, statement, "failed")
    payload = statement.payload
    run.opened = run.opened or payload["opened"]
    named = payload["blames"] if payload["blames"] in run.parties() else statement.organisation.slug
    lost(run, Organisation.objects.get(slug=named), _reasons(statement))


def lost(run: Run, blamed: Organisation | None, reasons: Sequence[Reason]) -> None:
    """An attempt is over: uncertain after an OPEN, else the next attempt, else failed."""
    if run.opened:
        stop(run, "lose", blamed, reasons)
    elif run.attempt < states.MOST_ATTEMPTS:
        run.attempt += 1
        run.opened = False
        backends.of(run).retry(run)
    else:
        stop(run, "fail", blamed, reasons)


def stop(run: Run, step: str, blamed: Organisation | None, reasons: Sequence[Reason]) -> None:
    move(run, step, by=audit.SYSTEM, reasons=reasons, blamed=blamed)


def _readys(run: Run, attempt: int) -> list[dict[str, Any]]:
    return [statement.payload for statement in run.statements_of("ready", attempt)]


def _reasons(statement: Statement) -> list[Reason]:
    return [Reason.from_document(entry) for entry in statement.payload["reasons"]]


def _who(statement: Statement) -> dict[str, str | int]:
    return {"organisation": statement.organisation.slug}


def _set_task(run: Run, statement: Statement, state: str) -> None:
    run.tasks.filter(attempt=statement.attempt, organisation=statement.organisation).update(state=state, at=clock.now())
