"""A station in one attempt: what it starts, what it refuses, and that nothing is sent before everybody said OPEN."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from station.contract.signatures import new_key, sign
from station.home import Home
from station.reasons import Refused
from tests.station.agent.circle import OWN, PREPARED, RUN, Circle
from tests.station.example import PARTIES, days


@pytest.fixture
def circle(make_home: Callable[..., Home]) -> Iterator[Circle]:
    made = Circle(make_home(OWN))
    yield made
    made.engines.stop_all()


def refusals(circle: Circle) -> list[str]:
    return [reason["code"] for payload in circle.own("refusal") for reason in payload["reasons"]]


def test_prepare_starts_an_engine_and_ready_names_what_it_brought(circle: Circle) -> None:
    circle.attempts.prepare(circle.hint())
    assert refusals(circle) == []
    deadline = time.monotonic() + 20
    while not any(message.get("is") == "prepared" for _key, message in circle.heard):
        assert time.monotonic() < deadline, circle.heard
        time.sleep(0.02)
    (key, message) = next(entry for entry in circle.heard if entry[1]["is"] == "prepared")
    circle.attempts.prepared(key, message)
    (ready,) = circle.own("ready")
    assert (ready["slot"], ready["highest_used_slot"], ready["not_opened"], ready["snapshot"]) == (1, 0, [], None)
    assert ready["tls_cert"].startswith("-----BEGIN CERTIFICATE") and ready["address"].startswith("127.0.0.1:")
    assert 0 < ready["exp"] - time.time() <= 120


def test_the_same_hint_twice_begins_one_attempt(circle: Circle) -> None:
    circle.attempts.prepare(circle.hint())
    circle.attempts.prepare(circle.hint())
    assert len(circle.home.ledger.attempts("preparing")) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: c.postman.changes.update(approvals=c.agreed.answer()["approvals"][:2]), "contract.not_signed"),
        (lambda c: c.postman.changes.update(revocations=[revocation(c)]), "contract.revoked"),
        (lambda c: closed(c.home), "policy.hours"),
        (lambda c: stricter(c.home), "policy.k"),
        (lambda c: c.home.ledger.charge(c.agreed.sha256, 1, "another", 1), "run.slot_used"),
    ],
)
def test_what_does_not_hold_is_refused_before_anything_starts(
    circle: Circle, change: Callable[[Circle], object], code: str
) -> None:
    change(circle)
    circle.attempts.prepare(circle.hint())
    assert refusals(circle) == [code]
    assert not circle.engines.busy() and not circle.home.ledger.attempts("preparing")


def test_a_slot_beyond_the_contract_is_refused(circle: Circle) -> None:
    circle.attempts.prepare(circle.hint(slot=3))
    assert refusals(circle) == ["run.slots_used"]


def revocation(circle: Circle) -> str:
    payload = {"contract": circle.agreed.sha256, "organisation": "kvk", "reason": "invented", "at": int(time.time())}
    return sign("revocation", payload, circle.agreed.keys["kvk"])


def closed(home: Home) -> None:
    """Open only in the minute that was two hours ago."""
    hour = (time.localtime().tm_hour - 2) % 24
    text = home.policy_file.read_text("utf-8")
    home.policy_file.write_text(text.replace("00:00-24:00", f"{hour:02d}:00-{hour:02d}:01"), "utf-8")


def stricter(home: Home) -> None:
    text = home.policy_file.read_text("utf-8")
    home.policy_file.write_text(text.replace("least_k = 10", "least_k = 100"), "utf-8")


def test_with_every_ready_it_goes(circle: Circle) -> None:
    circle.begin()
    circle.go()
    assert refusals(circle) == []
    assert circle.home.ledger.attempt(RUN, 1).state == "computing"
    assert circle.own("open") == []


def test_a_computing_party_whose_engine_is_gone_does_not_open(circle: Circle) -> None:
    circle.begin()
    circle.attempts.go(circle.hint(readys=circle.tokens()))
    assert circle.own("open") == []
    assert circle.own("failure")[0]["reasons"][0]["code"] == "engine.restarted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kvk": {"run": RUN[:-1] + "8"}}, "run.statement_of_another"),
        ({"kvk": {"attempt": 2}}, "run.statement_of_another"),
        ({"kvk": {"contract": "0" * 64}}, "run.statement_of_another"),
        ({"kvk": {"slot": 2}}, "run.ready_differs"),
        ({"kvk": {"highest_used_slot": 1}}, "run.slot_used"),
        ({"kvk": {"exp": 1}}, "run.ready_expired"),
        ({"kvk": {"program": "grouped_counts/1"}}, "run.other_program"),
        ({"kvk": {"padded_rows": {"kvk": 99}}}, "run.ready_differs"),
        ({"kvk": {"tls_cert": None}}, "run.ready_differs"),
        ({"kvk": {"signer": "belastingdienst"}}, "signature.unknown_key"),
    ],
)
def test_one_ready_that_does_not_fit_stops_it(circle: Circle, changes: dict, code: str) -> None:
    circle.begin()
    circle.go(circle.tokens(**changes))
    assert refusals(circle) == [code]
    assert circle.own("open") == []


def test_exactly_one_ready_of_everybody_and_our_own_as_it_was(circle: Circle) -> None:
    circle.begin()
    tokens = circle.tokens()
    changed = [sign("ready", {**circle.own("ready")[0], "nonce": "another"}, circle.home.key), *tokens[1:]]
    for wrong, code in ((tokens[:2], "missing"), ([*tokens, tokens[1]], "missing"), (changed, "not_ours")):
        with pytest.raises(Refused) as caught:
            contract = circle.agreed.contract
            circle.attempts._readys(contract, circle.home.ledger.attempt(RUN, 1), wrong)
        assert code in caught.value.reasons[0].code


def test_open_charges_the_slot_and_keeps_what_is_sealed(circle: Circle) -> None:
    circle.compute()
    assert circle.home.ledger.highest_slot(circle.agreed.sha256) == 1
    assert {share.state for share in circle.home.ledger.shares_of(RUN, 1, "table")} == {"kept"}
    assert len(circle.own("open")) == 1


def test_nothing_leaves_before_everybody_opened_this_session(circle: Circle) -> None:
    circle.compute()
    own = circle.home.ledger.statements(type="open")[0].jws
    circle.attempts.send(circle.hint(opens=[own, circle.opened("kvk")]))
    assert circle.home.ledger.shares("due") == []
    with pytest.raises(Refused, match="another session"):
        others = [circle.opened("kvk"), circle.opened("belastingdienst", session="1" * 64)]
        circle.attempts.send(circle.hint(opens=[own, *others]))
    assert circle.home.ledger.shares("due") == []
    circle.attempts.send(circle.hint(opens=[own, circle.opened("kvk"), circle.opened("belastingdienst")]))
    assert [(share.stage, share.receiver) for share in circle.home.ledger.shares("due")] == [
        ("check", "belastingdienst")
    ]


def test_other_rows_in_a_second_attempt_are_refused(circle: Circle) -> None:
    circle.begin()
    circle.home.ledger.update_attempt(RUN, 1, snapshot="a" * 64, state="failed")
    circle.home.ledger.begin(RUN, 2, circle.agreed.sha256, 1, "{}")
    circle.attempts.prepared((RUN, 2), PREPARED | {"snapshot": "b" * 64})
    assert refusals(circle) == ["run.rows_changed"]


def test_a_restart_gives_up_what_was_under_way_and_says_so(circle: Circle) -> None:
    circle.begin()
    circle.attempts.abandon_unfinished()
    (failure,) = circle.own("failure")
    assert (failure["opened"], [r["code"] for r in failure["reasons"]]) == (False, ["engine.restarted"])
    assert circle.home.ledger.attempt(RUN, 1).enc_key is None


def test_a_restart_leaves_what_was_opened(circle: Circle) -> None:
    circle.compute()
    circle.attempts.abandon_unfinished()
    assert circle.own("failure") == []
    assert circle.home.ledger.attempt(RUN, 1).state == "opened"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda circle: withdrawn(circle), "contract.revoked"),
        (lambda circle: stricter(circle.home), "policy.k"),
    ],
)
def test_what_changed_while_it_computed_is_seen_before_anything_leaves(
    circle: Circle, change: Callable[[Circle], object], code: str
) -> None:
    """Whether or not the platform passed it on."""
    circle.begin()
    circle.go()
    change(circle)
    circle.attempts.computed((RUN, 1), {"shares": {"table": {key: f"sealed for {key}" for key in PARTIES}}})
    assert (circle.own("open"), refusals(circle)) == ([], [code])
    assert circle.home.ledger.shares_of(RUN, 1, "table") == []
    assert circle.home.ledger.highest_slot(circle.agreed.sha256) == 0


def test_after_a_revocation_nothing_more_leaves(circle: Circle) -> None:
    circle.compute()
    withdrawn(circle)
    others = [circle.opened(key) for key in PARTIES if key != OWN]
    circle.attempts.send(circle.hint(opens=[circle.home.ledger.statements(type="open")[0].jws, *others]))
    assert {share.state for share in circle.home.ledger.shares_of(RUN, 1, "table")} == {"destroyed"}
    assert circle.home.ledger.attempt(RUN, 1).enc_key is None


def withdrawn(circle: Circle) -> None:
    """As the command ``revoke`` does."""
    payload = {"contract": circle.agreed.sha256, "organisation": OWN, "reason": "invented", "at": int(time.time())}
    ledger = circle.home.ledger
    with ledger.together():
        token = ledger.record("revocation", payload, circle.home.key)
        ledger.keep_signature(circle.agreed.sha256, OWN, "revocation", token)
        ledger.withdraw(circle.agreed.sha256)


def test_a_platform_with_another_clock_does_not_make_an_old_ready_young(circle: Circle) -> None:
    circle.begin()
    circle.postman.offset = 7_200.0  # it claims to live two hours ago
    circle.go(circle.tokens(kvk={"exp": int(time.time()) - 100}))
    assert refusals(circle) == ["run.ready_expired"]


def test_cancelled_means_thrown_away_but_charged(circle: Circle) -> None:
    circle.compute()
    circle.attempts.cancel(circle.hint())
    assert {share.state for share in circle.home.ledger.shares_of(RUN, 1, "table")} == {"destroyed"}
    assert all(share.jwe is None for share in circle.home.ledger.shares_of(RUN, 1, "table"))
    assert circle.home.ledger.highest_slot(circle.agreed.sha256) == 1


def test_a_basis_that_ended_yesterday_stops_today(make_home: Callable[..., Home]) -> None:
    circle = Circle(make_home(OWN))
    ended = [{"organisation": key, "valid_to": days(-1 if key == "kvk" else 60)} for key in sorted(circle.agreed.keys)]
    circle.agreed.changes["valid_to"] = ended
    circle.attempts.prepare(circle.hint())
    assert refusals(circle) == ["contract.not_valid_today"]


def test_a_key_that_was_swapped_in_the_contract_is_a_hard_stop(circle: Circle) -> None:
    circle.agreed.keys["kvk"] = new_key()
    circle.attempts.prepare(circle.hint())
    assert "pin.changed" in refusals(circle)


def test_others_see_a_snapshot_that_only_this_station_can_make(circle: Circle, make_home: Callable[..., Home]) -> None:
    circle.home.ledger.begin(RUN, 1, circle.agreed.sha256, 1, json.dumps(new_key().as_dict(private=True)))
    answer = circle.agreed.answer()
    circle.home.ledger.keep_contract(answer["contract"], [item["jwk"] for item in answer["keys"]], [])
    circle.attempts.prepared((RUN, 1), PREPARED | {"snapshot": "a" * 64})
    (ready,) = circle.own("ready")
    assert ready["snapshot"] not in (None, "a" * 64)
    assert circle.home.ledger.snapshots(RUN) == {"a" * 64}
    assert ready["snapshot"] == circle.attempts._told("a" * 64) != Circle(make_home("kvk")).attempts._told("a" * 64)
