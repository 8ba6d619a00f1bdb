"""Values that follow from other answers. The risk matrix is stricter than the government form's: a high impact with a
low likelihood is medium here, not low."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

LEVELS = {"low": _("low"), "medium": _("medium"), "high": _("high")}
ORDER = tuple(LEVELS)
MATRIX = {  # impact -> likelihood -> level
    "high": {"low": "medium", "medium": "high", "high": "high"},
    "medium": {"low": "low", "medium": "medium", "high": "high"},
    "low": {"low": "low", "medium": "low", "high": "medium"},
}

Values = dict[str, Any]


class Computed(NamedTuple):
    """A value of the whole form, with the questions it is computed from."""

    function: Callable[[Values], str | None]
    reads: tuple[str, ...]


def level(likelihood: Any, impact: Any) -> str | None:
    """The level of one risk; None when one of the two is not filled in."""
    return MATRIX.get(str(impact), {}).get(str(likelihood))


def level_before(row: Values) -> str | None:
    """The level of one risk before measures."""
    return level(row.get("likelihood"), row.get("impact"))


def level_after(row: Values) -> str | None:
    """The level of one risk that is left after its measure."""
    return level(row.get("likelihood_after"), row.get("impact_after"))


def risk_before(answers: Values) -> str | None:
    """The highest risk before measures."""
    return _highest(answers, level_before)


def risk_after(answers: Values) -> str | None:
    """The highest risk that is left after measures."""
    return _highest(answers, level_after)


def _highest(answers: Values, of: Callable[[Values], str | None]) -> str | None:
    found = [of(row) for row in answers.get("risks") or [] if isinstance(row, dict)]
    return max((one for one in found if one), key=ORDER.index, default=None)


OF_FORM = {
    "risk_before": Computed(risk_before, ("risks",)),
    "risk_after": Computed(risk_after, ("risks",)),
}
OF_ROW: dict[str, Callable[[Values], str | None]] = {"level_before": level_before, "level_after": level_after}
