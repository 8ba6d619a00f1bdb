"""Engines beside the one that comes along: each in an environment of its own, because its versions are not ours."""

import sys
from pathlib import Path

from bin.machine import stamps, venv
from bin.machine.commands import run, succeeds
from bin.machine.paths import PYTHON, ROOT
from bin.machine.say import step
from bin.machine.wheels import MEND

PLACES = {"spu": ROOT / ".venv-spu"}
ROOM = "It takes 1 GB of disk, and needs Python 3.10 or 3.11 on x86-64 or 64-bit ARM."


def ensure(name: str) -> None:
    """Installs requirements-<name>.txt into that engine's environment unless that was done for exactly this lock."""
    lock, place = ROOT / f"requirements-{name}.txt", PLACES[name]
    python, wanted = place / "bin" / "python", stamps.digest(lock)
    if stamps.fresh(name, wanted, place / "stamps") and succeeds([python, "-I", "-c", "import jax, spu"]):
        return
    with step(f"Installing the engine {name}"):
        run(
            [sys.executable, "-m", "venv", "--clear", "--without-pip", place],
            failing=f"The environment {place.name} could not be made.",
            mend="Check that this directory is writable and has room, and that the package python3-venv is whole.",
        )
        run(
            [*_installer(python), "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", lock],
            failing=f"Installing the engine {name} failed. {ROOM}",
            mend=MEND,
            env=venv.environment(),
        )
    stamps.put(name, wanted, place / "stamps")


def _installer(python: Path) -> list[str]:
    if uv := venv.uv():
        return [uv, "pip", "install", "--python", str(python)]
    return [str(PYTHON), "-m", "pip", "--python", str(python), "install", "--disable-pip-version-check", "--no-input"]
