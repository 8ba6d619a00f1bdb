"""The checker decides per output; the recipients confirm what they got. Every function gets a locked run."""

from __future__ import annotations

from typing import Any

import audit
from collaborations import kept
from computations.actions.runs import stop_if_closed
from computations.lifecycle import move
from computations.models import Run, Statement
from station.reasons import Reason, Refused
from station.specification import Output


def check(run: Run, payload: dict[str, Any]) -> None:
    """Whether this station may say this about this output now; asked before the statement is stored."""
    output, kind = output_named(run, payload["output"]), payload["type"]
    if kind == "received":
        expected = payload["organisation"] in output.recipients and run.state == "releasing"
    elif output.checker != payload["organisation"]:
        raise Refused("decision.not_checker", output=output.name)
    else:
        expected = run.state == "checking" and payload["attempt"] == run.attempt
    if not expected:
        raise Refused("statement.unexpected", type=kind, state=run.state)
    if kind != "received" and run.statements.filter(type__in=("release", "withhold"), output=output.name).exists():
        raise Refused("statement.differs", type=kind)
    if kind == "received" and payload["table_sha256"] != released_hash(run, output.name):
        raise Refused("result.hash", output=output.name)


def decided(run: Run, statement: Statement) -> None:
    """When every output is decided the run moves on: to release if one is released and the gate still holds."""
    kept.want([run.contract.use_case_id])
    run.shares.filter(output=statement.output, stage="check").delete()
    given = list(run.statements.filter(type__in=("release", "withhold")))
    if len(given) < len(run.terms.specification.outputs):
        return
    if all(decision.type == "withhold" for decision in given):
        reasons = [Reason("run.withheld", {"output": decision.output}) for decision in given]
        move(run, "withhold", by=audit.STATION, organisation=statement.organisation, reasons=reasons)
    elif not stop_if_closed(run, "release"):
        move(run, "release", by=audit.STATION, organisation=statement.organisation)


def received(run: Run, _statement: Statement) -> None:
    kept.want([run.contract.use_case_id])
    finish_if_complete(run)


def finish_if_complete(run: Run) -> None:
    """Released: every recipient confirmed every released output, and what the platform shows is there."""
    if run.state == "releasing" and all(_complete(run, output) for output in run.terms.specification.outputs):
        move(run, "finish", by=audit.SYSTEM)


def released_hash(run: Run, output: str) -> str | None:
    """The table hash that the checker signed for release; None when it was not released."""
    decision = run.statements.filter(type="release", output=output, attempt=run.attempt).first()
    return decision.payload["table_sha256"] if decision else None


def output_named(run: Run, name: str) -> Output:
    for output in run.terms.specification.outputs:
        if output.name == name:
            return output
    raise Refused("output.unknown", output=name)


def _complete(run: Run, output: Output) -> bool:
    if released_hash(run, output.name) is None:
        return True
    confirmed = run.statements.filter(type="received", output=output.name).count()
    shown = not output.shown_on_platform or run.results.filter(output=output.name).exists()
    return shown and confirmed == len(output.recipients)
