"""The demo's data stations: each its own program in its own directory, spoken to only by its own command line.

One command does what two people do in practice (a mandate holder decides, an operator signs): they are invented."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from accounts.models import Organisation
from computations.actions import enrolment_token
from demo import cast
from demo.own_data import Plan
from station.specification import Input, Specification

START_MARK = "start"  # whoever supervises the instance starts a station whose directory holds this file
PATIENCE = 60  # seconds for one command
PORTS = range(20_000, 32_000)


class CommandFailed(Exception):
    """A station refused a command; its own words are the message."""


@dataclass(frozen=True)
class Station:
    """A station by its directory; its name is the organisation's key."""

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


Fill = Callable[[Station], None]


def set_up(organisations: Iterable[str], homes: Path, platform: str, fill: Fill) -> dict[str, Station]:
    """Initialises, enrols and fills a station per organisation, and marks it as fit to start. Twice does it once."""
    stations = {organisation: Station(homes / organisation) for organisation in organisations}
    new = [station for station in stations.values() if not (station.home / START_MARK).exists()]
    tokens = {station.organisation: _token(station.organisation) for station in new}
    at_once(partial(_prepare, station, platform, tokens[station.organisation], fill) for station in new)
    return stations


def fill(plan: Plan, station: Station) -> None:
    """What the partner of this station allows, demands and contributes."""
    _allow(station, plan.specification)
    if station.organisation in plan.least_k:
        _demand(station, plan.least_k[station.organisation])
    for entry in plan.specification.inputs_of(station.organisation):
        add_dataset(station, entry, plan.files[station.organisation])


def at_once(commands: Iterable[Callable[[], Any]]) -> None:
    """Several stations at the same time, as in practice; the first failure is told when all are done."""
    with ThreadPoolExecutor(max_workers=3) as workers:
        waiting = [workers.submit(command) for command in commands]
    for done in waiting:
        done.result()


def add_dataset(station: Station, entry: Input, file: Path) -> None:
    """Registers a file with all columns of an input."""
    station("dataset", "add", str(file), "--schema", str(_schema(station, entry)), "--replace")


def add_synthetic(station: Station, entry: Input, rows: dict[str, int]) -> None:
    """The station invents the rows itself: ``rows`` of them, with ids from a ``population``."""
    key = next(column.name for column in entry.columns if column.use == "join_key")
    schema = _schema(station, entry, synthetic={**rows, "join_key": key})
    station("dataset", "add", str(schema), "--synthetic", "--replace")


def _schema(station: Station, entry: Input, **more: Any) -> Path:
    """What the station declares about the dataset behind an input, as a file."""
    columns = [
        column.model_dump(mode="json", include={"name", "type", "description", "data_class"})
        for column in entry.columns
    ]
    document = {"dataset": entry.dataset, "description": entry.subject_category.model_dump(), "columns": columns}
    schema = station.home / f"schema-{entry.dataset}.yaml"
    schema.write_text(yaml.safe_dump({**document, **more}, allow_unicode=True, sort_keys=False), "utf-8")
    return schema


def _token(organisation: str) -> str:
    by = cast.person(organisation, "data_steward")
    return enrolment_token(organisation=Organisation.objects.get(slug=organisation), by=by)


def _prepare(station: Station, platform: str, token: str, fill: Fill) -> None:
    """One that was interrupted here starts again, with a new key."""
    shutil.rmtree(station.home, ignore_errors=True)
    station.home.mkdir(mode=0o700, parents=True)
    listen = f"127.0.0.1:{_free_port()}"
    station("init", "--organisation", station.organisation, "--platform", platform, "--listen", listen)
    station("enroll", "--token", token)
    fill(station)
    (station.home / START_MARK).touch()


def _allow(station: Station, spec: Specification) -> None:
    """The partner allows this analysis on this engine and no other, in the station's own policy."""
    policy = station.home / "policy.toml"
    text = re.sub(r"(?m)^analyses = .*$", f'analyses = ["{spec.analysis}"]', policy.read_text("utf-8"))
    policy.write_text(re.sub(r"(?m)^engines = .*$", f'engines = ["{spec.engine}"]', text), "utf-8")


def _demand(station: Station, least_k: int) -> None:
    """The partner's own threshold in the station's own policy."""
    policy = station.home / "policy.toml"
    policy.write_text(re.sub(r"(?m)^least_k = \d+$", f"least_k = {least_k}", policy.read_text("utf-8")), "utf-8")


def _free_port() -> int:
    """One that nobody listens on, and that the system does not hand out to connections."""
    for port in random.SystemRandom().sample(PORTS, 200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise CommandFailed("There is no free port for a station.")


def _bare_environment() -> dict[str, str]:
    """A station gets nothing of the platform: no database, no broker, no secret."""
    kept: Sequence[str] = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONUNBUFFERED")
    return {name: os.environ[name] for name in kept if name in os.environ}
