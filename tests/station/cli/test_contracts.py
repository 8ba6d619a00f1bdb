"""Reading, signing and revoking a contract, as a data steward does at the station."""

import pytest

from station.contract.canonical import code
from station.contract.statements import read_statement
from station.home import Home
from tests.station.contract.test_rules import changed
from tests.station.example import PARTIES, Agreed, days, specification
from tests.station.homes import register_rows

THRESHOLD = "Threshold k (smallest group): 25"
STATE = ("POST", "statements")
MANDATE = ("--function", "director", "--reference", "decision 1", "--valid-to", days(30))


@pytest.fixture
def agreed(station, hostile, tmp_path):
    """A contract that waits at the platform for the signature of this station, which has its rows."""
    home = Home(station.root)
    register_rows(home, tmp_path)
    return waiting(hostile, with_key(home))


def with_key(home, **changes):
    others = Agreed().keys
    return Agreed(keys={**others, "kvk": home.key}, **changes)


def waiting(hostile, agreed):
    """The other two signed already."""
    hostile.hands(agreed.sha256, agreed.answer(approvals=[agreed.approval(key) for key in PARTIES if key != "kvk"]))
    hostile.takes(STATE)
    return agreed


def statements(station, kind):
    return Home(station.root).ledger.statements(type=kind)


def sign(station, agreed, *more, typed=""):
    return station("sign", agreed.sha256[:12], "--code", code(agreed.sha256), *MANDATE, *more, typed=typed)


def test_a_contract_is_listed_and_read(station, agreed):
    assert "There are no contracts yet" not in station("contracts").out
    said = station("contracts", "show", agreed.sha256[:12], "--documents")
    assert said.code == 0
    for words in (
        code(agreed.sha256),
        agreed.sha256,
        "Threshold k (smallest group): 25",
        "Your own data",
        "about: invented",
    ):
        assert words in said.out
    assert "Drempel k" in station("contracts", "show", agreed.sha256[:12], STATION_LANGUAGE="nl").out


def test_signing(station, hostile, agreed):
    said = sign(station, agreed)
    assert (said.code, said.err) == (0, "") and f"code {code(agreed.sha256)}" in said.out
    (statement,) = hostile.statements()
    read_statement(statement)
    assert statement["type"] == "approval" and statement["contract"] == agreed.sha256
    assert statement["mandate"] == {"function": "director", "reference": "decision 1", "valid_to": days(30)}
    assert statement["documents"] == [text["sha256"] for text in agreed.texts()]
    assert set(Home(station.root).pins.all()) == set(PARTIES)
    assert [s.sent for s in statements(station, "approval")] == ["sent"]


def test_signing_shows_the_contract_before_it_asks_for_the_code(station, agreed):
    said = station(
        "sign", agreed.sha256, typed=f"{code(agreed.sha256).lower()}\ndirector\ndecision 1\n{days(30)}\n"
    )  # fmt: skip
    assert said.code == 0
    assert said.out.index("Threshold k (smallest group): 25") < said.out.index(
        "Contract code from the agreement on paper:"
    )


def test_signing_twice_is_signing_once(station, agreed):
    sign(station, agreed)
    before = Home(station.root).ledger.head()
    said = sign(station, agreed)
    assert said.code == 1 and "signed this contract already" in said.err
    assert Home(station.root).ledger.head() == before


def test_signing_without_the_platform_is_sent_later(station, hostile, agreed):
    station("contracts")
    hostile.says[STATE] = (503, {})
    said = sign(station, agreed)
    assert said.code == 0 and "sends this later by itself" in said.out
    assert [s.sent for s in statements(station, "approval")] == ["due"]


def test_an_answer_of_the_platform_that_refuses_the_signature(station, hostile, agreed):
    hostile.says[STATE] = (409, {"reasons": [{"code": "approval.mandate_ended", "facts": {}}]})
    said = sign(station, agreed)
    assert said.code == 1 and "mandate in the signature has ended" in said.err


NOTHING_SIGNED = "nothing is signed, and no key is learned"


def unsigned(station):
    assert statements(station, "approval") == [] and Home(station.root).pins.all() == {}, NOTHING_SIGNED


@pytest.mark.parametrize("typed", ["", "AAAA-BBBB", "of another contract"])
def test_another_code(station, agreed, typed):
    typed = typed if typed != "of another contract" else code(with_key(Home(station.root)).sha256)
    said = station("sign", agreed.sha256, "--code", typed, *MANDATE)
    assert said.code == 1 and "contract code does not fit" in said.err
    unsigned(station)


@pytest.mark.parametrize(
    ("day", "words"),
    [(days(-1), "had ended already"), ("tomorrow", "not a day"), ("2026-02-30", "not a day"), ("", "nobody")],
)
def test_a_mandate_that_does_not_hold(station, agreed, day, words):
    said = station("sign", agreed.sha256, "--code", code(agreed.sha256), *MANDATE[:-1], day)
    assert said.code == 1 and words in said.err
    unsigned(station)


