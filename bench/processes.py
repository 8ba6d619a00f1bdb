"""What the descendants of a process do, seen from outside (Linux: /proc)."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Seen:
    """One process: its command line, and when it started and was last seen, in seconds since boot."""

    command: str
    started: float
    last: float


@dataclass
class Watch:
    """Looks at all descendants of ``root`` again and again; ``weighed`` names those whose memory counts."""

    root: int
    weighed: Callable[[str], bool]
    every: float = 0.05
    seen: dict[tuple[int, float], Seen] = field(default_factory=dict)
    most_mib: float = 0.0

    def __enter__(self) -> Watch:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        turn = 0
        while not self._stop.wait(self.every):
            now = time.clock_gettime(time.CLOCK_BOOTTIME)
            below = list(self._descendants())
            for pid, started in below:
                key = (pid, started)
                if key not in self.seen:
                    self.seen[key] = Seen(_command(pid), started, now)
                self.seen[key].last = now
            turn += 1
            if turn % 10 == 0:
                pids = [pid for pid, started in below if self.weighed(self.seen[pid, started].command)]
                self.most_mib = max(self.most_mib, sum(map(_pss_mib, pids)))

    def _descendants(self) -> Iterator[tuple[int, float]]:
        children: dict[int, list[tuple[int, float]]] = {}
        for entry in PROC.iterdir():
            if entry.name.isdigit() and (found := _parent(entry)):
                children.setdefault(found[0], []).append((int(entry.name), found[1]))
        waiting = [self.root]
        while waiting:
            for pid, started in children.get(waiting.pop(), []):
                waiting.append(pid)
                yield pid, started


def _parent(entry: Path) -> tuple[int, float] | None:
    try:
        rest = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(rest[1]), int(rest[19]) / TICKS


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _pss_mib(pid: int) -> float:
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
        return int(text.split("Pss:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0
