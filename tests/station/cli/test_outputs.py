"""A checker looks at the table at its own station and decides; what it decides is about the very table it saw."""

import json

import pytest

from station.contract.canonical import canonical, digest
from station.contract.statements import read_statement
from station.home import Home
from station.ledger.results import Result
from tests.station.contract.test_statements import HASH, RUN

TABLE = {"columns": ["region", "count"], "rows": [["Noord", 31], ["Zuid", None]], "suppressed": 1}
RUN_ID, SESSION = str(RUN["run"]), "5" * 64
DECIDE = ("--reasons", "no small cells", "--function", "statistician")


def waiting(station, output="table", run=RUN_ID):
    ledger = Home(station.root).ledger
    ledger.keep_result(Result(run, output, "check", 1, canonical(TABLE).decode(), digest(TABLE), "waiting"))
    if ledger.attempt(run, 1) is None:
        ledger.begin(run, 1, HASH, 1, "a key")
        ledger.update_attempt(run, 1, session=SESSION)
    ledger.db.close()


def results(station):
    return [(r.output, r.state, r.data) for r in Home(station.root).ledger.results("check")]


@pytest.fixture
def checker(station, hostile):
    hostile.takes(("POST", "statements"))
    waiting(station)
    return station


def test_a_table_is_shown(checker):
    said = checker("output", "show", RUN_ID[:6])
    assert said.code == 0 and digest(TABLE) in said.out
    assert "Noord   31" in said.out and "Zuid    ." in said.out and "(a dot): 1" in said.out
    (shown,) = json.loads(checker("output", "show", "--json").out)
    assert shown == {"run": RUN_ID, "output": "table", "state": "waiting", "table": TABLE}
    assert "waits for your check" in checker("status").out


@pytest.mark.parametrize("kind", ["release", "withhold"])
def test_a_decision_is_signed_over_the_table_that_was_shown(checker, hostile, kind):
    said = checker("output", kind, RUN_ID, *DECIDE)
    assert (said.code, said.err) == (0, "")
    (statement,) = hostile.statements()
    read_statement(statement)
    assert (statement["type"], statement["table_sha256"], statement["session"]) == (kind, digest(TABLE), SESSION)
    assert (statement["reasons"], statement["checked_by"]) == ("no small cells", "statistician")
    kept = ("table", "released", canonical(TABLE).decode()) if kind == "release" else ("table", "withheld", "")
    assert results(checker) == [kept]
    again = checker("output", "release", RUN_ID, *DECIDE)
    assert again.code == 1 and "No table of that run waits" in again.err
    assert len(hostile.statements()) == 1


def test_a_checker_is_asked_what_was_not_given(checker, hostile):
    assert checker("output", "release", RUN_ID).code == 1
    assert results(checker)[0][1] == "waiting" and hostile.statements() == []
    said = checker("output", "release", RUN_ID, typed="looked at it\nstatistician\n")
    assert said.code == 0 and "Noord   31" in said.out  # nobody decides on a table that was not shown
    assert hostile.statements()[0]["reasons"] == "looked at it"


def test_a_decision_without_the_platform_is_sent_later(checker, hostile):
    hostile.says["POST", "statements"] = (503, {})
    said = checker("output", "withhold", RUN_ID, *DECIDE)
    assert said.code == 0 and "sends this later by itself" in said.out
    assert results(checker) == [("table", "withheld", "")]


def test_of_several_tables_one_is_named(checker, hostile):
    waiting(checker, "another")
    said = checker("output", "release", RUN_ID, *DECIDE)
    assert said.code == 1 and "with --output" in said.err and hostile.statements() == []
    assert checker("output", "release", RUN_ID, "--output", "another", *DECIDE).code == 0
    assert [(output, state) for output, state, _ in results(checker)] == [("table", "waiting"), ("another", "released")]


def test_no_table_is_no_decision(station):
    assert "has no table of that run" in station("output", "show").err
    assert "No table of that run waits" in station("output", "release", "0", *DECIDE).err
