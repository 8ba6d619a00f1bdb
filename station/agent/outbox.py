"""What is stored and has to go: own statements in order, then sealed shares, then tables. Safe to repeat."""

from __future__ import annotations

import json

from station.agent.platform import Platform
from station.home import Home
from station.reasons import Reason, Refused


def flush(home: Home, platform: Platform) -> list[Reason]:
    """Sends everything that is due; returns why the platform refused what it refused. Raises Away to try later."""
    ledger, refusals = home.ledger, []
    for statement in ledger.statements(sent="due"):
        try:
            platform.state(statement.jws)
            ledger.mark(statement, "sent")
        except Refused as refusal:
            ledger.mark(statement, "refused")
            refusals.extend(refusal.reasons)
    for share in ledger.shares("due"):
        try:
            platform.share(
                share.run, share.attempt, stage=share.stage, output=share.output, to=share.receiver, jwe=share.jwe or ""
            )
        except Refused as refusal:
            refusals.extend(refusal.reasons)
        ledger.share_sent(share)
    for result in ledger.results("release", "to_upload"):
        try:
            platform.result(result.run, result.output, json.loads(result.data))
        except Refused as refusal:
            refusals.extend(refusal.reasons)
        ledger.update_result(result, "received")
    return refusals
