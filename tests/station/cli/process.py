"""The station's command line as a process of its own, as a data steward gives a command."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
KEPT = ("PATH", "LANG", "TMPDIR", "VIRTUAL_ENV")
PATIENCE = 120

# A server that has the program loaded and forks a fresh process per command: the same process, without a second of
# imports each time.
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["station.cli", "tests.station.cli.process"])


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Station:
    """One station directory; ``station("sign", ...)`` gives a command."""

    root: Path

    def __call__(self, *arguments: str, typed: str = "", **environment: str) -> Said:
        """``typed``: what a person types; nothing means that nobody is there."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "in").write_text(typed, "utf-8")
            given = ["--home", str(self.root), *arguments]
            process = FRESH.Process(target=_command, args=(given, _bare(environment), folder))
            process.start()
            process.join(PATIENCE)
            assert process.exitcode is not None, "the command does not end"
            said = Said(process.exitcode, *((folder / name).read_text("utf-8") for name in ("out", "err")))
        assert "Traceback" not in said.err, said.err
        return said

    def program(self, *arguments: str) -> Said:
        """The same through ``python -m station``."""
        done = subprocess.run(
            [sys.executable, "-m", "station", "--home", str(self.root), *arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, env=_bare({}),
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def files(self) -> dict[str, bytes]:
        """Everything in the directory, to see that a refusal left it as it was."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not path.name.startswith("station.db")
        }


def _bare(environment: dict[str, str]) -> dict[str, str]:
    return {name: os.environ[name] for name in KEPT if name in os.environ} | environment


def _command(arguments: list[str], environment: dict[str, str], folder: Path) -> None:
    from station.cli import main

    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = (folder / "in").open(encoding="utf-8")
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.exit(main(arguments))
