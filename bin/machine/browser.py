"""Chromium for the browser tests: the system's, else installed as root, else unpacked privately."""

import os
import shutil
import tempfile

from bin.machine import debian
from bin.machine.commands import succeeds
from bin.machine.paths import DEBIAN
from bin.machine.say import Trouble, step

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ["chromium", "chromium-common"]
OWN = DEBIAN / "chromium"
MISSING = (
    "The browser tests need Chromium, and it could not be had. "
    "Install the package chromium, or leave them out with --no-browser."
)


def ensure() -> dict[str, str]:
    """Environment for the tests: NICPET_CHROMIUM and where its libraries are. Trouble when there is none."""
    found = find()
    if not found:
        _get()
        found = find()
    if not found:
        raise Trouble(MISSING)
    return found


def find() -> dict[str, str] | None:
    own = OWN / "usr/lib/chromium/chromium"
    system = next(filter(None, map(shutil.which, NAMES)), None)
    for candidate, extra in ((system, {}), (str(own) if own.exists() else None, debian.libraries(OWN))):
        if candidate and _starts(candidate, extra):
            return {"NICPET_CHROMIUM": candidate, **extra}
    return None


def _get() -> None:
    if debian.may_install():
        with step("Installing Chromium, for the browser tests"):
            debian.install(PACKAGES)
    elif debian.present():
        with step("Unpacking Chromium privately, for the browser tests"):
            debian.unpack(PACKAGES, name=OWN.name)


def _starts(browser: str, extra: dict[str, str]) -> bool:
    """Whether it shows a page, not just its version."""
    show = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--dump-dom",
        "about:blank",
    ]
    with tempfile.TemporaryDirectory() as profile:
        return succeeds([*show, f"--user-data-dir={profile}"], env={**os.environ, **extra}, seconds=60)
