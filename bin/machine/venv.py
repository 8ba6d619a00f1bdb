"""The virtual environment in .venv, also where Python comes without ensurepip (Debian without python3-venv)."""

import os
import shutil
import sys
from pathlib import Path

from bin.machine import debian
from bin.machine.commands import run, succeeds
from bin.machine.paths import PYTHON, VENV
from bin.machine.say import Trouble, step

SYSTEM_WHEELS = Path("/usr/share/python-wheels")
NO_PIP = (
    "This Python has neither ensurepip nor pip, and no pip wheel could be had. "
    "Install the package python3-venv (Debian, Ubuntu: apt-get install python3-venv) and start again."
)


def ensure() -> None:
    """An environment that works is kept as it is; one whose Python is gone is made anew."""
    if not succeeds([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        with step(f"Making a virtual environment with Python {sys.version_info[0]}.{sys.version_info[1]}"):
            _create()
    if not succeeds([PYTHON, "-m", "pip", "--version"]) and not uv():
        with step("Adding pip"):
            _add_pip()


def uv() -> str | None:
    """uv is used only where somebody already put it on the path."""
    return shutil.which("uv")


def _create() -> None:
    has_ensurepip = succeeds([sys.executable, "-m", "ensurepip", "--version"])
    options = [] if has_ensurepip else ["--without-pip"]
    run(
        [sys.executable, "-m", "venv", "--clear", *options, VENV],
        failing="The virtual environment .venv could not be made.",
        mend="Check that this directory is writable and has room, and that the package python3-venv is whole.",
    )


def _add_pip() -> None:
    wheel = _pip_wheel(SYSTEM_WHEELS) or _pip_wheel_from_debian()
    if wheel:
        run(
            [PYTHON, wheel / "pip", "install", "--quiet", "--no-index", "--no-deps", wheel],
            failing="pip could not be installed from its own wheel.",
            mend=NO_PIP,
        )
    elif succeeds([sys.executable, "-m", "pip", "--version"]):
        run(
            [sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "pip"],
            failing="pip could not be installed into .venv.",
            mend=NO_PIP,
        )
    else:
        raise Trouble(NO_PIP)


def _pip_wheel(directory: Path) -> Path | None:
    return next(iter(sorted(directory.glob("pip-*.whl"), reverse=True)), None)


def _pip_wheel_from_debian() -> Path | None:
    if not debian.present():
        return None
    try:
        root = debian.unpack(["python3-pip-whl"], name="pip")
    except Trouble:
        return None
    return _pip_wheel(root / SYSTEM_WHEELS.relative_to("/"))


def environment() -> dict[str, str]:
    """The caller's environment without what would make another Python answer."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    return {key: value for key, value in os.environ.items() if key not in hidden}
