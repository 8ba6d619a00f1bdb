"""File locks. The kernel frees them when the holder ends, so a lock is never left behind by a crash."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bin.machine.say import line


@contextmanager
def waiting(path: Path, because: str) -> Iterator[None]:
    """Holds the lock; waits for another holder and says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            line(because)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Claim:
    """A lock whose file tells others who holds it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+")

    def take(self) -> str | None:
        """None when the claim is ours now, else what its holder wrote."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            return self._file.read().strip() or "process unknown"
        self.write(f"process {os.getpid()}")
        return None

    def release(self) -> None:
        self._file.close()

    def write(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()
