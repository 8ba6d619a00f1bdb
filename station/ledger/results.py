"""Tables that this station reconstructed: to check (as the checker) or to keep (as a recipient)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from station.ledger.tables import Tables


@dataclass(frozen=True)
class Result:
    """``data``: the canonical JSON table. ``state``: waiting, released, withheld (check), received or uploaded."""

    run: str
    output: str
    stage: str
    attempt: int
    data: str
    sha256: str
    state: str


class ResultRows(Tables):
    """The part of the ledger about results."""

    def keep_result(self, result: Result) -> None:
        values = (result.run, result.output, result.stage, result.attempt, result.data, result.sha256, result.state)
        self.db.execute("INSERT OR IGNORE INTO result VALUES (?,?,?,?,?,?,?)", values)

    def result(self, run: str, output: str, stage: str) -> Result | None:
        query = "SELECT * FROM result WHERE run = ? AND output = ? AND stage = ?"
        row = self.db.execute(query, (run, output, stage)).fetchone()
        return Result(**row) if row else None

    def results(self, stage: str, state: str | None = None) -> list[Result]:
        query = "SELECT * FROM result WHERE stage = ? AND (? IS NULL OR state = ?) ORDER BY rowid"
        return [Result(**row) for row in self.db.execute(query, (stage, state, state))]

    def update_result(self, result: Result, state: str) -> None:
        self.db.execute(
            "UPDATE result SET state = ? WHERE run = ? AND output = ? AND stage = ?",
            (state, result.run, result.output, result.stage),
        )

    def forget_result(self, result: Result) -> None:
        """A table that was withheld is destroyed; its hash stays."""
        self.db.execute(
            "UPDATE result SET data = '', state = 'withheld' WHERE run = ? AND output = ? AND stage = ?",
            (result.run, result.output, result.stage),
        )
        self.scrub()

    def note_deletion(self, run: str, output: str, day: str, number: int) -> None:
        """That a result which names persons was destroyed here; of how many records."""
        self.db.execute("INSERT OR IGNORE INTO deletion VALUES (?,?,?,?)", (run, output, day, number))

    def deletions(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self.db.execute("SELECT * FROM deletion ORDER BY rowid")]
