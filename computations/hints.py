"""What a station can do now, computed from the database at each call. Nothing here is a queue; nothing can be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from collaborations.models import Contract
from computations import clock, states
from computations.models import Run, Share, Statement
from computations.models.runs import read_terms

Hint = dict[str, Any]

REMEMBERED = timedelta(days=7)
"""How long a station that was away still hears that a run stopped or was withheld."""


def hints_for(organisation: str) -> list[Hint]:
    """Everything that waits for this station; it skips what it has already done."""
    return [*_contracts(organisation), *(hint for run in _runs(organisation) for hint in _of_run(run, organisation))]


def _contracts(organisation: str) -> Iterator[Hint]:
    drafted = Contract.objects.filter(state="drafted", use_case__partners__organisation__slug=organisation)
    signed = drafted.filter(signatures__organisation__slug=organisation, signatures__kind="approval").values("pk")
    for contract in drafted.exclude(pk__in=signed).order_by("pk"):
        if read_terms(contract.data).key_of(organisation):
            yield {"type": "contract", "contract": contract.sha256}


def _runs(organisation: str) -> list[Run]:
    runs = Run.objects.of_station(organisation).select_related("contract").order_by("queued_at")
    recent = clock.now() - REMEMBERED
    active = list(runs.active().exclude(state="queued"))
    return active + list(runs.filter(state__in=(*states.STOPPED, "withheld"), ended_at__gte=recent))


def _of_run(run: Run, organisation: str) -> Iterator[Hint]:
    return _BY_STATE.get(run.state, _stopped)(run, organisation)


def _hint(kind: str, run: Run, **facts: Any) -> Hint:
    return {"type": kind, "run": str(run.id), "attempt": run.attempt, **facts}


def _preparing(run: Run, organisation: str) -> Iterator[Hint]:
    for attempt in range(1, run.attempt):
        yield {"type": "cancel", "run": str(run.id), "attempt": attempt}
    if not _said(run, organisation, "ready"):
        yield _hint("prepare", run, contract=run.contract.sha256, slot=run.slot)


def _running(run: Run, organisation: str) -> Iterator[Hint]:
    if not _said(run, organisation, "open"):
        yield _hint("go", run, contract=run.contract.sha256, readys=_tokens(run, "ready"))
        return
    opens = run.statements_of("open")
    if len(opens) == len(run.parties()) and organisation in run.computing():
        yield _hint("send", run, opens=[statement.jws for statement in opens])


def _checking(run: Run, organisation: str) -> Iterator[Hint]:
    decided = _decisions(run)
    for output in run.terms.specification.outputs:
        if output.checker == organisation and output.name not in decided:
            shares = _shares(run, output.name, "check", organisation)
            yield _hint("check", run, contract=run.contract.sha256, output=output.name, shares=shares)


def _releasing(run: Run, organisation: str) -> Iterator[Hint]:
    decided, computing = _decisions(run), run.computing()
    for output in run.terms.specification.outputs:
        decision = decided[output.name]
        if organisation in computing and _still_to_send(run, decision, organisation, len(output.recipients)):
            yield _hint("decided", run, output=output.name, decision=decision.jws)
        if decision.type == "release" and organisation in output.recipients:
            shares = _shares(run, output.name, "release", organisation)
            if len(shares) == len(computing) and not _has_it(run, output.name, organisation, output.shown_on_platform):
                facts = {"output": output.name, "decision": decision.jws, "shares": shares}
                yield _hint("receive", run, contract=run.contract.sha256, **facts)


def _withheld(run: Run, organisation: str) -> Iterator[Hint]:
    decided = _decisions(run)
    if not decided or organisation not in run.computing():
        yield _hint("cancel", run)
        return
    for output, decision in sorted(decided.items()):
        yield _hint("decided", run, output=output, decision=decision.jws)


def _stopped(run: Run, organisation: str) -> Iterator[Hint]:
    yield _hint("cancel", run)


_BY_STATE: dict[str, Callable[[Run, str], Iterator[Hint]]] = {
    "preparing": _preparing,
    "running": _running,
    "checking": _checking,
    "releasing": _releasing,
    "withheld": _withheld,
}


def _said(run: Run, organisation: str, kind: str) -> bool:
    return run.statements.filter(attempt=run.attempt, type=kind, organisation__slug=organisation).exists()


def _tokens(run: Run, kind: str) -> list[str]:
    return [statement.jws for statement in run.statements_of(kind)]


def _decisions(run: Run) -> dict[str, Statement]:
    return {s.output: s for s in run.statements.filter(attempt=run.attempt, type__in=("release", "withhold"))}


def _shares(run: Run, output: str, stage: str, receiver: str) -> list[dict[str, str]]:
    found = Share.objects.filter(
        run=run, attempt=run.attempt, output=output, stage=stage, receiver__slug=receiver
    ).order_by("sender__slug")
    return [{"from": sender, "jwe": jwe} for sender, jwe in found.values_list("sender__slug", "jwe")]


def _still_to_send(run: Run, decision: Statement, sender: str, recipients: int) -> bool:
    if decision.type == "withhold":
        return True
    sent = Share.objects.filter(
        run=run, attempt=run.attempt, output=decision.output, stage="release", sender__slug=sender
    )
    return sent.count() < recipients


def _has_it(run: Run, output: str, organisation: str, shown: bool) -> bool:
    received = run.statements.filter(type="received", output=output, organisation__slug=organisation).exists()
    return received and (not shown or run.results.filter(output=output).exists())
