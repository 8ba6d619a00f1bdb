"""The risk matrices: which level follows from impact and likelihood. They are data; a template names its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import model_validator

from dpia.conditions import Form
from dpia.labels import Label
from dpia.template_file import read_yaml
from dpia.wrong import Wrong

DATA = Path(__file__).parent / "risk_data"
DEFAULT = "nicpet"
ORDER = ("low", "medium", "high")
Level = Literal["low", "medium", "high"]


class RiskMatrix(Form):
    """``levels``: impact -> likelihood -> level; ``note``: what a reader has to know about it."""

    key: str
    title: Label
    note: Label
    levels: dict[Level, dict[Level, Level]]

    def level(self, likelihood: Any, impact: Any) -> str | None:
        """The level of one risk; None when one of the two is not filled in."""
        found: Any = self.levels
        return found.get(str(impact), {}).get(str(likelihood))  # type: ignore[no-any-return]

    @model_validator(mode="after")
    def _whole(self) -> RiskMatrix:
        if set(self.levels) != set(ORDER) or any(set(row) != set(ORDER) for row in self.levels.values()):
            raise Wrong(f"{self.key}: a matrix has nine cells", f"{self.key}: een matrix heeft negen vakken")
        return self


@cache
def matrices() -> dict[str, RiskMatrix]:
    found = [RiskMatrix.model_validate(one) for one in read_yaml((DATA / "matrices.yaml").read_text("utf-8"))]
    return {one.key: one for one in found}


def matrix(key: str = DEFAULT) -> RiskMatrix:
    return matrices()[key]
