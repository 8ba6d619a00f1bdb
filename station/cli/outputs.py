"""``output show``, ``output release`` and ``output withhold``."""

from __future__ import annotations

import argparse
import json
import time

from station.agent.hints import read_hint, read_work
from station.agent.outbox import flush
from station.agent.outputs import Outputs
from station.agent.platform import Away
from station.cli.setting_up import platform_of
from station.cli.words import Voice
from station.home import Home
from station.ledger.results import Result
from station.reasons import Refused
from station.rendering import render_table


def show(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    fetch_waiting(home, voice)
    results = _matching(home, given.id or "")
    if not results:
        raise Refused("output.none_here")
    if given.json:
        print(json.dumps([{"run": r.run, "output": r.output, "state": r.state, "table": _table(r)} for r in results]))
        return
    for result in results:
        _print(voice, result)


def decide(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """Signs the decision over the hash of the very table that was shown here."""
    fetch_waiting(home, voice)
    result = _waiting(home, given.id, given.output)
    attempt = home.ledger.attempt(result.run, result.attempt)
    if attempt is None or attempt.session is None:
        raise Refused("output.none_here")
    _print(voice, result)
    payload = {
        "contract": attempt.contract, "organisation": home.organisation, "run": result.run, "attempt": result.attempt,
        "session": attempt.session, "output": result.output, "table_sha256": result.sha256,
        "reasons": given.reasons or voice.ask("ask_reasons"), "checked_by": given.function or voice.ask("ask_checker"),
        "at": int(time.time()),
    }  # fmt: skip
    with home.ledger.together():
        if home.ledger.result(result.run, result.output, "check") != result:
            raise Refused("output.none_waiting")  # decided or cancelled while this one was being typed
        home.ledger.record(given.kind, payload, home.key)
        if given.kind == "release":
            home.ledger.update_result(result, "released")
        else:
            home.ledger.forget_result(result)
    voice.say(f"decided_{given.kind}", run=result.run, output=result.output)
    try:
        if refusals := flush(home, platform_of(home)):
            raise Refused(*refusals)
    except Away:
        voice.say("sent_later")


def fetch_waiting(home: Home, voice: Voice) -> None:
    """Tables that came in for a check and that the station at work has not put together yet. Doing it twice does it
    once; without the platform, what is here already is what there is."""
    outputs = Outputs(home)
    try:
        hints, _doorbell = read_work(platform_of(home).work())
        for hint in map(read_hint, hints):
            if hint["type"] == "check":
                outputs.check(hint)
    except (Away, LookupError, TypeError, ValueError):  # nothing that the platform says stops what can be done here
        return
    except Refused as refusal:
        voice.refuse(refusal.reasons)


def _waiting(home: Home, beginning: str, output: str | None) -> Result:
    found = [r for r in home.ledger.results("check", "waiting") if r.run.startswith(beginning)]
    found = [r for r in found if output in (None, r.output)]
    if len(found) != 1:
        raise Refused("output.none_waiting" if not found else "output.several")
    return found[0]


def _print(voice: Voice, result: Result) -> None:
    voice.say("output_head", run=result.run, output=result.output, state=result.state, sha256=result.sha256)
    if table := _table(result):
        print(render_table(table, voice.language))
        voice.say("output_suppressed", number=table["suppressed"])


def _matching(home: Home, beginning: str) -> list[Result]:
    found = home.ledger.results("check") + home.ledger.results("release")
    return [result for result in found if result.run.startswith(beginning)]


def _table(result: Result) -> dict[str, object] | None:
    return json.loads(result.data) if result.data else None
