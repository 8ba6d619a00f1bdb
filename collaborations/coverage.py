"""How the legal bases of a use case stand against the cells that its specification asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from collaborations.models.bases import LegalBasis
from station.contract.coverage import ASKING, covers, needed
from station.contract.coverage import Cell as Needed
from station.specification import Specification

KINDS = ("data", *ASKING, "result")
SOON = timedelta(days=30)
WORST = ("suspended", "missing", "expired", "progress", "expiring", "approved")
COVERED = ("expiring", "approved")


@dataclass(frozen=True)
class Cell:
    """One partner, operation and kind of data. ``state``: one of ``WORST``; ``beside``: rows of the same operation that
    do not name the ground that this kind asks for."""

    organisation: str
    operation: str
    kind: str
    state: str = ""
    rows: list[LegalBasis] = field(default_factory=list)
    beside: list[LegalBasis] = field(default_factory=list)

    @property
    def covered(self) -> bool:
        return self.state in COVERED

    @property
    def need(self) -> Needed:
        return Needed(self.organisation, self.operation, self.kind)


def matrix(spec: Specification, rows: Iterable[LegalBasis], day: date) -> list[Cell]:
    """Every needed cell with the state of the best row for it; a suspended row is never passed over."""
    found = list(rows)
    return [_cell(need, [row for row in found if _about(row, need)], day) for need in needed(spec)]


def _about(row: LegalBasis, need: Needed) -> bool:
    return (row.partner.organisation.slug, row.operation) == (need.organisation, need.operation)


def _cell(need: Needed, about: list[LegalBasis], day: date) -> Cell:
    rows = [row for row in about if covers(row, need.kind)]
    states = [state_of(row, day) for row in rows]
    best = max(states, key=WORST.index, default="missing")
    beside = [row for row in about if row not in rows]
    return Cell(*need, "suspended" if "suspended" in states else best, rows, beside)


def state_of(row: LegalBasis, day: date) -> str:
    """How a row stands on a day, for whoever looks at all of them together."""
    if row.state in ("suspended", "expired"):
        return row.state
    if row.state != "approved" or day < row.valid_from:
        return "progress"
    if row.valid_to < day:
        return "expired"
    return "expiring" if row.valid_to < day + SOON else "approved"
