"""Running other programs so that their failure becomes a sentence."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bin.machine.paths import ROOT
from bin.machine.say import Trouble

TAIL = 15  # lines of a failed program's output that are shown


def tail(text: str, lines: int = TAIL) -> str:
    return "\n".join(f"    {row}" for row in text.strip().splitlines()[-lines:])


def run(
    argv: Sequence[str | Path],
    *,
    failing: str,
    mend: str = "",
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> str:
    """Runs argv to its end and returns its output; Trouble(failing, tail of the output, mend) when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Trouble(f"{failing} {error.strerror}: {argv[0]}. {mend}".strip()) from None
    if done.returncode:
        raise Trouble("\n".join(part for part in (failing, tail(done.stdout), mend) if part))
    return done.stdout


def succeeds(argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, seconds: float | None = None) -> bool:
    try:
        done = subprocess.run(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=env,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
