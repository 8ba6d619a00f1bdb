"""Attempts of runs, and the sealed shares this station made in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from station.ledger.tables import Tables


@dataclass(frozen=True)
class Attempt:
    """One attempt of one run. ``state``: preparing, ready, computing, opened, ended, failed, cancelled or refused.

    ``enc_key``: the private JWK (text) that shares for this station are sealed to; gone when nothing more can come.
    """

    run: str
    attempt: int
    contract: str
    slot: int
    state: str
    enc_key: str | None
    snapshot: str | None
    readys: str | None
    session: str | None

    @property
    def ready_payloads(self) -> list[dict[str, Any]]:
        return json.loads(self.readys) if self.readys else []


@dataclass(frozen=True)
class Share:
    """A share of an output sealed to one receiver. ``stage``: check or release."""

    run: str
    attempt: int
    output: str
    stage: str
    receiver: str
    jwe: str | None
    state: str


class AttemptRows(Tables):
    """The part of the ledger about attempts and shares."""

    def attempt(self, run: str, attempt: int) -> Attempt | None:
        row = self.db.execute("SELECT * FROM attempt WHERE run = ? AND attempt = ?", (run, attempt)).fetchone()
        return Attempt(**row) if row else None

    def attempts(self, *states: str) -> list[Attempt]:
        marks = ",".join("?" for _ in states)
        query = f"SELECT * FROM attempt WHERE state IN ({marks}) ORDER BY rowid"  # noqa: S608
        return [Attempt(**row) for row in self.db.execute(query, states)]

    def begin(self, run: str, attempt: int, contract: str, slot: int, enc_key: str) -> None:
        self.db.execute(
            "INSERT INTO attempt (run, attempt, contract, slot, state, enc_key) VALUES (?,?,?,?,'preparing',?)",
            (run, attempt, contract, slot, enc_key),
        )

    def update_attempt(self, run: str, attempt: int, **values: str | None) -> None:
        changes = ", ".join(f"{column} = ?" for column in values)
        query = f"UPDATE attempt SET {changes} WHERE run = ? AND attempt = ?"  # noqa: S608
        self.db.execute(query, (*values.values(), run, attempt))
        if None in values.values():
            self.scrub()

    def snapshots(self, run: str) -> set[str]:
        """The snapshot hashes this station announced for a run; more than one means that its data changed."""
        rows = self.db.execute("SELECT snapshot FROM attempt WHERE run = ? AND snapshot IS NOT NULL", (run,))
        return {row["snapshot"] for row in rows}

    def keep_share(self, run: str, attempt: int, output: str, stage: str, receiver: str, jwe: str) -> None:
        self.db.execute(
            "INSERT OR IGNORE INTO share VALUES (?,?,?,?,?,?,'kept')", (run, attempt, output, stage, receiver, jwe)
        )

    def shares(self, state: str) -> list[Share]:
        return [Share(**row) for row in self.db.execute("SELECT * FROM share WHERE state = ?", (state,))]

    def shares_of(self, run: str, attempt: int, output: str) -> list[Share]:
        query = "SELECT * FROM share WHERE run = ? AND attempt = ? AND output = ?"
        return [Share(**row) for row in self.db.execute(query, (run, attempt, output))]

    def shares_due(self, run: str, attempt: int, stage: str, output: str | None = None) -> None:
        """Kept shares of a stage may go now."""
        self.db.execute(
            "UPDATE share SET state = 'due' WHERE run = ? AND attempt = ? AND stage = ? AND state = 'kept' "
            "AND (? IS NULL OR output = ?)",
            (run, attempt, stage, output, output),
        )

    def share_sent(self, share: Share) -> None:
        """Sent once, then destroyed here; the row stays as the memory that it went."""
        self.db.execute(
            "UPDATE share SET state = 'sent', jwe = NULL WHERE run = ? AND attempt = ? AND output = ? AND stage = ? "
            "AND receiver = ?",
            (share.run, share.attempt, share.output, share.stage, share.receiver),
        )
        self.scrub()

    def destroy_shares(self, run: str, attempt: int, output: str | None = None) -> None:
        """What was not sent never will be."""
        self.db.execute(
            "UPDATE share SET state = 'destroyed', jwe = NULL WHERE run = ? AND attempt = ? AND state != 'sent' "
            "AND (? IS NULL OR output = ?)",
            (run, attempt, output, output),
        )
        self.scrub()
