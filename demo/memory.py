"""How far the filling of this instance's demo came, so that an interrupted one goes on where it was."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock
from typing import Any


class Memory:
    """``scenes.json``: ``finished``, and per scene {use_case, done: steps taken, runs: of the contract when the present
    step began}."""

    def __init__(self, path: Path) -> None:
        self.path, self._lock = path, Lock()
        kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
        self.finished: bool = kept.get("finished", False)
        self._scenes: dict[str, dict[str, Any]] = kept.get("scenes", {})

    @property
    def begun(self) -> bool:
        return self.path.exists()

    def begin(self) -> None:
        self._save()

    def finish(self) -> None:
        self.finished = True
        self._save()

    def of(self, scene: str) -> dict[str, Any]:
        return dict(self._scenes.get(scene, {}))

    def note(self, scene: str, **facts: Any) -> None:
        with self._lock:
            self._scenes[scene] = self.of(scene) | facts
            self._save()

    def use_cases(self) -> list[str]:
        return [facts["use_case"] for facts in self._scenes.values()]

    def _save(self) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps({"finished": self.finished, "scenes": self._scenes}, indent=1), "utf-8")
        draft.replace(self.path)
