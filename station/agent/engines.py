"""The engine of an attempt: a child process of its own, spoken to in JSON lines, gone when the attempt is over.

Its messages are put in the agent's queue. It ends by itself when the agent does: its standard input closes.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import station
from station.reasons import Reason

Message = dict[str, Any]
Key = tuple[str, int]
"""(run, attempt)."""

PATIENCE = 5.0  # seconds between asking an engine to stop and killing it
_KEPT = (
    "PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "NICPET_ENGINE_MIB",
    "NICPET_SPU",
)  # fmt: skip


@dataclass
class Engine:
    """One running child."""

    key: Key
    process: subprocess.Popen[str]
    prepared: Message | None = None
    told: bool = field(default=False)  # whether it said how it ended

    def tell(self, message: Message) -> None:
        """A child that is gone already says so by its end."""
        try:
            if self.process.stdin is not None:
                self.process.stdin.write(json.dumps(message, separators=(",", ":")) + "\n")
                self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return

    def stop(self) -> None:
        self.told = True
        self.tell({"do": "stop"})
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Engines:
    """The engines of this station, at most one per attempt. ``heard(key, message)`` is called from other threads."""

    def __init__(self, heard: Callable[[Key, Message], None]) -> None:
        self._heard = heard
        self._running: dict[Key, Engine] = {}

    def start(self, key: Key, prepare: Message) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "station.engine"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8", env=_environment(os.environ),
        )  # fmt: skip
        engine = self._running[key] = Engine(key, process)
        threading.Thread(target=self._listen, args=(engine,), daemon=True).start()
        engine.tell({"do": "prepare", **prepare})

    def get(self, key: Key) -> Engine | None:
        return self._running.get(key)

    def busy(self) -> bool:
        return bool(self._running)

    def stop(self, key: Key) -> None:
        if engine := self._running.pop(key, None):
            engine.stop()

    def stop_all(self) -> None:
        for key in list(self._running):
            self.stop(key)

    def ended(self, key: Key) -> None:
        """Its last word was heard; whoever is left is let go."""
        self.stop(key)

    def _listen(self, engine: Engine) -> None:
        """Every line is a message; an end without a last word is told as a failure."""
        if engine.process.stdout is not None:
            with engine.process.stdout as lines:
                for line in lines:
                    message = _read(line)
                    engine.told = engine.told or message.get("is") in ("computed", "failed")
                    self._heard(engine.key, message)
        code = engine.process.wait()
        if not engine.told:
            reason = Reason("engine.died", {"code": code})
            self._heard(engine.key, {"is": "failed", "blames": None, "reasons": [reason.document()]})


def _read(line: str) -> Message:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    return message if isinstance(message, dict) else {"is": "unreadable"}


def _environment(of_agent: Mapping[str, str]) -> dict[str, str]:
    """The engine gets what a Python needs and nothing else; BLAS threads would only fight over the cores."""
    kept = {name: of_agent[name] for name in _KEPT if name in of_agent}
    return kept | {
        "PYTHONPATH": str(Path(station.__file__).resolve().parents[1]),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
