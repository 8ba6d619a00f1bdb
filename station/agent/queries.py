"""What the agent asks of the query ledger: the number of runs in a year, and where columns may be cut."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date

from station.contract.contract import Contract
from station.home import Home
from station.private import write_private
from station.queries.statistic import boundaries
from station.reasons import Reason
from station.specification import Input


def ledger_order(home: Home, contract: Contract) -> dict[str, dict[str, str]]:
    """What the engine needs to ask the ledger about its rows; nothing for synthetic ones."""
    if contract.is_trial:
        return {}
    path, today = home.root / "station.db", date.today().isoformat()
    return {"ledger": {"path": str(path), "key": _key(home), "day": today}}


def _key(home: Home) -> str:
    """The secret behind the keyed hashes, made at its first use; 32 bytes as hex. Lost, old answers compare no more."""
    place = home.root / "keys" / "queries"
    if not place.exists():
        write_private(place, secrets.token_hex(32))
    return place.read_text("ascii")


def cut_reasons(home: Home, contract: Contract) -> Iterator[Reason]:
    """Conditions that cut a column where it was not cut before. The first contract on a column makes the first cuts."""
    for entry in _own_inputs(home, contract):
        for column, cuts in boundaries(contract, entry).items():
            known = home.ledger.cuts(entry.dataset, column)
            if known and (new := sorted(cuts - known)):
                yield Reason("query.new_cut", {"dataset": entry.dataset, "column": column, "cut": new[0]})


def keep_first_cuts(home: Home, contract: Contract) -> None:
    """To be called when the contract is signed."""
    for entry in _own_inputs(home, contract):
        for column, cuts in boundaries(contract, entry).items():
            home.ledger.keep_cuts(entry.dataset, column, cuts)


def room_reasons(home: Home, contract: Contract, run: str) -> Iterator[Reason]:
    """Whether a dataset was asked often enough this year, in all contracts together; nobody may override that."""
    today, ledger = date.today(), home.ledger
    for entry in _own_inputs(home, contract):
        most = home.policy.most_per_year
        if ledger.answers_in(today.year, entry.dataset) >= most:
            reason = Reason("query.year", {"dataset": entry.dataset, "most": most})
            ledger.keep_query_refusal(run, contract.sha256, today, [reason])
            yield Reason("query.refused")
            return


def _own_inputs(home: Home, contract: Contract) -> list[Input]:
    """Synthetic rows are nobody: they do not count."""
    return [] if contract.is_trial else contract.specification.inputs_of(home.organisation)
