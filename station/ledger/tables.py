"""The tables of ``station.db`` (SQLite), and how it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS contract (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL, keys TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS document (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signature (
  contract TEXT NOT NULL, organisation TEXT NOT NULL, type TEXT NOT NULL, jws TEXT NOT NULL,
  PRIMARY KEY (contract, organisation, type)
);
CREATE TABLE IF NOT EXISTS statement (
  number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, contract TEXT, run TEXT, attempt INTEGER, output TEXT,
  jws TEXT NOT NULL, line TEXT NOT NULL, sent TEXT NOT NULL DEFAULT 'due' CHECK (sent IN ('due', 'sent', 'refused'))
);
CREATE UNIQUE INDEX IF NOT EXISTS once ON statement (type, run, attempt, coalesce(output, '')) WHERE run IS NOT NULL;
CREATE TABLE IF NOT EXISTS slot (
  contract TEXT NOT NULL, slot INTEGER NOT NULL, run TEXT NOT NULL, attempt INTEGER NOT NULL,
  PRIMARY KEY (contract, slot)
);
CREATE TABLE IF NOT EXISTS attempt (
  run TEXT NOT NULL, attempt INTEGER NOT NULL, contract TEXT NOT NULL, slot INTEGER NOT NULL, state TEXT NOT NULL,
  enc_key TEXT, snapshot TEXT, readys TEXT, session TEXT, PRIMARY KEY (run, attempt)
);
CREATE TABLE IF NOT EXISTS share (
  run TEXT NOT NULL, attempt INTEGER NOT NULL, output TEXT NOT NULL, stage TEXT NOT NULL, receiver TEXT NOT NULL,
  jwe TEXT, state TEXT NOT NULL CHECK (state IN ('kept', 'due', 'sent', 'destroyed')),
  PRIMARY KEY (run, attempt, output, stage, receiver)
);
CREATE TABLE IF NOT EXISTS result (
  run TEXT NOT NULL, output TEXT NOT NULL, stage TEXT NOT NULL CHECK (stage IN ('check', 'release')),
  attempt INTEGER NOT NULL, data TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (run, output, stage)
);
CREATE TABLE IF NOT EXISTS query (
  run TEXT NOT NULL, attempt INTEGER NOT NULL, input TEXT NOT NULL, dataset TEXT NOT NULL, statistic TEXT NOT NULL,
  recipients TEXT NOT NULL, period TEXT, least INTEGER NOT NULL, title TEXT NOT NULL, last_day TEXT NOT NULL,
  day TEXT NOT NULL, people BLOB NOT NULL, PRIMARY KEY (run, attempt, input)
);
CREATE TABLE IF NOT EXISTS query_refusal (
  run TEXT PRIMARY KEY, contract TEXT NOT NULL, day TEXT NOT NULL, reasons TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS query_override (
  contract TEXT NOT NULL, day TEXT NOT NULL, steward TEXT NOT NULL, officer TEXT NOT NULL, reasons TEXT NOT NULL,
  run TEXT
);
CREATE TABLE IF NOT EXISTS boundary (
  dataset TEXT NOT NULL, name TEXT NOT NULL, cut TEXT NOT NULL, PRIMARY KEY (dataset, name, cut)
);
CREATE TABLE IF NOT EXISTS deletion (
  run TEXT NOT NULL, output TEXT NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (run, output)
);
CREATE TRIGGER IF NOT EXISTS deletions_stay BEFORE DELETE ON deletion
  BEGIN SELECT RAISE(ABORT, 'a deletion is never forgotten'); END;
CREATE TRIGGER IF NOT EXISTS deletions_hold BEFORE UPDATE ON deletion
  BEGIN SELECT RAISE(ABORT, 'a deletion is never changed'); END;
CREATE TRIGGER IF NOT EXISTS statements_stay BEFORE DELETE ON statement
  BEGIN SELECT RAISE(ABORT, 'a statement is never removed'); END;
CREATE TRIGGER IF NOT EXISTS statements_hold BEFORE UPDATE OF jws, line ON statement
  BEGIN SELECT RAISE(ABORT, 'a statement is never changed'); END;
CREATE TRIGGER IF NOT EXISTS slots_stay BEFORE DELETE ON slot
  BEGIN SELECT RAISE(ABORT, 'a used slot stays used'); END;
"""


def open_database(path: Path) -> sqlite3.Connection:
    """A connection in autocommit; what is committed is on disk (a signature is stored before it leaves)."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    path.chmod(0o600)
    connection.row_factory = sqlite3.Row
    for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {setting}")
    connection.executescript(TABLES)
    return connection


class Tables:
    """A database in which what was destroyed is gone from the log beside it as well."""

    db: sqlite3.Connection
    _scrub = False

    def scrub(self) -> None:
        """To be called when something was destroyed; inside a transaction it is done at its end."""
        self._scrub = self.db.in_transaction
        if not self._scrub:
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
