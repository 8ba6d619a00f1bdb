"""The query ledger's rows: answers given about this station's people, where columns may be cut, refusals, overrides."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from station.ledger.tables import Tables
from station.queries.people import People
from station.queries.rules import Answered
from station.queries.statistic import Statistic
from station.reasons import Reason

KEPT_AFTER = timedelta(days=731)  # 24 months after the contract's last day


@dataclass(frozen=True)
class QueryRefusal:
    """Why this station did not answer: for its own steward."""

    run: str
    contract: str
    day: str
    reasons: list[Reason]


class QueryRows(Tables):
    """The part of the ledger about queries."""

    def keep_query(self, run: str, attempt: int, entry: str, asked: Statistic, people: People, *, day: date) -> None:
        """Counts as answered once the slot of this attempt is charged."""
        values = (
            run, attempt, entry, asked.dataset, asked.sha256, json.dumps(sorted(asked.recipients)), asked.period,
            asked.least, asked.title, asked.last_day.isoformat(), day.isoformat(), people.packed(),
        )  # fmt: skip
        marks = ",".join("?" for _ in values)
        self.db.execute(f"INSERT OR REPLACE INTO query VALUES ({marks})", values)  # noqa: S608

    def answered(self, dataset: str) -> list[Answered]:
        """Newest first: what was let go, whoever asked."""
        rows = self.db.execute(
            "SELECT query.* FROM query JOIN slot USING (run, attempt) WHERE dataset = ? ORDER BY query.rowid DESC",
            (dataset,),
        )
        return [_answered(row) for row in rows]

    def answers_in(self, year: int, dataset: str) -> int:
        """How many runs were answered about a dataset in a calendar year."""
        (number,) = self.db.execute(
            "SELECT count(DISTINCT run) FROM query JOIN slot USING (run, attempt) WHERE dataset = ? AND day LIKE ?",
            (dataset, f"{year}-%"),
        ).fetchone()
        return int(number)

    def forget_old_queries(self, today: date) -> None:
        """What is past its time, and attempts of earlier days that never opened."""
        self.db.execute("DELETE FROM query WHERE last_day < ?", ((today - KEPT_AFTER).isoformat(),))
        self.db.execute(
            "DELETE FROM query WHERE day < ? AND NOT EXISTS "
            "(SELECT 1 FROM slot WHERE slot.run = query.run AND slot.attempt = query.attempt)",
            (today.isoformat(),),
        )

    # What the steward reads and decides

    def keep_query_refusal(self, run: str, contract: str, day: date, reasons: Iterable[Reason]) -> None:
        document = json.dumps([reason.document() for reason in reasons])
        self.db.execute(
            "INSERT OR REPLACE INTO query_refusal VALUES (?,?,?,?)", (run, contract, day.isoformat(), document)
        )

    def query_refusals(self) -> list[QueryRefusal]:
        rows = self.db.execute("SELECT * FROM query_refusal ORDER BY rowid")
        return [
            QueryRefusal(
                row["run"], row["contract"], row["day"],
                [Reason.from_document(item) for item in json.loads(row["reasons"])],
            )
            for row in rows
        ]  # fmt: skip

    def allow_query(self, contract: str, *, day: date, steward: str, officer: str, reasons: str) -> None:
        """One next run of this contract may differ by few people: two functions decided so together."""
        self.db.execute(
            "INSERT INTO query_override (contract, day, steward, officer, reasons) VALUES (?,?,?,?,?)",
            (contract, day.isoformat(), steward, officer, reasons),
        )

    def use_override(self, contract: str, run: str) -> bool:
        """Whether this run may go on because it was allowed; an override serves one run, in all its attempts."""
        used = self.db.execute("SELECT 1 FROM query_override WHERE contract = ? AND run = ?", (contract, run))
        if used.fetchone():
            return True
        done = self.db.execute(
            "UPDATE query_override SET run = ? WHERE rowid = "
            "(SELECT min(rowid) FROM query_override WHERE contract = ? AND run IS NULL)",
            (run, contract),
        )
        return done.rowcount == 1

    # Where columns may be cut

    def cuts(self, dataset: str, column: str) -> set[str]:
        rows = self.db.execute("SELECT cut FROM boundary WHERE dataset = ? AND name = ?", (dataset, column))
        return {row["cut"] for row in rows}

    def keep_cuts(self, dataset: str, column: str, cuts: Iterable[str]) -> None:
        self.db.executemany(
            "INSERT OR IGNORE INTO boundary VALUES (?,?,?)", [(dataset, column, cut) for cut in sorted(cuts)]
        )


def _answered(row: Any) -> Answered:
    statistic = Statistic(
        row["dataset"], row["statistic"], frozenset(json.loads(row["recipients"])), row["period"], row["least"],
        row["title"], date.fromisoformat(row["last_day"]),
    )  # fmt: skip
    return Answered(statistic, row["day"], People.unpacked(row["people"]))
