"""The engine asks the ledger about the rows it just read, before anything else is done with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from station.analyses.own_rows import rows_that_count
from station.contract.contract import Contract
from station.datasets import Rows
from station.ledger import Ledger
from station.queries.people import people_of
from station.queries.rules import reasons
from station.queries.statistic import statistic_of
from station.reasons import Reason, Refused
from station.specification import Input


def judge(order: dict[str, Any], contract: Contract, rows: dict[str, Rows]) -> None:
    """Keeps who would contribute to this attempt. Raises Refused with one text for all; the numbers stay in the ledger.

    ``order``: what the agent told: {run, attempt, ledger: {path, key, day}}; no ``ledger`` for synthetic rows.
    """
    if "ledger" not in order:
        return
    ledger, day = Ledger(Path(order["ledger"]["path"])), date.fromisoformat(order["ledger"]["day"])
    run, attempt, key = str(order["run"]), int(order["attempt"]), bytes.fromhex(order["ledger"]["key"])
    with ledger.together():
        ledger.forget_old_queries(day)
        found: list[Reason] = []
        for entry in (entry for entry in contract.specification.inputs if entry.id in rows):
            found += _judged(ledger, contract, entry, rows[entry.id], run=run, attempt=attempt, day=day, key=key)
        allowed = not found or ledger.use_override(contract.sha256, run)
        if not allowed:
            ledger.keep_query_refusal(run, contract.sha256, day, found)
    ledger.db.close()
    if not allowed:
        raise Refused("query.refused")


def _judged(
    ledger: Ledger, contract: Contract, entry: Input, rows: Rows, *, run: str, attempt: int, day: date, key: bytes
) -> list[Reason]:
    asked = statistic_of(contract, entry, day)
    people = people_of(rows_that_count(contract.specification, entry.id, rows), key)
    ledger.keep_query(run, attempt, entry.id, asked, people, day=day)
    return reasons(asked, people, ledger.answered(entry.dataset))
