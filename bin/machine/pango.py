"""Pango, which WeasyPrint needs to lay out PDF. Without it everything but PDF works."""

import os

from bin.machine import debian
from bin.machine.commands import succeeds
from bin.machine.paths import DEBIAN, PYTHON
from bin.machine.say import Trouble, step, warn

PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"]
OWN = DEBIAN / "pango"
WITHOUT = (
    "PDF is off: the libraries of Pango are missing. Everything else works. "
    f"An administrator can install: {' '.join(PACKAGES)}"
)


def ensure() -> bool:
    """Whether PDF can be made afterwards. Never stops the set-up."""
    if _loads():
        return True
    try:
        if debian.may_install():
            with step("Installing Pango, for PDF"):
                debian.install(PACKAGES)
        elif debian.present():
            with step("Unpacking Pango privately, for PDF"):
                debian.unpack(PACKAGES, name=OWN.name)
    except Trouble as trouble:
        warn(f"{trouble}")
    if _loads():
        return True
    warn(WITHOUT)
    return False


def environment() -> dict[str, str]:
    """What programs need to find a private Pango; empty where the system has one."""
    return debian.libraries(OWN)


def _loads() -> bool:
    program = f"import ctypes; [ctypes.CDLL(name) for name in {LIBRARIES}]"
    return succeeds([PYTHON, "-c", program], env={**os.environ, **environment()})
