"""What the project itself makes at set-up: compiled translations and collected static files."""

import os
from pathlib import Path

from bin.machine import stamps
from bin.machine.commands import run
from bin.machine.paths import PYTHON, ROOT, VAR
from bin.machine.say import step

SETTINGS = "nicpet.settings"
FOR_SET_UP = {
    "DATABASE_URL": "postgresql:///none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "NICPET_SECRET_KEY": "set-up only: nothing is signed with this key and nothing is started with it",
    "NICPET_BASE_URL": "http://127.0.0.1:8000",
    "NICPET_DOORBELL_URL": "http://127.0.0.1:8001",
    "NICPET_VAR": str(VAR / "setup"),
    "NICPET_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": SETTINGS,
}


def compile_translations() -> None:
    """.po to .mo with Babel, so that no gettext tools are needed."""
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with step(f"Compiling the translations of {source.parents[1].name}"):
            run(
                [PYTHON, "-m", "babel.messages.frontend", "compile", "-i", source, "-o", compiled],
                failing=f"{source.relative_to(ROOT)} could not be compiled.",
                mend="Mend the lines that the message names.",
            )


def collect_static() -> None:
    """Needs neither database nor broker: the addresses above lead nowhere and are never used."""
    if not (ROOT / "manage.py").exists():
        return
    served = [path for folder in _static_folders() for path in sorted(folder.rglob("*")) if path.is_file()]
    wanted = stamps.digest(*served, ROOT / "requirements.txt")
    if stamps.fresh("static", wanted, VAR / "stamps") and (ROOT / "staticfiles").is_dir():
        return
    with step("Collecting the static files"):
        run(
            [PYTHON, "manage.py", "collectstatic", "--noinput", "--clear"],
            failing="The static files could not be collected.",
            env={**os.environ, **FOR_SET_UP},
        )
    stamps.put("static", wanted, VAR / "stamps")


def _static_folders() -> list[Path]:
    return [folder for folder in (ROOT / "static", *sorted(ROOT.glob("*/static"))) if folder.is_dir()]
