"""What has to go, goes: only an answer about the statement itself ends the trying."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from station.agent.outbox import flush
from station.agent.platform import Platform
from station.home import Home
from tests.station.agent.circle import OWN, RUN
from tests.station.hostile import HostilePlatform

CLOCK = {"reasons": [{"code": "request.clock", "facts": {"seconds": 75}}]}
REFUSED = {"reasons": [{"code": "statement.unexpected", "facts": {"type": "revocation", "state": "x"}}]}
SHARES = ("POST", f"runs/{RUN}/attempts/1/shares")


@pytest.fixture
def home(make_home: Callable[..., Home], hostile: HostilePlatform) -> Home:
    """A station with a revocation and a share that have to go."""
    made = make_home(OWN, platform=hostile.address)
    payload = {"contract": "0" * 64, "organisation": OWN, "reason": "invented", "at": int(time.time())}
    made.ledger.record("revocation", payload, made.key)
    made.ledger.keep_share(RUN, 1, "table", "check", "kvk", "sealed")
    made.ledger.shares_due(RUN, 1, "check")
    return made


def sent(home: Home) -> list[tuple[str, str | None]]:
    statements = [(statement.sent, None) for statement in home.ledger.statements()]
    return [*statements, *((share.state, share.jwe) for share in home.ledger.shares_of(RUN, 1, "table"))]


@pytest.mark.parametrize(("status", "answer"), [(401, CLOCK), (404, {}), (403, {"detail": "a proxy's page"})])
def test_what_was_not_looked_at_stays_due(home: Home, hostile: HostilePlatform, status: int, answer: Any) -> None:
    """A wrong clock or a proxy must not lose a revocation, or destroy a share, for good."""
    hostile.says["POST", "statements"] = hostile.says[SHARES] = (status, answer)
    platform = Platform(home.settings.platform, home.key, OWN)
    assert flush(home, platform)
    assert sent(home) == [("due", None), ("due", "sealed")]
    hostile.says["POST", "statements"] = hostile.says[SHARES] = (200, {})
    assert flush(home, platform) == []
    assert sent(home) == [("sent", None), ("sent", None)]


def test_what_was_refused_is_not_sent_again(home: Home, hostile: HostilePlatform) -> None:
    hostile.says["POST", "statements"] = hostile.says[SHARES] = (409, REFUSED)
    flush(home, Platform(home.settings.platform, home.key, OWN))
    assert sent(home) == [("refused", None), ("sent", None)]
