"""What a first run needs, examined one by one; every finding says what to mend."""

from __future__ import annotations

import importlib
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from station import analyses
from station.agent.platform import Away, Platform
from station.home import PRIVATE, Home
from station.reasons import Reason, Refused
from station.transport.meeting import listen

LEAST_DISK = 500 << 20
MOST_SECONDS_OFF = 30
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 (what a steward may have chosen)
NO_SETTINGS = {"home.not_initialised", "home.settings_field", "file.unreadable"}


@dataclass(frozen=True)
class Finding:
    """``what``: a key of messages.yaml. No reasons: it is well."""

    what: str
    reasons: list[Reason]


def examine(home: Home) -> Iterator[Finding]:
    """All findings, in the order in which a person mends them; without settings there is nothing more to find."""
    settings = _finding(home, *CHECKS[0])
    yield settings
    if not any(reason.code in NO_SETTINGS for reason in settings.reasons):
        yield from (_finding(home, what, check) for what, check in CHECKS[1:])


def _finding(home: Home, what: str, check: Callable[[Home], Iterator[Reason]]) -> Finding:
    try:
        return Finding(what, list(check(home)))
    except Refused as refusal:
        return Finding(what, refusal.reasons)


def _settings(home: Home) -> Iterator[Reason]:
    home.settings  # noqa: B018 (reading it is the check)
    if home.root.stat().st_mode & PRIVATE:
        yield Reason("home.directory_open", {"path": str(home.root)})


def _key(home: Home) -> Iterator[Reason]:
    home.key  # noqa: B018
    yield from ()


def _policy(home: Home) -> Iterator[Reason]:
    for analysis in home.policy.analyses:
        if analysis != "*":
            analyses.get(analysis)
    yield from ()


def _ledger(home: Home) -> Iterator[Reason]:
    if not home.ledger.chain_holds():
        yield Reason("ledger.changed")


def _pins(home: Home) -> Iterator[Reason]:
    for sha256 in home.ledger.contracts():
        contract = home.ledger.contract(sha256)
        if contract is not None:
            yield from home.pins.reasons(contract)


def _datasets(home: Home) -> Iterator[Reason]:
    """Every file by its own schema, and as the contracts that hold today use it."""
    for dataset in home.datasets.all():
        try:
            dataset.check()
        except Refused as refusal:
            yield from refusal.reasons
        if dataset.generated_sha256 and not dataset.synthetic:
            yield Reason("dataset.not_synthetic", {"dataset": dataset.schema.dataset})
    for sha256 in home.ledger.contracts():
        contract = home.ledger.contract(sha256)
        if contract is not None and contract.valid_on(date.today(), home.organisation):
            for entry in contract.specification.inputs_of(home.organisation):
                yield from home.datasets.row_reasons(entry)


def _platform(home: Home) -> Iterator[Reason]:
    platform = Platform(home.settings.platform, home.key, home.organisation)
    try:
        platform.work()
    except Away:
        yield Reason("doctor.platform_away", {"address": home.settings.platform})
        return
    except Refused as refusal:
        yield from refusal.reasons
    if abs(platform.offset) > MOST_SECONDS_OFF:
        yield Reason("doctor.clock", {"seconds": round(platform.offset)})


def _port(home: Home) -> Iterator[Reason]:
    place = (home.settings.listen_host, home.settings.listen_port)
    facts: dict[str, str | int] = {"host": place[0], "port": place[1]}
    if place[0] in ANYWHERE and home.settings.address is None:
        yield Reason("doctor.no_address", facts)
    try:
        with listen(*place):
            if home.settings.address:
                host, _, port = home.settings.address.rpartition(":")
                yield from _reach(host, int(port))
    except Refused:
        yield Reason("doctor.port_taken", facts)


def _reach(host: str, port: int) -> Iterator[Reason]:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        yield Reason("doctor.not_reachable", {"host": host, "port": port})


def _engine(_home: Home) -> Iterator[Reason]:
    for module in ("numpy", "cryptography", "duckdb", "station.engine.mpc"):
        try:
            found = importlib.import_module(module)
            if module == "station.engine.mpc":
                found.load()
        except Exception:
            yield Reason("doctor.engine", {"module": module})


def _disk(home: Home) -> Iterator[Reason]:
    free = shutil.disk_usage(home.root).free
    if free < LEAST_DISK:
        yield Reason("doctor.disk", {"mebibytes": free >> 20, "least": LEAST_DISK >> 20})


CHECKS: list[tuple[str, Callable[[Home], Iterator[Reason]]]] = [
    ("check_settings", _settings),
    ("check_key", _key),
    ("check_policy", _policy),
    ("check_ledger", _ledger),
    ("check_pins", _pins),
    ("check_datasets", _datasets),
    ("check_platform", _platform),
    ("check_port", _port),
    ("check_engine", _engine),
    ("check_disk", _disk),
]
