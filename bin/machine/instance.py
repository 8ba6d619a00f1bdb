"""One running NICPET: a directory under var/ with its own database, broker, secret, ports and logs.
Several live side by side."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bin.machine import outer, pango, ports, private, venv
from bin.machine.paths import VAR, VENV
from bin.machine.postgres import Postgres
from bin.machine.processes import Household
from bin.machine.project import SETTINGS
from bin.machine.say import step
from bin.machine.valkey import Valkey

SERVERS = ("PostgreSQL", "Valkey")


@dataclass
class Instance:
    directory: Path
    web_port: int
    doorbell_port: int
    durable: bool = True  # False: fast and forgettable, for tests and single runs
    outer_servers: bool = True  # whether DATABASE_URL and REDIS_URL are followed
    household: Household = field(default_factory=Household)
    _adopted: list[Postgres] = field(default_factory=list)
    _urls: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.directory.mkdir(mode=0o755, parents=True, exist_ok=True)

    @property
    def logs(self) -> Path:
        return self.directory / "logs"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def start_servers(self) -> None:
        for variable, name, start in (
            ("DATABASE_URL", "PostgreSQL", self._start_postgres),
            ("REDIS_URL", "Valkey", self._start_valkey),
        ):
            if self.outer_servers and os.environ.get(variable):
                outer.ask(variable, name)
                self._urls[variable] = os.environ[variable]
                continue
            with step(f"Starting {name}"):
                self._urls[variable] = start()

    def environment(self) -> dict[str, str]:
        """What every program of this instance gets."""
        return {
            **venv.environment(),
            **pango.environment(),
            **self._urls,
            "PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "NICPET_DEMO": "1",
            "NICPET_SECOND_FACTOR": "offered",  # its people are invented: a password is enough to try them
            "NICPET_SECRET_KEY": self._secret(),
            "NICPET_VAR": str(self.directory),
            "NICPET_BASE_URL": self.address,
            "NICPET_DOORBELL_URL": f"http://127.0.0.1:{self.doorbell_port}",
        }

    def stop(self) -> None:
        """Programs first, then the servers under them."""
        servers = [child for child in self.household.children if child.name in SERVERS]
        Household([child for child in self.household.children if child not in servers]).stop()
        Household(servers).stop()
        self.household.children.clear()
        for postgres in self._adopted:
            postgres.stop_adopted()
        self._adopted.clear()

    def erase(self, *, keep: tuple[str, ...] = ()) -> None:
        """Throws the instance's data away, except what is named."""
        private.forget(self.directory)
        for path in self.directory.iterdir():
            if path.name in keep:
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def _start_postgres(self) -> str:
        postgres = Postgres(self.directory, self.logs / "postgres.log", self.durable)
        if child := postgres.start():
            self.household.add(child)
        else:
            self._adopted.append(postgres)
        return postgres.url

    def _start_valkey(self) -> str:
        valkey = Valkey(self.directory, self.logs / "valkey.log")
        self.household.add(valkey.start())
        return valkey.url

    def _secret(self) -> str:
        """The same over restarts; readable by the owner alone."""
        file = self.directory / "secret"
        if not file.exists():
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
                opened.write(secrets.token_urlsafe(50))
        return file.read_text()


@contextmanager
def passing(purpose: str, *, outer_servers: bool = True) -> Iterator[Instance]:
    """A private one with only its servers, so that two calls do not meet. Its logs stay when one fails to start."""
    VAR.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=VAR))
    directory.chmod(0o755)
    instance = Instance(directory, ports.any_free(), ports.any_free(), durable=False, outer_servers=outer_servers)
    try:
        instance.start_servers()
        yield instance
    finally:
        instance.stop()
    instance.erase()
    shutil.rmtree(directory)
