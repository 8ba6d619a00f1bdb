"""The programs of an instance: a name, a command, and what tells that it is of use."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bin.machine import ports
from bin.machine.paths import PYTHON

PYTHON_M = (str(PYTHON), "-m")
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  only probed
START_MARK = "start"  # a station's directory that holds a file of this name is started


@dataclass(frozen=True)
class Program:
    name: str
    argv: tuple[str, ...]
    ready: Callable[[], bool] | None = None
    seconds: float = 60.0  # how long it may take to be ready


def web(port: int) -> Program:
    heartbeat = ("--worker-tmp-dir", str(SHARED_MEMORY)) if shared_memory_works() else ()
    options = ("--bind", f"{ports.HOST}:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "8")
    argv = (*PYTHON_M, "gunicorn", "nicpet.wsgi", *options, *heartbeat, "--no-control-socket")
    return Program("web", argv, lambda: ports.answers(port))


def worker() -> Program:
    """Processes need shared memory; where there is none, threads do."""
    pool = "prefork" if shared_memory_works() else "threads"
    options = ("--pool", pool, "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    return Program("worker", (*PYTHON_M, "celery", "-A", "nicpet", "worker", *options))


def beat(directory: Path) -> Program:
    options = ("--schedule", str(directory / "beat-schedule"), "--pidfile=", "--loglevel", "WARNING")
    return Program("beat", (*PYTHON_M, "celery", "-A", "nicpet", "beat", *options))


def doorbell(port: int) -> Program:
    return Program("doorbell", (str(PYTHON), "manage.py", "doorbell"), lambda: ports.answers(port))


def station(home: Path) -> Program:
    return Program(f"station-{home.name}", (*PYTHON_M, "station", "--home", str(home), "run"))


def stations(directory: Path) -> list[Program]:
    """Those that the demo marked as fit to start. It may mark more at any time."""
    return [station(mark.parent) for mark in sorted(directory.glob(f"*/{START_MARK}"))]


def shared_memory_works() -> bool:
    try:
        with tempfile.TemporaryFile(dir=SHARED_MEMORY):
            return True
    except OSError:
        return False
