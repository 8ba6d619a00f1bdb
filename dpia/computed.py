"""Values that follow from other answers. The risk matrix is stricter than the government form's: a high impact with a
low likelihood is medium here, not low."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

LEVELS = ("low", "medium", "high")
MATRIX = {  # impact -> likelihood -> level
    "high": {"low": "medium", "medium": "high", "high": "high"},
    "medium": {"low": "low", "medium": "medium", "high": "high"},
    "low": {"low": "low", "medium": "low", "high": "medium"},
}


def level(likelihood: Any, impact: Any) -> str | None:
    """The level of one risk; None when one of the two is not filled in."""
    return MATRIX.get(str(impact), {}).get(str(likelihood))


def risk_before(answers: dict[str, Any]) -> str | None:
    """The highest risk before measures."""
    return _highest(answers, "likelihood", "impact")


def risk_after(answers: dict[str, Any]) -> str | None:
    """The highest risk that is left after measures."""
    return _highest(answers, "likelihood_after", "impact_after")


def _highest(answers: dict[str, Any], likelihood: str, impact: str) -> str | None:
    rows = answers.get("risks") or []
    found = [level(row.get(likelihood), row.get(impact)) for row in rows if isinstance(row, dict)]
    return max((one for one in found if one), key=LEVELS.index, default=None)


COMPUTED: dict[str, Callable[[dict[str, Any]], str | None]] = {
    function.__name__: function for function in (risk_before, risk_after)
}
