"""The whole road of an example on an instance of its own, timed from outside: what is not the engine's own time."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from bench.engines import ROOT
from bench.processes import Watch

STATES = ("queued", "preparing", "running")


class NotReleased(Exception):
    """The road did not reach its end."""


@dataclass(frozen=True)
class Road:
    """Seconds; ``mib`` is the most that web server and worker held together (PSS)."""

    TARGET_SECONDS: ClassVar[float] = 1.0
    TARGET_MIB: ClassVar[int] = 350

    start_to_checking: float
    slowest_engine: float
    mib: float
    phases: dict[str, float]

    @property
    def overhead(self) -> float:
        return self.start_to_checking - self.slowest_engine

    def document(self) -> dict[str, Any]:
        return asdict(self) | {"overhead": self.overhead}


def walk(name: str = "kvk") -> Road:
    """Raises NotReleased with what the run said."""
    command = [sys.executable, str(ROOT / "bin/demo"), "--run", name, "--json", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, Watch(process.pid, _counts) as watch:
        output, _ = process.communicate()
    if process.returncode:
        raise NotReleased(f"bin/demo --run {name} ended with code {process.returncode}")
    phases = json.loads(output)["phases"]
    engines = [seen for seen in watch.seen.values() if "station.engine" in seen.command]
    return Road(
        start_to_checking=round(sum(phases.get(f"run_{state}", 0.0) for state in STATES), 3),
        slowest_engine=round(max(seen.last - seen.started for seen in engines), 3),
        mib=round(watch.most_mib), phases=phases,
    )  # fmt: skip


def _counts(command: str) -> bool:
    return "gunicorn" in command or ("celery" in command and " worker" in command)