@pytest.mark.parametrize(
    ("k", "least", "words"),
    [(25, 50, "The threshold k is 25; our own policy asks at least 50"), (5, 10, "The threshold k is 5")],
)
def test_a_k_below_the_own_policy(station, hostile, agreed, k, least, words):
    policy = Home(station.root).policy_file
    policy.write_text(policy.read_text().replace("least_k = 10", f"least_k = {least}"))
    lower = waiting(hostile, with_key(Home(station.root), specification=changed(specification(), "disclosure.k", k)))
    said = sign(station, lower)
    assert said.code == 1 and words in said.err
    unsigned(station)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("outputs.0.recipients", ["cbs"], "cbs receives output 'table' but is not a result party"),
        ("outputs.0.checker", "kvk", "is checked by the asker itself (kvk)"),
        ("parties.2", {**specification()["parties"][0], "party_roles": ["computing_party"]}, "kvk occurs twice"),
    ],
)
def test_a_contract_with_a_fault_is_neither_shown_nor_signed(station, hostile, agreed, path, value, words):
    faulty = waiting(hostile, with_key(Home(station.root), specification=changed(specification(), path, value)))
    shown = station("contracts", "show", faulty.sha256)
    assert shown.code == 1 and words in shown.err
    assert words in sign(station, faulty).err
    unsigned(station)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("nr,region\n00000001,Noord\n00000001,Zuid\n", "Ids in dataset 'register' that occur more than once: 1"),
        ("nr,region\n1,Noord\n", "'nr' that do not have the form digits(8): 1"),
        (None, "is not there"),
    ],
)
def test_rows_that_a_run_would_refuse_are_told_before_signing(station, agreed, tmp_path, rows, words):
    (tmp_path / "kvk.csv").unlink() if rows is None else (tmp_path / "kvk.csv").write_text(rows)
    said = sign(station, agreed)
    assert said.code == 1 and words in said.err and "00000001" not in said.text
    unsigned(station)


def test_another_schema_than_the_contract_names(station, agreed):
    home = Home(station.root)
    place = home.datasets.schemas / "register.json"
    place.write_text(place.read_text().replace('"en":"invented"', '"en":"other words"'))
    said = sign(station, agreed)
    assert said.code == 1 and "schema of dataset 'register' differs" in said.err
    unsigned(station)


def test_a_trial_over_real_rows(station, hostile, agreed):
    trial = waiting(hostile, with_key(Home(station.root), trial=True))
    said = sign(station, trial)
    assert said.code == 1 and "schema of dataset 'register' differs" in said.err
    assert statements(station, "trial_approval") == []


def test_a_changed_key_is_a_hard_stop(station, hostile, agreed):
    sign(station, agreed)
    following = waiting(hostile, with_key(Home(station.root), changes={"drafted_on": days(1)}))
    said = sign(station, following)
    assert said.code == 1 and said.err.count("another key for") == 2 and "on a known number" in said.err
    assert [s.contract for s in statements(station, "approval")] == [agreed.sha256]


def test_a_document_with_another_text(station, hostile, agreed):
    texts = [{**agreed.texts()[0], "text": "{}"}, *agreed.texts()[1:]]
    hostile.hands(agreed.sha256, agreed.answer(documents=texts))
    said = sign(station, agreed)
    assert said.code == 1 and "Document 'assessment None' is missing or has another hash" in said.err
    unsigned(station)


def test_a_contract_that_nobody_knows(station, hostile, agreed):
    assert "no contract that begins with 'abc'" in station("contracts", "show", "abc").err
    assert "There is no such contract" in station("contracts", "show", "0" * 64).err
    for number in (1, 2):
        following = waiting(hostile, with_key(Home(station.root), changes={"drafted_on": days(number)}))
        station("contracts", "show", following.sha256)
    assert "More than one contract begins with ''" in station("contracts", "show", "").err


# Revoking


def test_revoking_counts_at_once_and_is_sent(station, hostile, agreed):
    sign(station, agreed)
    said = station("revoke", agreed.sha256[:12], "--reason", "the basis ended")
    assert said.code == 0 and "Withdrawn" in said.out
    assert [s["type"] for s in hostile.statements()] == ["approval", "revocation"]
    assert "kvk withdrew from the contract" in station("contracts").out
    assert station("revoke", agreed.sha256[:12], "--reason", "again").code == 0
    assert len(statements(station, "revocation")) == 1
    assert "withdrew" in sign(station, agreed).err


def test_revoking_destroys_what_did_not_leave_yet(station, hostile, agreed):
    sign(station, agreed)
    run, other = "0" * 8 + "-0000-0000-0000-" + "0" * 12, "1" * 8 + "-0000-0000-0000-" + "0" * 12
    ledger = Home(station.root).ledger
    for name, contract in ((run, agreed.sha256), (other, "0" * 64)):
        ledger.begin(name, 1, contract, 1, "a key")
        ledger.update_attempt(name, 1, state="opened")
        ledger.keep_share(name, 1, "table", "release", "kvk", "sealed")
    assert station("revoke", agreed.sha256[:12], "--reason", "the basis ended").code == 0
    (thrown,), (kept,) = ledger.shares_of(run, 1, "table"), ledger.shares_of(other, 1, "table")
    assert (thrown.state, thrown.jwe, ledger.attempt(run, 1).enc_key) == ("destroyed", None, None)
    assert (kept.state, ledger.attempt(other, 1).state) == ("kept", "opened")


def test_revoking_works_without_the_platform(station, hostile, agreed):
    sign(station, agreed)
    hostile.says[STATE] = (503, {})
    said = station("revoke", agreed.sha256, typed="the basis ended\n")
    assert said.code == 0 and "sends this later by itself" in said.out
    assert [s.sent for s in statements(station, "revocation")] == ["due"]
    assert "kvk withdrew from the contract" in station("contracts").out


def test_the_list_is_there_when_the_platform_refuses(station, hostile, agreed):
    station("contracts")
    hostile.says["GET", "work"] = (401, {"reasons": [{"code": "request.unknown_station", "facts": {}}]})
    said = station("contracts")
    assert "does not know this key" in said.err and agreed.sha256[:12] in said.out
