"""Values that follow from other answers: levels from the risk matrix that the template names, and whether a measure
still holds in what the facts document says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from dpia.checks import CHECKS, Facts
from dpia.matrices import ORDER, RiskMatrix, matrix

LEVELS = {"low": _("low"), "medium": _("medium"), "high": _("high")}
IN_PLACE = ("implemented", "verified")
"""The states in which a measure is said to be there; in others it is only meant to come."""

Values = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """What values are computed on beside the answers: the template's matrix, and the facts where they are known."""

    matrix: RiskMatrix
    facts: Facts | None = None


PLAIN = Ground(matrix())


class Computed(NamedTuple):
    """A value of the whole form, with the questions it is computed from."""

    function: Callable[[Values, Ground], str | None]
    reads: tuple[str, ...]


def level_before(row: Values, ground: Ground = PLAIN) -> str | None:
    """The level of one risk before measures."""
    return ground.matrix.level(row.get("likelihood"), row.get("impact"))


def level_after(row: Values, ground: Ground = PLAIN) -> str | None:
    """The level of one risk that is left after its measure."""
    return ground.matrix.level(row.get("likelihood_after"), row.get("impact_after"))


def enforced(row: Values, ground: Ground = PLAIN) -> dict[str, Any] | None:
    """Whether what a measure says of the computation is so, with the reason; None when it names no check. What is only
    planned is ``not_yet``; what was rejected is not looked at."""
    check = CHECKS.get(str(row.get("check")))
    if check is None or ground.facts is None or row.get("state") == "rejected":
        return None
    holds, because = check.outcome(ground.facts, row.get("bound"))
    failing = "fails" if row.get("state") in IN_PLACE else "not_yet"
    return {"state": "holds" if holds else failing, "because": because}


def risk_before(answers: Values, ground: Ground = PLAIN) -> str | None:
    """The highest risk before measures."""
    return _highest(answers, level_before, ground)


def risk_after(answers: Values, ground: Ground = PLAIN) -> str | None:
    """The highest risk that is left after measures."""
    return _highest(answers, level_after, ground)


def _highest(answers: Values, of: Callable[[Values, Ground], str | None], ground: Ground) -> str | None:
    found = [of(row, ground) for row in answers.get("risks") or [] if isinstance(row, dict)]
    return max((one for one in found if one), key=ORDER.index, default=None)


OF_FORM = {
    "risk_before": Computed(risk_before, ("risks",)),
    "risk_after": Computed(risk_after, ("risks",)),
}
OF_ROW: Mapping[str, Callable[[Values, Ground], Any]] = {
    "level_before": level_before,
    "level_after": level_after,
    "enforced": enforced,
}
OF_FACTS = ("enforced",)
"""Those that read the facts document."""
