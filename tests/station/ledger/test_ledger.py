"""The station's memory: nothing in it changes afterwards, and what belongs together is there whole or not at all."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import nullcontext
from pathlib import Path

import pytest

from station.contract.canonical import digest
from station.contract.signatures import thumbprint, verify
from station.home import Home
from station.ledger.ledger import FIRST_LINE
from station.ledger.results import Result
from station.reasons import Refused
from tests.station.contract.test_statements import GOOD, HASH, RUN
from tests.station.example import Agreed

RUN_ID = str(RUN["run"])


def refused(act, *arguments, **facts):
    with pytest.raises(Refused) as caught:
        act(*arguments, **facts)
    (reason,) = caught.value.reasons
    return reason.code


def record(home: Home, kind: str, **changes):
    return home.ledger.record(kind, GOOD[kind] | changes, home.key)


def reopened(home: Home) -> Home:
    return Home(home.root)


# Own statements


def test_statements_are_signed_and_chained(home):
    assert home.ledger.head() == FIRST_LINE
    ready, opened = record(home, "ready"), record(home, "open")
    assert verify(ready, "ready", {thumbprint(home.key): home.key}.get)["slot"] == 1
    first = digest({"previous": FIRST_LINE, "statement": ready})
    assert [line.line for line in home.ledger.statements()] == [
        first, digest({"previous": first, "statement": opened})
    ]  # fmt: skip
    assert home.ledger.chain_holds()
    assert reopened(home).ledger.head() == home.ledger.head() == home.ledger.statements()[-1].line


def test_the_same_statement_about_a_run_is_made_once(home):
    first = record(home, "ready", nonce="first")
    assert record(home, "ready", nonce="another") == first
    assert record(home, "ready", attempt=2) != first
    assert record(home, "open") != first
    assert len(home.ledger.statements()) == 3
    decided = record(home, "release", output="table")
    assert record(home, "release", output="table", reasons="changed my mind") == decided
    assert record(home, "release", output="another") != decided


def test_a_statement_with_a_wrong_field_is_not_kept(home):
    assert refused(record, home, "ready", slot=0) == "statement.field"
    assert home.ledger.statements() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE statement SET jws = 'x'",
        "UPDATE statement SET line = 'x' WHERE number = 1",
        "DELETE FROM statement",
        "DELETE FROM slot",
    ],
)
def test_what_was_stated_or_used_stays(home, change):
    record(home, "ready")
    home.ledger.charge(HASH, 1, RUN_ID, 1)
    with pytest.raises(sqlite3.IntegrityError):
        home.ledger.db.execute(change)
    assert home.ledger.chain_holds()
    assert home.ledger.highest_slot(HASH) == 1


@pytest.mark.parametrize("change", ["UPDATE statement SET jws = jws || 'x'", "DELETE FROM statement"])
def test_a_change_behind_its_back_is_noticed(home, change):
    """Whoever removes the triggers first can change the file, but not without the chain showing it."""
    for attempt in (1, 2, 3):
        record(home, "ready", attempt=attempt)
    with sqlite3.connect(home.root / "station.db") as db:
        db.execute("DROP TRIGGER statements_stay")
        db.execute("DROP TRIGGER statements_hold")
        db.execute(f"{change} WHERE number = 2")
    db.close()
    assert not reopened(home).ledger.chain_holds()


def test_where_a_statement_stands_is_marked_without_touching_it(home):
    record(home, "ready")
    (due,) = home.ledger.statements(sent="due")
    home.ledger.mark(due, "sent")
    assert home.ledger.statements(sent="due") == []
    assert home.ledger.chain_holds()
    with pytest.raises(sqlite3.IntegrityError):
        home.ledger.mark(due, "lost")


# Together


def test_what_fails_in_the_middle_leaves_nothing(home):
    def halfway():
        with home.ledger.together():
            record(home, "open")
            with home.ledger.together():
                home.ledger.charge(HASH, 1, RUN_ID, 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        halfway()
    assert home.ledger.statements() == []
    assert home.ledger.highest_slot(HASH) == 0
    assert home.ledger.opened(RUN_ID) is None


CRASH = """
    import os, signal
    from pathlib import Path
    from station.home import Home
    from tests.station.contract.test_statements import GOOD, HASH

    home = Home(Path({root!r}))
    with home.ledger.together():
        home.ledger.record("open", GOOD["open"], home.key)
        home.ledger.charge(HASH, 1, GOOD["open"]["run"], 1)
        home.ledger.shares_due(GOOD["open"]["run"], 1, "check")
        if {inside}:
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("inside", [True, False])
def test_a_process_that_is_killed_leaves_all_or_nothing(home, inside):
    home.ledger.keep_share(RUN_ID, 1, "table", "check", "kvk", "sealed")
    script = textwrap.dedent(CRASH).format(root=str(home.root), inside=inside)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[3], env=os.environ | {"PYTHONPATH": "."}
    )
    assert done.returncode == -signal.SIGKILL
    after = reopened(home).ledger
    found = (len(after.statements(type="open")), after.highest_slot(HASH), len(after.shares("due")))
    assert found == ((0, 0, 0) if inside else (1, 1, 1))
    assert after.chain_holds()


