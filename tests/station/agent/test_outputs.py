"""A station as checker, computing party and recipient of an output."""

from collections.abc import Callable, Iterator

import pytest

from station.home import Home
from station.output import table, table_sha256
from station.reasons import Refused
from tests.station.agent.circle import MODULUS, OWN, RUN, Circle
from tests.station.example import specification

TEXT = {"nl": "verzonnen", "en": "invented"}
OUTPUT = {
    "name": "table", "kind": "aggregate_table", "title": TEXT, "recipients": [OWN, "kvk"], "checker": OWN,
    "shown_on_platform": True, "use": TEXT,
}  # fmt: skip


@pytest.fixture
def circle(make_home: Callable[..., Home]) -> Iterator[Circle]:
    """Here gemeenten checks and receives too."""
    parties = specification()["parties"]
    parties[2] = parties[2] | {"party_roles": ["computing_party", "result_party"]}
    made = Circle(make_home(OWN), parties=parties, outputs=[OUTPUT])
    made.compute()
    made.send()
    yield made
    made.engines.stop_all()


def hash_of(circle: Circle, values: list[int]) -> str:
    spec = circle.agreed.contract.specification
    return table_sha256(table(spec, spec.outputs[0], values))


def test_the_checker_gets_the_table_and_nobody_decided_yet(circle: Circle) -> None:
    circle.outputs.check(circle.hint(output="table", shares=circle.shares([40, 0])))
    (result,) = circle.home.ledger.results("check", "waiting")
    assert result.data == '{"columns":["region","count"],"rows":[["Noord",40],["Zuid",null]],"suppressed":1}'
    assert circle.own("release") == circle.own("withhold") == []


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ([40, 0], {"kvk": {"values": ["1", "2"]}}),  # not on a line
        ([40, 3], {}),  # 3 is below the threshold of 25
        ([MODULUS - 1, 40], {"kvk": {"modulus": "103"}}),  # not of one sharing
        ([40, 0], {"kvk": {"point": 1}}),
    ],
)
def test_what_fails_the_automatic_tests_is_withheld_at_once(circle: Circle, values: list[int], changes: dict) -> None:
    circle.outputs.check(circle.hint(output="table", shares=circle.shares(values, **changes)))
    assert circle.home.ledger.results("check") == []
    (decision,) = circle.own("withhold")
    assert decision["reasons"] and decision["checked_by"] == "automatic test"


def test_shares_of_another_session_or_for_another_are_not_opened(circle: Circle) -> None:
    circle.outputs.check(circle.hint(output="table", shares=circle.shares([40, 0], receiver="kvk")))
    assert len(circle.own("withhold")) == 1


def test_only_the_checkers_own_decision_lets_a_share_go(circle: Circle) -> None:
    for wrong in (
        circle.decision("release", "0" * 64, key="kvk"),
        circle.decision("release", "0" * 64, key=OWN, session="1" * 64),
        circle.decision("release", "0" * 64, key=OWN, attempt=2),
    ):
        with pytest.raises(Refused):
            circle.outputs.decided(circle.hint(output="table", decision=wrong))
    assert circle.home.ledger.shares("due") == []
    circle.outputs.decided(circle.hint(output="table", decision=circle.decision("release", "0" * 64, key=OWN)))
    assert {share.stage for share in circle.home.ledger.shares("due")} == {"release"}


def test_withheld_shares_are_destroyed(circle: Circle) -> None:
    circle.outputs.decided(circle.hint(output="table", decision=circle.decision("withhold", "0" * 64, key=OWN)))
    states = {(share.stage, share.state) for share in circle.home.ledger.shares_of(RUN, 1, "table")}
    assert states == {("check", "sent"), ("release", "destroyed")}
    assert circle.home.ledger.attempt(RUN, 1).enc_key is None


def test_a_recipient_keeps_only_the_table_that_was_released(circle: Circle) -> None:
    released = circle.decision("release", hash_of(circle, [40, 0]), key=OWN)
    with pytest.raises(Refused, match="not give the table"):
        circle.outputs.receive(circle.hint(output="table", decision=released, shares=circle.shares([41, 0])))
    assert circle.home.ledger.results("release") == [] == circle.own("received")
    circle.outputs.receive(circle.hint(output="table", decision=released, shares=circle.shares([40, 0])))
    (kept,) = circle.home.ledger.results("release")
    assert kept.state == "to_upload" and circle.own("received")[0]["table_sha256"] == kept.sha256


def test_an_output_that_the_contract_does_not_have_is_refused(circle: Circle) -> None:
    with pytest.raises(Refused):
        circle.outputs.check(circle.hint(output="other", shares=[]))


def test_a_decision_before_everybody_opened_moves_nothing(make_home: Callable[..., Home]) -> None:
    early = Circle(make_home(OWN))
    early.compute()
    checker = early.agreed.contract.specification.outputs[0].checker
    with pytest.raises(Refused, match="before every party"):
        early.outputs.decided(early.hint(output="table", decision=early.decision("release", "0" * 64, key=checker)))
    early.engines.stop_all()
    assert early.home.ledger.shares("due") == []


def test_only_the_checker_checks_and_only_a_recipient_receives(make_home: Callable[..., Home]) -> None:
    """gemeenten only computes here, whatever the platform hands it."""
    other = Circle(make_home(OWN))
    other.compute()
    other.send()
    checker = other.agreed.contract.specification.outputs[0].checker
    with pytest.raises(Refused, match="does not check"):
        other.outputs.check(other.hint(output="table", shares=other.shares([40, 0])))
    decision = other.decision("release", hash_of(other, [40, 0]), key=checker)
    with pytest.raises(Refused, match="does not receive"):
        other.outputs.receive(other.hint(output="table", decision=decision, shares=other.shares([40, 0])))
    other.engines.stop_all()
    ledger = other.home.ledger
    assert ledger.results("check") == ledger.results("release") == []
    assert other.own("withhold") == other.own("received") == []


def test_the_key_of_an_attempt_goes_when_the_last_share_went(make_home: Callable[..., Home]) -> None:
    """Also at a station that receives nothing, and so hears nothing more."""
    computes = Circle(make_home(OWN))
    computes.compute()
    computes.send()
    checker = computes.agreed.contract.specification.outputs[0].checker
    decision = computes.decision("release", "0" * 64, key=checker)
    computes.outputs.decided(computes.hint(output="table", decision=decision))
    computes.engines.stop_all()
    ledger = computes.home.ledger
    for share in ledger.shares("due"):
        assert ledger.attempt(RUN, 1).state == "opened"
        ledger.share_sent(share)
    computes.outputs.end_what_is_done()
    assert (ledger.attempt(RUN, 1).state, ledger.attempt(RUN, 1).enc_key) == ("ended", None)


def test_a_checker_keeps_its_key_until_it_decided(circle: Circle) -> None:
    circle.outputs.end_what_is_done()
    assert circle.home.ledger.attempt(RUN, 1).state == "opened"
