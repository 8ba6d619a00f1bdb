"""What a platform may say: anything; what becomes of it: nothing, unless it has the agreed form."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from station.agent.hints import beside, read_hint, read_work
from station.agent.loop import Agent
from station.agent.platform import Platform
from station.home import Home
from station.reasons import Reason, Refused
from tests.station.agent.circle import OWN, RUN
from tests.station.hostile import HostilePlatform

WRONG: list[Any] = [
    None, "go", 7, [], {}, {"type": 1}, {"type": "prepare", "run": "../../etc", "attempt": 1, "slot": 1},
    {"type": "prepare", "run": RUN, "attempt": 4, "slot": 1}, {"type": "prepare", "run": RUN, "attempt": True},
    {"type": "prepare", "run": RUN, "attempt": 1, "slot": 2**70}, {"type": "go", "run": RUN, "readys": [1]},
    {"type": "send", "run": RUN, "attempt": 1, "opens": ["x"] * 21}, {"type": "check", "shares": [{"from": "kvk"}]},
    {"type": "contract", "contract": "0" * 63},
]  # fmt: skip
SHORT: list[Any] = [
    {"type": "prepare"}, {"type": "cancel", "run": RUN}, {"type": "contract"}, {"type": "unheard-of"},
    {"type": "go", "run": RUN, "attempt": 1, "readys": ["a", "a.b", "a.b.c"]},
]  # fmt: skip


@pytest.mark.parametrize("hint", WRONG)
def test_a_hint_of_another_form_is_refused(hint: Any) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_hint(hint)


def test_a_hint_keeps_what_is_known_of_it() -> None:
    shares = [{"from": "kvk", "jwe": "sealed"}]
    given = {"type": "check", "run": RUN, "attempt": 1, "output": "table", "shares": shares}
    assert read_hint(given | {"of tomorrow": 1}) == given


@pytest.mark.parametrize(
    "answer", [{"hints": None}, {"hints": {}}, {"doorbell": "http://elsewhere"}, {"doorbell": {"url": 1}}]
)
def test_work_of_another_form_is_refused(answer: Any) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_work(answer)


@pytest.mark.parametrize(
    ("doorbell", "good"),
    [
        ("https://nicpet.example/bell/x", True), ("http://nicpet.example:8001/x", True), ("https://10.0.0.1/x", False),
        ("https://nicpet.example.evil/x", False), ("https://nicpet.example@10.0.0.1/x", False),
        ("file:///etc/passwd", False), ("", False), ("https://[", False),
    ],
)  # fmt: skip
def test_a_doorbell_hangs_beside_the_platform(doorbell: str, good: bool) -> None:
    """Or a platform could have stations knock inside their own networks."""
    assert beside("https://nicpet.example/nicpet", doorbell) is good


@pytest.fixture
def agent(make_home: Callable[..., Home], hostile: HostilePlatform) -> Iterator[Agent]:
    home = make_home(OWN, platform=hostile.address)
    made = Agent(home, Platform(home.settings.platform, home.key, OWN), lambda *_: None)
    yield made
    made.engines.stop_all()


@pytest.mark.parametrize(
    "work", [{"hints": 5}, {"hints": [*WRONG, *SHORT]}, {"doorbell": 5}, {"hints": ["x"], "doorbell": {}}]
)
def test_nothing_the_platform_answers_ends_the_agent(agent: Agent, hostile: HostilePlatform, work: Any) -> None:
    hostile.says["GET", "work"] = (200, work)
    try:
        agent._ask()
    except Refused as refusal:
        assert [reason.code for reason in refusal.reasons] == ["platform.unreadable"]
    assert not agent.engines.busy() and not agent.home.ledger.attempts("preparing", "ready", "computing")


def test_a_refusal_while_an_engine_speaks_ends_the_engine_and_not_the_agent(agent: Agent) -> None:
    """As when the policy cannot be read any more."""

    def refuses(*_: Any) -> bool:
        raise Refused("file.unreadable", path="policy.toml")

    said: list[Reason] = []
    agent._heard, agent.report = refuses, lambda _what, facts: said.append(facts["reason"])
    agent.engines.start((RUN, 1), {"contract": {}})
    agent.events.put(("engine", (RUN, 1), {"is": "prepared"}))
    agent._listen(time.monotonic() + 5)
    assert [reason.code for reason in said] == ["file.unreadable"] and not agent.engines.busy()
