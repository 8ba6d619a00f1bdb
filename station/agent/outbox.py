"""What is stored and has to go: own statements in order, then sealed shares, then tables. Safe to repeat.

Once is enough to lose a revocation for good, so only an answer about the statement itself ends the trying.
"""

from __future__ import annotations

import json

from station.agent.platform import Platform
from station.home import Home
from station.reasons import Reason, Refused

ABOUT_THE_CALL = ("request.", "platform.")
"""A wrong clock, a proxy's page: the statement itself was not looked at, so it is not refused."""


def flush(home: Home, platform: Platform) -> list[Reason]:
    """Sends everything that is due; returns why the platform refused what it refused. Raises Away to try later."""
    ledger, refusals = home.ledger, []
    for statement in ledger.statements(sent="due"):
        try:
            platform.state(statement.jws)
            ledger.mark(statement, "sent")
        except Refused as refusal:
            refusals.extend(refusal.reasons)
            if _looked_at(refusal):
                ledger.mark(statement, "refused")
    for share in ledger.shares("due"):
        try:
            platform.share(
                share.run, share.attempt, stage=share.stage, output=share.output, to=share.receiver, jwe=share.jwe or ""
            )
        except Refused as refusal:
            refusals.extend(refusal.reasons)
            if not _looked_at(refusal):
                continue
        ledger.share_sent(share)
    for result in ledger.results("release", "to_upload"):
        try:
            platform.result(result.run, result.output, json.loads(result.data))
        except Refused as refusal:
            refusals.extend(refusal.reasons)
            if not _looked_at(refusal):
                continue
        ledger.update_result(result, "received")
    return refusals


def _looked_at(refusal: Refused) -> bool:
    """Whether the platform refused what was sent, and not only the call; what it did not look at stays due."""
    return not all(reason.code.startswith(ABOUT_THE_CALL) for reason in refusal.reasons)