# Slots


def test_a_slot_is_charged_once(home):
    ledger = home.ledger
    ledger.charge(HASH, 1, RUN_ID, 1)
    assert refused(ledger.charge, HASH, 1, RUN_ID, 1) == "run.slot_used"
    assert refused(ledger.charge, HASH, 1, "another run", 2) == "run.slot_used"
    ledger.charge(HASH, 2, "another run", 1)
    ledger.charge("f" * 64, 1, "of another contract", 1)
    assert (ledger.highest_slot(HASH), ledger.highest_slot("f" * 64), ledger.highest_slot("e" * 64)) == (2, 1, 0)
    assert (ledger.opened(RUN_ID), ledger.opened("another run"), ledger.opened("no run")) == (1, 1, None)


def test_two_processes_charge_a_slot_once(home):
    other = reopened(home)
    home.ledger.charge(HASH, 1, RUN_ID, 1)
    assert refused(other.ledger.charge, HASH, 1, RUN_ID, 1) == "run.slot_used"


# Contracts


def test_a_contract_is_kept_with_its_documents(home):
    agreed = Agreed()
    home.ledger.keep_contract(agreed.text, [item["jwk"] for item in agreed.jwks()], [])
    home.ledger.keep_contract(agreed.text, [], [(item["sha256"], item["text"]) for item in agreed.texts()])
    assert home.ledger.contracts() == [agreed.sha256]
    kept = home.ledger.contract(agreed.sha256)
    assert kept is not None and kept.sha256 == agreed.sha256
    assert home.ledger.document(agreed.texts()[0]["sha256"]) == agreed.texts()[0]["text"]
    assert home.ledger.contract("0" * 64) is None


def test_a_contract_that_was_changed_in_the_file_is_refused(home):
    agreed, other = Agreed(), Agreed()
    home.ledger.keep_contract(agreed.text, [], [])
    home.ledger.db.execute("UPDATE contract SET text = ?", (other.text,))
    assert refused(home.ledger.contract, agreed.sha256) == "ledger.changed"


def test_a_revocation_stays_beside_an_approval(home):
    for kind in ("approval", "revocation", "approval"):
        home.ledger.keep_signature(HASH, "kvk", kind, f"{kind} of kvk")
    assert sorted(home.ledger.signatures(HASH)) == [
        ("kvk", "approval", "approval of kvk"), ("kvk", "revocation", "revocation of kvk")
    ]  # fmt: skip


# Attempts, shares and tables


