"""Whose turn it is about runs: start one, check or receive an output, decide about an uncertain one, close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.turn import Turn
from collaborations.models import UseCase
from computations.lifecycle import CHECKING
from computations.models import Run

READS = ("contracts__runs",)


def turns(use_case: UseCase, day: date, found: Sequence[Turn]) -> Iterator[Turn]:
    """``found``: what stands in the way already; while there is something, nothing new can start."""
    runs = [run for contract in use_case.contracts.all() for run in contract.runs.all()]
    runs.sort(key=lambda run: run.queued_at, reverse=True)
    for run in runs:
        yield from _about(run, newest=run is runs[0])
    if use_case.state == "authorised" and not found and not any(not run.ended for run in runs):
        yield _next(use_case, [run for run in runs if run.contract.kind == "contract"])


def _about(run: Run, *, newest: bool) -> Iterator[Turn]:
    facts, url = {"slot": run.slot}, reverse("computations:run", args=[run.pk])
    if run.state == "checking":
        for key in sorted(_undecided(run)):
            last = timezone.localdate(run.changed_at + CHECKING)
            yield Turn("turn.check_output", facts, key, "check_output", run.changed_at, url, last)
    elif run.state == "releasing":
        for key in sorted(_still_to_receive(run)):
            yield Turn("turn.receive_output", facts, key, "manage_station", run.changed_at, url)
    elif run.state == "uncertain" and newest:
        yield Turn("turn.run_uncertain", facts, run.terms.specification.asker, "schedule_run", run.changed_at, url)


def _undecided(run: Run) -> set[str]:
    decided = set(run.statements.filter(type__in=("release", "withhold")).values_list("output", flat=True))
    return {output.checker for output in run.terms.specification.outputs if output.name not in decided}


def _still_to_receive(run: Run) -> set[str]:
    said = set(run.statements.values_list("type", "output", "organisation__slug"))
    return {
        key
        for output in run.terms.specification.outputs
        if any(kind == "release" and name == output.name for kind, name, _who in said)
        for key in output.recipients
        if ("received", output.name, key) not in said
    }


def _next(use_case: UseCase, ended: list[Run]) -> Turn:
    """Another run while the contract has slots left, else the end."""
    asker, since = use_case.proposer.slug, ended[0].changed_at if ended else use_case.state_since
    used = [run for run in ended if run.holds_slot and run.contract.state == "signed"]
    if used and len(used) >= used[0].terms.specification.schedule.slots:
        url = reverse("collaborations:use_case", args=[use_case.pk])
        return Turn("turn.close_use_case", {}, asker, "propose_use_case", since, url)
    return Turn("turn.start_run", {}, asker, "schedule_run", since)
