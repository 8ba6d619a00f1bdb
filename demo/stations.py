"""The demo's data stations: each its own program in its own directory, spoken to only by its own command line.

One command does what two people do in practice (a mandate holder decides, an operator signs): the people are invented."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from accounts.models import Organisation
from computations.actions import enrolment_token
from demo import cast
from demo.own_data import Plan
from station.specification import Input

START_MARK = "start"  # whoever supervises the instance starts a station whose directory holds this file
PATIENCE = 60  # seconds for one command


class CommandFailed(Exception):
    """A station refused a command; its own words are the message."""


@dataclass(frozen=True)
class Station:
    home: Path

    @property
    def organisation(self) -> str:
        return self.home.name

    def __call__(self, *arguments: str) -> str:
        """Gives one command and returns what the station printed."""
        done = subprocess.run(
            [sys.executable, "-m", "station", "--home", str(self.home), *arguments],
            capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, env=_bare_environment(),
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise CommandFailed(f"station {self.organisation}: {' '.join(arguments[:2])}: {said}")
        return done.stdout


def set_up(plan: Plan, homes: Path, platform: str) -> dict[str, Station]:
    """Initialises, enrols and fills one station per party, and marks it as fit to start. Twice does it once."""
    stations = {party.organisation: Station(homes / party.organisation) for party in plan.specification.parties}
    for organisation, station in stations.items():
        if (station.home / START_MARK).exists():
            continue
        station.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _initialise(station, platform)
        if organisation in plan.least_k:
            _demand(station, plan.least_k[organisation])
        for entry in plan.specification.inputs_of(organisation):
            _add_dataset(station, entry, plan.files[organisation])
        (station.home / START_MARK).touch()
    return stations


def _initialise(station: Station, platform: str) -> None:
    organisation = Organisation.objects.get(slug=station.organisation)
    token = enrolment_token(organisation=organisation, by=cast.person(station.organisation, "data_steward"))
    listen = f"127.0.0.1:{_free_port()}"
    station("init", "--organisation", station.organisation, "--platform", platform, "--listen", listen)
    station("enroll", "--token", token)


def _demand(station: Station, least_k: int) -> None:
    """The partner's own threshold in the station's own policy."""
    policy = station.home / "policy.toml"
    policy.write_text(re.sub(r"(?m)^least_k = \d+$", f"least_k = {least_k}", policy.read_text("utf-8")), "utf-8")


def _add_dataset(station: Station, entry: Input, file: Path) -> None:
    schema = station.home / f"schema-{entry.dataset}.yaml"
    document = {
        "dataset": entry.dataset,
        "description": entry.subject_category.model_dump(),
        "columns": [
            column.model_dump(mode="json", include={"name", "type", "description", "data_class"})
            for column in entry.columns
        ],
    }
    schema.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    station("dataset", "add", str(file), "--schema", str(schema))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _bare_environment() -> dict[str, str]:
    """A station gets nothing of the platform: no database, no broker, no secret."""
    kept: Sequence[str] = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONUNBUFFERED")
    return {name: os.environ[name] for name in kept if name in os.environ}
