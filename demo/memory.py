"""How far the filling of this instance's demo came, so that an interrupted one goes on where it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Memory:
    """``scenes.json``: scene -> {use_case, done: steps taken, runs: of the contract when the present step began}."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else {}

    @property
    def begun(self) -> bool:
        return self.path.exists()

    def begin(self) -> None:
        self._save()

    def of(self, scene: str) -> dict[str, Any]:
        return dict(self._known.get(scene, {}))

    def note(self, scene: str, **facts: Any) -> None:
        self._known[scene] = self.of(scene) | facts
        self._save()

    def use_cases(self) -> list[str]:
        return [facts["use_case"] for facts in self._known.values()]

    def _save(self) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(self._known, indent=1), "utf-8")
        draft.replace(self.path)
