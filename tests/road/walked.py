"""Walks the whole road with ``bin/demo``, as anybody would from a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bin.machine.paths import ROOT

PATIENCE = 600
ROAD = ["queued", "preparing", "running", "checking", "releasing", "released"]
FIELDS = {"use_case", "run", "state", "states", "phases", "engine", "result", "results", "inputs"}


@dataclass(frozen=True)
class Walk:
    """What a walk left: exit code, the one JSON object, standard error."""

    code: int
    report: dict[str, Any]
    said: str

    @property
    def instance(self) -> Path:
        """The directory of the walk, of which only the inputs are left."""
        return Path(next(iter(self.report["inputs"].values()))).parents[1]

    def processes(self) -> list[str]:
        """Command lines of processes that still have to do with this walk's directory."""
        found = []
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:  # ended meanwhile
                continue
            if str(self.instance) in line:
                found.append(line)
        return found


def walk(*arguments: str | Path) -> Walk:
    done = subprocess.run(
        [sys.executable, "bin/demo", *map(str, arguments), "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"one JSON object on standard output, not {len(lines)} lines:\n{done.stderr[-3000:]}"
    return Walk(done.returncode, json.loads(lines[0]), done.stderr)
