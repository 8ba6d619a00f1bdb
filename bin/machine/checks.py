"""The static checks: a table of name and command."""

import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bin.machine.commands import tail
from bin.machine.paths import PYTHON, ROOT, VAR
from bin.machine.say import line, step, warn

TYPED = ["station", "bin/machine", "*/lifecycle.py", "*/actions.py", "*/actions", "*/disclosure.py"]
OUTPUT_LINES = 60


def failing(environment: Mapping[str, str]) -> list[str]:
    """The names of the checks that fail; what they say goes to standard error."""
    return [name for name, argv in _table().items() if not _passes(name, argv, environment)]


def _table() -> dict[str, list[str]]:
    tool = [str(PYTHON), "-m"]
    bin_directory = PYTHON.parent
    table = {
        "ruff": [*tool, "ruff", "check", "--cache-dir", str(VAR / "ruff"), "."],
        "lint-imports": [str(bin_directory / "lint-imports"), "--cache-dir", str(VAR / "imports")],
        "mypy": [*tool, "mypy", *_typed()],
    }
    if absent := _absent_rooms():
        warn(f"lint-imports is left out: no such room yet: {', '.join(absent)}")
        del table["lint-imports"]
    if (ROOT / "manage.py").exists():
        table["makemigrations --check"] = [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"]
    if (ROOT / "templates").is_dir():
        table["djlint"] = [*tool, "djlint", "--lint", "--quiet", "templates"]
    return table


def _absent_rooms() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms: list[str] = settings["tool"]["importlinter"]["root_packages"]
    return [room for room in rooms if not (ROOT / room / "__init__.py").exists()]


def _typed() -> list[str]:
    found = {path for pattern in TYPED for path in ROOT.glob(pattern) if ".venv" not in path.parts}
    return sorted(str(path.relative_to(ROOT)) for path in found if path.suffix == ".py" or _has_code(path))


def _has_code(directory: Path) -> bool:
    return any(directory.rglob("*.py"))


def _passes(name: str, argv: list[str], environment: Mapping[str, str]) -> bool:
    with step(f"Checking with {name}"):
        done = subprocess.run(
            argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    if done.returncode:
        warn(f"{name} fails:\n{tail(done.stdout, OUTPUT_LINES)}")
    else:
        line(f"  {name}: passed")
    return done.returncode == 0
