"""One door for every signed statement: verified, matched to its contract, stored once, then acted upon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from collaborations.models import Contract
from computations import clock
from computations.actions import attempts, decisions, signing
from computations.actions.runs import lock
from computations.models import DataStation, Run, Statement
from station.contract.signatures import verify
from station.contract.statements import read_statement
from station.reasons import Refused

Payload = dict[str, Any]

OF_CONTRACT = ("approval", "trial_approval", "revocation")
OF_RUN: dict[str, Callable[[Run, Statement], None]] = {
    "ready": attempts.ready,
    "refusal": attempts.refusal,
    "open": attempts.opened,
    "failure": attempts.failure,
    "release": decisions.decided,
    "withhold": decisions.decided,
    "received": decisions.received,
}


def receive(*, station: DataStation, statement: str) -> str:
    """The state afterwards, of the run or the contract. The same statement twice gets the same answer."""
    payload = verify(statement, (*OF_CONTRACT, *OF_RUN), station.verifying_key)
    read_statement(payload)
    if payload["organisation"] != station.organisation.slug:
        raise Refused("statement.not_yours")
    contract = Contract.objects.filter(sha256=payload["contract"]).select_related("use_case").first()
    if contract is None:
        raise Refused("contract.unknown")
    if payload["type"] in OF_CONTRACT:
        return signing.signed(station, contract, payload, statement)
    return _about_run(station, contract, payload, statement)


@transaction.atomic
def _about_run(station: DataStation, contract: Contract, payload: Payload, token: str) -> str:
    if not Run.objects.filter(pk=payload["run"], contract=contract).exists():
        raise Refused("run.unknown")
    run = lock(payload["run"])
    if run.terms.key_of(station.organisation.slug) != station.thumbprint:
        raise Refused("statement.key_not_in_contract")
    same = {
        "attempt": payload.get("attempt", run.attempt),
        "organisation": station.organisation,
        "type": payload["type"],
        "output": payload.get("output", ""),
    }
    known = run.statements.filter(**same).first()
    if known is not None and known.payload != payload:
        raise Refused("statement.differs", type=payload["type"])
    if known is None:
        attempts.check_names(run, payload)
        if "output" in payload:
            decisions.check(run, payload)
        stored = run.statements.create(**same, payload=payload, jws=token, at=clock.now())
        OF_RUN[payload["type"]](run, stored)
    return run.state
