"""Reading and writing the ledger. Own statements are stored, in a hash chain, before anyone else sees them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from station.contract.canonical import digest, load_canonical
from station.contract.contract import Contract, read_contract
from station.contract.signatures import sign
from station.contract.statements import read_statement
from station.ledger.attempts import AttemptRows
from station.ledger.queries import QueryRows
from station.ledger.results import ResultRows
from station.ledger.tables import open_database
from station.reasons import Refused

FIRST_LINE = "0" * 64


@dataclass(frozen=True)
class Statement:
    """One own statement, as signed. ``sent``: due, sent or refused (by the platform)."""

    number: int
    type: str
    contract: str | None
    run: str | None
    attempt: int | None
    output: str | None
    jws: str
    line: str
    sent: str


class Ledger(AttemptRows, ResultRows, QueryRows):
    """One station's database."""

    def __init__(self, path: Path) -> None:
        self.db: sqlite3.Connection = open_database(path)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything inside happens, or nothing; may be nested."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")
        if self._scrub:
            self.scrub()

    # Own statements

    def head(self) -> str:
        """The hash of the last line, which holds all lines before it."""
        row = self.db.execute("SELECT line FROM statement ORDER BY number DESC LIMIT 1").fetchone()
        return str(row["line"]) if row else FIRST_LINE

    def record(self, kind: str, payload: dict[str, Any], key: ECKey) -> str:
        """Signs and stores a statement (to be sent by the outbox); the same one about a run is made once."""
        read_statement({**payload, "type": kind})
        names = [payload.get(name) for name in ("contract", "run", "attempt", "output")]
        with self.together():
            made = self.db.execute(
                "SELECT jws FROM statement WHERE type = ? AND run = ? AND attempt IS ? AND output IS ?",
                (kind, *names[1:]),
            ).fetchone()
            if made:
                return str(made["jws"])
            jws = sign(kind, payload, key)
            line = digest({"previous": self.head(), "statement": jws})
            self.db.execute(
                "INSERT INTO statement (type, contract, run, attempt, output, jws, line) VALUES (?,?,?,?,?,?,?)",
                (kind, *names, jws, line),
            )
        return jws

    def statements(self, **where: str | int | None) -> list[Statement]:
        """Own statements, oldest first; ``where``: column = value."""
        tests = " AND ".join(f"{column} IS ?" for column in where) or "1"
        query = f"SELECT * FROM statement WHERE {tests} ORDER BY number"  # noqa: S608 (columns are our own names)
        return [Statement(**row) for row in self.db.execute(query, tuple(where.values()))]

    def mark(self, statement: Statement, sent: str) -> None:
        self.db.execute("UPDATE statement SET sent = ? WHERE number = ?", (sent, statement.number))

    def chain_holds(self) -> bool:
        """Whether every line still follows from the one before."""
        line = FIRST_LINE
        for statement in self.statements():
            line = digest({"previous": line, "statement": statement.jws})
            if line != statement.line:
                return False
        return True

    # Contracts and the signatures on them

    def keep_contract(self, text: str, keys: list[dict[str, Any]], documents: list[tuple[str, str]]) -> None:
        """``keys``: JWKs of the stations; ``documents``: (sha256, text). All checked by the caller."""
        with self.together():
            sha256 = digest(load_canonical(text))
            self.db.execute("INSERT OR REPLACE INTO contract VALUES (?,?,?)", (sha256, text, json.dumps(keys)))
            self.db.executemany("INSERT OR IGNORE INTO document VALUES (?,?)", documents)

    def contract(self, sha256: str) -> Contract | None:
        row = self.db.execute("SELECT text FROM contract WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            return None
        contract = read_contract(load_canonical(row["text"]))
        if contract.sha256 != sha256:
            raise Refused("ledger.changed")
        return contract

    def contracts(self) -> list[str]:
        return [row["sha256"] for row in self.db.execute("SELECT sha256 FROM contract ORDER BY rowid")]

    def contract_keys(self, sha256: str) -> list[dict[str, Any]]:
        row = self.db.execute("SELECT keys FROM contract WHERE sha256 = ?", (sha256,)).fetchone()
        return json.loads(row["keys"]) if row else []

    def document(self, sha256: str) -> str | None:
        row = self.db.execute("SELECT text FROM document WHERE sha256 = ?", (sha256,)).fetchone()
        return str(row["text"]) if row else None

    def keep_signature(self, contract: str, organisation: str, kind: str, jws: str) -> None:
        """An approval or revocation of another organisation, verified by the caller. A revocation never goes away."""
        self.db.execute("INSERT OR REPLACE INTO signature VALUES (?,?,?,?)", (contract, organisation, kind, jws))

    def signatures(self, contract: str) -> list[tuple[str, str, str]]:
        """(organisation, type, jws)."""
        rows = self.db.execute("SELECT organisation, type, jws FROM signature WHERE contract = ?", (contract,))
        return [(row["organisation"], row["type"], row["jws"]) for row in rows]

    # Giving up

    def throw_away(self, run: str, attempt: int) -> None:
        """What was not sent never will be; a table that waits for a check is gone, and the key of the attempt too."""
        with self.together():
            self.destroy_shares(run, attempt)
            for result in self.results("check", "waiting"):
                if (result.run, result.attempt) == (run, attempt):
                    self.forget_result(result)
            self.update_attempt(run, attempt, state="cancelled", enc_key=None)

    def withdraw(self, contract: str) -> None:
        """Nothing more leaves under a contract that this station revoked, whatever was opened or decided before."""
        with self.together():
            for found in self.attempts("opened"):
                if found.contract == contract:
                    self.throw_away(found.run, found.attempt)

    # Slots

    def highest_slot(self, contract: str) -> int:
        """The highest slot of a contract that was used, 0 when none."""
        row = self.db.execute("SELECT max(slot) AS slot FROM slot WHERE contract = ?", (contract,)).fetchone()
        return int(row["slot"] or 0)

    def charge(self, contract: str, slot: int, run: str, attempt: int) -> None:
        """Uses up a slot; Refused when it was used before."""
        try:
            self.db.execute("INSERT INTO slot VALUES (?,?,?,?)", (contract, slot, run, attempt))
        except sqlite3.IntegrityError as error:
            raise Refused("run.slot_used", slot=slot) from error

    def opened(self, run: str) -> int | None:
        """The attempt of a run in which this station let its output shares go, if any."""
        row = self.db.execute("SELECT attempt FROM slot WHERE run = ?", (run,)).fetchone()
        return int(row["attempt"]) if row else None
