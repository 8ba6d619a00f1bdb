"""``init``, ``enroll`` and ``doctor``."""

from __future__ import annotations

import argparse
import time

from pydantic import ValidationError

from station.agent.platform import Platform
from station.cli.doctor import examine
from station.cli.words import Voice
from station.contract.contract import validation_reasons
from station.contract.signatures import public, sign, thumbprint
from station.home import Home, Settings, initialise
from station.reasons import Refused

VERSION = "1"


def platform_of(home: Home) -> Platform:
    return Platform(home.settings.platform, home.key, home.organisation)


def init(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    host, _, port = given.listen.rpartition(":")
    values = {
        "organisation": given.organisation, "platform": given.platform, "language": given.language,
        "listen_host": host, "listen_port": int(port) if port.isdigit() else port, "address": given.address,
    }  # fmt: skip
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise Refused(*validation_reasons("home.settings_field", error)) from error
    made = initialise(home.root, settings)
    voice.say("initialised", path=made.root, thumbprint=thumbprint(made.key))


def enroll(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    token = given.token or voice.ask("ask_token")
    payload = {
        "organisation": home.organisation, "token": token, "signing_key": public(home.key),
        "version": VERSION, "at": int(time.time()),
    }  # fmt: skip
    answer = platform_of(home).enrol(sign("enrolment", payload, home.key))
    voice.say("enrolled", organisation=answer.get("organisation", home.organisation), thumbprint=thumbprint(home.key))


def doctor(home: Home, voice: Voice, given: argparse.Namespace) -> int:
    """Exit code 1 when something has to be mended first."""
    sick = 0
    for finding in examine(home):
        voice.say("doctor_well" if not finding.reasons else "doctor_sick", what=voice.text(finding.what))
        for reason in finding.reasons:
            sick += 1
            voice.line(f"    {reason.text(voice.language)}")
    voice.say("doctor_done" if not sick else "doctor_mend", number=sick)
    return 1 if sick else 0