def test_a_share_goes_once_and_is_then_gone(home):
    ledger = home.ledger
    ledger.keep_share(RUN_ID, 1, "table", "check", "kvk", "sealed")
    ledger.keep_share(RUN_ID, 1, "table", "check", "kvk", "sealed anew")
    assert ledger.shares("due") == []
    ledger.shares_due(RUN_ID, 1, "check")
    (share,) = ledger.shares("due")
    assert share.jwe == "sealed"
    ledger.share_sent(share)
    ledger.shares_due(RUN_ID, 1, "check")
    ledger.keep_share(RUN_ID, 1, "table", "check", "kvk", "sealed anew")
    assert [(s.state, s.jwe) for s in ledger.shares_of(RUN_ID, 1, "table")] == [("sent", None)]


def test_what_is_destroyed_never_goes(home):
    ledger = home.ledger
    ledger.keep_share(RUN_ID, 1, "table", "release", "kvk", "sealed")
    ledger.keep_share(RUN_ID, 1, "another", "release", "kvk", "sealed")
    ledger.destroy_shares(RUN_ID, 1, "table")
    ledger.shares_due(RUN_ID, 1, "release")
    assert [share.output for share in ledger.shares("due")] == ["another"]
    assert [(s.state, s.jwe) for s in ledger.shares_of(RUN_ID, 1, "table")] == [("destroyed", None)]


SECRET = b"nobody else may see this"


def raw(home: Home) -> bytes:
    """All bytes of the database and of what SQLite keeps beside it while it is open."""
    return b"".join(path.read_bytes() for path in home.root.glob("station.db*"))


def sent(ledger):
    ledger.shares_due(RUN_ID, 1, "check")
    for share in ledger.shares("due"):
        ledger.share_sent(share)


def keep_share(ledger):
    ledger.keep_share(RUN_ID, 1, "table", "check", "kvk", SECRET.decode())


def keep_table(ledger):
    ledger.keep_result(Result(RUN_ID, "table", "check", 1, SECRET.decode(), HASH, "waiting"))


def keep_key(ledger):
    ledger.begin(RUN_ID, 1, HASH, 1, SECRET.decode())


@pytest.mark.parametrize(
    ("keep", "destroy"),
    [
        (keep_share, sent),
        (keep_share, lambda ledger: ledger.destroy_shares(RUN_ID, 1)),
        (keep_table, lambda ledger: ledger.forget_result(*ledger.results("check"))),
        (keep_key, lambda ledger: ledger.update_attempt(RUN_ID, 1, enc_key=None)),
    ],
)
@pytest.mark.parametrize("in_one_go", [True, False])
def test_what_is_destroyed_is_on_no_disk(home, keep, destroy, in_one_go):
    """Neither in the database nor in its log, also while the station runs."""
    keep(home.ledger)
    assert SECRET in raw(home)
    with home.ledger.together() if in_one_go else nullcontext():
        destroy(home.ledger)
    assert SECRET not in raw(home)


def test_a_withheld_table_leaves_only_its_hash(home):
    ledger, result = home.ledger, Result(RUN_ID, "table", "check", 1, "the very table", HASH, "waiting")
    ledger.keep_result(result)
    assert ledger.results("check", "waiting") == [result]
    ledger.forget_result(result)
    assert [(r.data, r.sha256, r.state) for r in ledger.results("check")] == [("", HASH, "withheld")]


def test_an_attempt_is_remembered(home):
    ledger = home.ledger
    ledger.begin(RUN_ID, 1, HASH, 1, "a private key")
    ledger.update_attempt(RUN_ID, 1, state="ready", snapshot="s", readys='[{"organisation":"kvk"}]')
    attempt = reopened(home).ledger.attempt(RUN_ID, 1)
    assert attempt is not None and attempt.ready_payloads == [{"organisation": "kvk"}]
    assert [a.run for a in ledger.attempts("ready", "opened")] == [RUN_ID]
    assert ledger.attempts("preparing") == []
    assert ledger.snapshots(RUN_ID) == {"s"}
    with pytest.raises(sqlite3.IntegrityError):
        ledger.begin(RUN_ID, 1, HASH, 1, "another key")
