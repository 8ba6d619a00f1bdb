"""Locked wheels: every file is checked against the hash in the lock, and nothing is compiled."""

from pathlib import Path

from bin.machine import stamps, venv
from bin.machine.commands import run
from bin.machine.paths import PYTHON, ROOT
from bin.machine.say import step

MEND = (
    "Packages come from the index that pip is configured for. Check the connection, a proxy (HTTPS_PROXY), "
    "an own index (pip config set global.index-url ...) and its certificate (PIP_CERT), and start again."
)

# lifelines (test data and reference statistics) needs this one, which is published as source only; it is pure Python.
SOURCES = ("--no-binary", "autograd-gamma")


def ensure(lock: str, what: str) -> None:
    """Installs requirements<lock>.txt into .venv unless that was done for exactly this lock."""
    file = ROOT / f"requirements{lock}.txt"
    wanted = stamps.digest(file)
    if stamps.fresh(file.stem, wanted):
        return
    with step(f"Installing {what}"):
        run(
            [*_installer(), "--require-hashes", "--no-deps", "--only-binary", ":all:", *SOURCES, "-r", file],
            failing=f"Installing {what} failed.",
            mend=MEND,
            env=venv.environment(),
        )
    stamps.put(file.stem, wanted)


def install_apart(lock: str, target: Path, what: str) -> None:
    """Installs a lock into a directory of its own, out of the environment's way."""
    with step(f"Installing {what}"):
        run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:",
             "--upgrade", "--target", target, "-r", ROOT / f"requirements{lock}.txt"],
            failing=f"Installing {what} failed.",
            mend=MEND,
            env=venv.environment(),
        )  # fmt: skip


def _installer() -> list[str]:
    if uv := venv.uv():
        return [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
