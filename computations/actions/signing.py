"""A station approves or revokes a contract."""

from __future__ import annotations

from typing import Any

from django.db import transaction

import audit
from collaborations import actions as collaborations
from collaborations.models import Contract
from computations import doorbell
from computations.actions.runs import lock, stop_if_closed
from computations.models import DataStation, Run
from computations.models.runs import read_terms
from station.reasons import Refused


@transaction.atomic
def signed(station: DataStation, contract: Contract, payload: dict[str, Any], token: str) -> str:
    """Stores a verified approval or revocation; the other stations hear it."""
    terms, organisation = read_terms(contract.data), station.organisation
    if terms.key_of(organisation.slug) != station.thumbprint:
        raise Refused("statement.key_not_in_contract")
    if payload["type"] not in ("revocation", terms.approval_type):
        raise Refused("statement.approval_type", expected=terms.approval_type)
    act = collaborations.record_revocation if payload["type"] == "revocation" else collaborations.record_signature
    act(contract=contract, organisation=organisation, jws=token, by=audit.STATION)
    contract.refresh_from_db()
    if payload["type"] == "revocation":
        _stop_runs(contract)
    parties = [entry.organisation for entry in terms.stations]
    transaction.on_commit(lambda: doorbell.ring(*parties))
    return str(contract.state)


def _stop_runs(contract: Contract) -> None:
    """What was not released yet, stops now; the sweep would find it too, only later."""
    for run_id in (
        Run.objects.active().exclude(state="releasing").filter(contract=contract).values_list("pk", flat=True)
    ):
        stop_if_closed(lock(run_id), "release")
