"""The query ledger on the command line: for the own steward, who sees numbers of people and nobody else does."""

from datetime import date

import yaml

from station.agent.queries import cut_reasons, keep_first_cuts, room_reasons
from station.datasets import Rows
from station.home import Home
from station.queries.people import people_of
from station.queries.statistic import statistic_of
from station.reasons import Reason
from tests.station.example import Agreed, schema, specification

ROWS = "nr,arrears\n" + "".join(f"{number:08},{number}\n" for number in range(1, 101))


def keep(home: Home, agreed: Agreed) -> None:
    home.ledger.keep_contract(agreed.text, agreed.jwks(), [])


def test_nothing_was_asked_yet(offline):
    assert "Nothing was answered" in offline("query", "list").out
    assert "No run was refused" in offline("query", "refusals").out


def test_what_was_answered_and_what_was_not(offline, tmp_path):
    home, agreed = Home(offline.root), Agreed()
    (tmp_path / "schema.yaml").write_text(yaml.safe_dump(schema("kvk"), allow_unicode=True))
    (tmp_path / "rows.csv").write_text("nr,region\n00000001,Noord\n")
    offline("dataset", "add", str(tmp_path / "rows.csv"), "--schema", str(tmp_path / "schema.yaml"), "--offline")
    (entry,) = agreed.contract.specification.inputs_of("kvk")
    people = people_of(Rows(["00000001"], {}), b"k" * 32)
    day = date(2026, 1, 5)
    home.ledger.keep_query("r1", 1, entry.id, statistic_of(agreed.contract, entry, day), people, day=day)
    home.ledger.charge(agreed.sha256, 1, "r1", 1)
    assert offline("query", "list").out.split() == ["2026-01-05", "register", "invented", "to", "kvk:", "1", "people"]
    home.ledger.keep_query_refusal("r2", agreed.sha256, day, [Reason("query.year", {"dataset": "x", "most": 3})])
    said = offline("query", "refusals")
    assert "run r2" in said.out and "the most that this station's policy allows" in said.out


def test_steward_and_officer_are_two(offline):
    home, agreed = Home(offline.root), Agreed()
    keep(home, agreed)
    words = ("query", "allow", agreed.sha256, "--reasons", "somebody objected", "--steward", "Data steward")
    said = offline(*words, "--dpo", "data steward ")
    assert said.code == 1 and "two different functions" in said.err
    assert not home.ledger.use_override(agreed.sha256, "r1")
    said = offline(*words, "--dpo", "DPO")
    assert said.code == 0 and "The next run" in said.out
    assert home.ledger.use_override(agreed.sha256, "r1") and home.ledger.use_override(agreed.sha256, "r1")
    assert not home.ledger.use_override(agreed.sha256, "r2")


def test_a_cut_where_few_people_stand_is_refused(offline, tmp_path):
    (tmp_path / "schema.yaml").write_text(yaml.safe_dump(schema("belastingdienst"), allow_unicode=True))
    (tmp_path / "rows.csv").write_text(ROWS)
    offline("dataset", "add", str(tmp_path / "rows.csv"), "--schema", str(tmp_path / "schema.yaml"), "--offline")
    said = offline("query", "cut", "register", "arrears", "97")
    assert said.code == 1 and "only 3 people" in said.err
    assert offline("query", "cut", "register", "arrears", "50").code == 0
    assert Home(offline.root).ledger.cuts("register", "arrears") == {"50"}
    said = offline("query", "cut", "register", "nothing", "50")
    assert said.code == 1 and "'nothing' is missing" in said.err.replace('"', "'")


def test_a_contract_that_cuts_anew_is_told_before_signing(make_home):
    """The first contract on a column makes its cuts; the next may use only those."""
    home = make_home("belastingdienst")
    first = Agreed().contract
    assert list(cut_reasons(home, first)) == []
    keep_first_cuts(home, first)
    condition = {"input": "belastingdienst", "column": "arrears", "op": "gt", "value": 1_000}
    parameters = specification()["parameters"] | {"conditions": [condition]}
    second = Agreed(specification=specification(parameters=parameters)).contract
    assert [reason.code for reason in cut_reasons(home, first)] == []
    (reason,) = cut_reasons(home, second)
    assert reason.code == "query.new_cut" and reason.facts["cut"] == "1000"
    home.ledger.keep_cuts("register", "arrears", {"1000"})
    assert list(cut_reasons(home, second)) == []


def test_enough_in_a_year_is_enough(make_home):
    home, agreed = make_home("belastingdienst"), Agreed()
    home.policy_file.write_text(home.policy_file.read_text("utf-8").replace("= 100 ", "= 1 "), "utf-8")
    assert list(room_reasons(home, agreed.contract, "r1")) == []
    (entry,) = agreed.contract.specification.inputs_of("belastingdienst")
    nobody = people_of(Rows([], {}), b"k" * 32)
    home.ledger.keep_query(
        "r1", 1, entry.id, statistic_of(agreed.contract, entry, date.today()), nobody, day=date.today()
    )
    home.ledger.charge(agreed.sha256, 1, "r1", 1)
    assert [reason.code for reason in room_reasons(home, agreed.contract, "r2")] == ["query.refused"]
    assert [reason.code for reason in home.ledger.query_refusals()[0].reasons] == ["query.year"]
