"""What passes through: progress, sealed shares and released tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

import audit
from accounts.models import Organisation
from computations import clock, doorbell
from computations.actions.decisions import finish_if_complete, output_named, released_hash
from computations.actions.runs import lock
from computations.lifecycle import move
from computations.models import DataStation, Run, Share, Task
from station import analyses
from station.contract.canonical import digest
from station.reasons import Refused
from station.specification import Output

LONGEST_SHARE = 4_000_000


def note_progress(*, station: DataStation, run_id: UUID, attempt: int, phase: str, percent: int) -> None:
    """One cheap update; no lock, no event."""
    task = Task.objects.filter(run=run_id, attempt=attempt, organisation=station.organisation)
    if not task.update(phase=phase[:40], percent=max(0, min(100, percent)), at=clock.now()):
        raise Refused("run.unknown")


@transaction.atomic
def accept_share(
    *, station: DataStation, run_id: UUID, attempt: int, stage: str, output: str, to: str, jwe: str
) -> str:
    """A sealed share on its way; the last one for the checkers moves the run to checking."""
    run, sender = _run_of(station, run_id), station.organisation
    declared = output_named(run, output)
    receivers = [declared.checker] if stage == "check" else declared.recipients
    if sender.slug not in run.computing() or to not in receivers or len(jwe) > LONGEST_SHARE:
        raise Refused("share.unexpected", output=output)
    receiver = Organisation.objects.get(slug=to)
    same = {"attempt": attempt, "output": output, "stage": stage, "sender": sender, "receiver": receiver}
    if attempt != run.attempt or not _awaited(run, stage, output):
        return run.state
    known, created = run.shares.get_or_create(**same, defaults={"jwe": jwe})
    if not created and known.jwe != jwe:
        raise Refused("statement.differs", type="share")
    if created and stage == "check":
        _check_if_complete(run)
    elif created and run.shares.filter(stage=stage, output=output, receiver=receiver).count() == len(run.computing()):
        transaction.on_commit(lambda: doorbell.ring(to))
    return run.state


@transaction.atomic
def accept_result(*, station: DataStation, run_id: UUID, output: str, table: dict[str, Any]) -> str:
    """The released table, from a recipient, when the contract shows it here and it is the one the checker signed."""
    run = _run_of(station, run_id)
    declared = output_named(run, output)
    if station.organisation.slug not in declared.recipients or not declared.shown_on_platform:
        raise Refused("result.unexpected", output=output)
    if digest(table) != released_hash(run, output) or run.state not in ("releasing", "released"):
        raise Refused("result.hash", output=output)
    if not _fits(run, declared, table):
        raise Refused("result.form", output=output)
    values = {"table": table, "sha256": digest(table), "received_from": station.organisation, "at": clock.now()}
    _result, created = run.results.get_or_create(output=output, defaults=values)
    if created:
        facts = {"output": output, "sha256": digest(table)}
        audit.record(
            "run.result_received",
            by=audit.STATION,
            organisation=station.organisation,
            about=run,
            context=run.use_case,
            **facts,
        )
        finish_if_complete(run)
    return run.state


def _run_of(station: DataStation, run_id: UUID) -> Run:
    if not Task.objects.filter(run=run_id, organisation=station.organisation).exists():
        raise Refused("run.unknown")
    run = lock(run_id)
    if run.terms.key_of(station.organisation.slug) != station.thumbprint:
        raise Refused("statement.key_not_in_contract")
    return run


def _awaited(run: Run, stage: str, output: str) -> bool:
    if stage == "check":
        return run.state == "running" and len(run.statements_of("open")) == len(run.parties())
    return run.state == "releasing" and released_hash(run, output) is not None


def _check_if_complete(run: Run) -> None:
    sent = Share.objects.filter(run=run, attempt=run.attempt, stage="check").count()
    if sent == len(run.computing()) * len(run.terms.specification.outputs):
        move(run, "check", by=audit.SYSTEM)


def _fits(run: Run, output: Output, table: dict[str, Any]) -> bool:
    """The columns of the analysis, rows of that width, and nothing else."""
    spec = run.terms.specification
    columns = [column.name for column in analyses.get(spec.analysis).columns(spec, output)]
    rows = table.get("rows")
    return (
        set(table) == {"columns", "rows", "suppressed"}
        and table["columns"] == columns
        and isinstance(rows, list)
        and all(isinstance(row, list) and len(row) == len(columns) for row in rows)
    )
