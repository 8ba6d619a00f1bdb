"""``result show`` and ``result list``: results that name persons or cases, opened at this station alone."""

from __future__ import annotations

import argparse
import json
from datetime import date

from station.cli.words import Voice
from station.home import Home
from station.reasons import Refused


def show(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """What it is for and until when it may be kept stands above it, each time it is opened."""
    expire(home, voice)
    found = [(stamp, records) for stamp, records in home.records.all() if stamp.run.startswith(given.id or "")]
    if not found:
        raise Refused("records.none_here")
    if given.json:
        print(json.dumps([{**stamp.__dict__, "records": records} for stamp, records in found], ensure_ascii=False))
        return
    for stamp, records in found:
        voice.say("result_head", **stamp.__dict__, number=len(records))
        voice.say("result_purpose", purpose=stamp.purpose, use=stamp.use)
        for record in records:
            print("  ".join(map(str, record)) if isinstance(record, list) else record)


def listing(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    expire(home, voice)
    for stamp, records in home.records.all():
        voice.say("result_head", **stamp.__dict__, number=len(records))
    for deletion in home.ledger.deletions():
        voice.say("result_deleted", **deletion)


def expire(home: Home, voice: Voice) -> None:
    for stamp in home.records.expire(home.ledger, date.today()):
        voice.say("result_over", run=stamp.run, output=stamp.output)
