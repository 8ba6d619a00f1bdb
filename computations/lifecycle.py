"""The road of a run on one page: which step leads from where to where, and the one function that takes a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

import audit
from computations import clock, doorbell
from station.reasons import Reason, Refused

if TYPE_CHECKING:
    from accounts.models import Organisation
    from computations.models import Run

CHECKING = timedelta(days=30)
"""An output that nobody decided about after this is withheld."""


@dataclass(frozen=True)
class Transition:
    sources: tuple[str, ...]
    target: str
    event: str
    why: str


TRANSITIONS = {
    "prepare": Transition(("queued",), "preparing", "run.preparing", "the gate is open and the backend took it"),
    "go": Transition(("preparing",), "running", "run.running", "every station said READY"),
    "retry": Transition(("preparing", "running"), "preparing", "run.retried", "an attempt was lost before OPEN"),
    "check": Transition(("running",), "checking", "run.checking", "every station said OPEN, all sealed shares are in"),
    "release": Transition(("checking",), "releasing", "run.releasing", "the checker released, the gate still holds"),
    "finish": Transition(("releasing",), "released", "run.released", "every recipient has it"),
    "withhold": Transition(("checking",), "withheld", "run.withheld", "the checker withheld, or 30 days passed"),
    "refuse": Transition(("preparing", "running"), "refused", "run.refused", "a station's veto, with its reason"),
    "cancel": Transition(
        ("queued", "preparing", "running", "checking"), "cancelled", "run.cancelled", "a person, or the gate closed"
    ),
    "fail": Transition(("queued", "preparing", "running"), "failed", "run.failed", "lost before OPEN, no retry left"),
    "lose": Transition(
        ("preparing", "running", "releasing"), "uncertain", "run.uncertain", "lost after an OPEN: people decide"
    ),
}


def can(run: Run, step: str) -> bool:
    return run.state in TRANSITIONS[step].sources


def move(
    run: Run,
    step: str,
    *,
    by: Any,
    organisation: Organisation | None = None,
    reasons: Sequence[Reason] = (),
    blamed: Organisation | None = None,
) -> None:
    """Takes one step on a locked run: state, history and event in one transaction; the stations hear it on commit."""
    transition = TRANSITIONS[step]
    if run.state not in transition.sources:
        raise Refused("run.state", state=run.state, step=step)
    moment = clock.now()
    run.state, run.changed_at = transition.target, moment
    run.history = [*run.history, {"state": run.state, "at": moment.isoformat(), "attempt": run.attempt}]
    if run.ended:
        run.ended_at, run.lease_until = moment, None
        run.holds_slot = run.opened
        run.shares.all().delete()
    if reasons:
        run.reasons = [reason.document() for reason in reasons]
    run.blamed = blamed
    run.save()
    audit.record(
        transition.event,
        by=by,
        organisation=organisation,
        about=run,
        context=run.use_case,
        **_facts(run, reasons, blamed),
    )
    parties = run.parties()
    transaction.on_commit(lambda: doorbell.ring(*parties))


def _facts(run: Run, reasons: Sequence[Reason], blamed: Organisation | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"slot": run.slot, "attempt": run.attempt}
    if reasons:
        facts["reasons"] = [reason.document() for reason in reasons]
    if blamed is not None:
        facts["blamed"] = blamed.slug
    return facts
