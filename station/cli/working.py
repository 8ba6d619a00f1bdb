"""``run`` and ``status``."""

from __future__ import annotations

import argparse
from typing import Any

from station.agent.loop import Agent
from station.cli.setting_up import platform_of
from station.cli.words import Voice
from station.home import Home
from station.reasons import Reason


def run(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    voice.say("running", organisation=home.organisation, platform=home.settings.platform)
    Agent(home, platform_of(home), lambda what, facts: _tell(voice, what, facts)).run()


def status(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    ledger = home.ledger
    voice.say("status_organisation", organisation=home.organisation, platform=home.settings.platform)
    voice.say("status_counts", contracts=len(ledger.contracts()), datasets=len(home.datasets.all()))
    voice.say("status_statements", number=len(ledger.statements()), due=len(ledger.statements(sent="due")))
    for attempt in ledger.attempts("preparing", "ready", "computing", "opened"):
        voice.say("status_attempt", run=attempt.run, attempt=attempt.attempt, state=attempt.state)
    for result in ledger.results("check", "waiting"):
        voice.say("status_check", run=result.run, output=result.output)


def _tell(voice: Voice, what: str, facts: dict[str, Any]) -> None:
    """A reason is told in the partner's language."""
    said = {name: fact.text(voice.language) if isinstance(fact, Reason) else fact for name, fact in facts.items()}
    voice.say(what, **said)
