"""Which legal bases a specification asks for, and which of them are there: the one place that knows.

Whoever gives data contributes, whoever receives the table receives, and who does neither computes. What the columns
hold asks for more: an exception for special categories, a ground for criminal data, a ground for a national number.
Shares are still personal data, so who links or computes needs these grounds for all columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from collaborations.models.bases import LegalBasis
from station.specification import Party, Specification

ASKING = ("special", "criminal", "national_id")
"""The data classes that ask for a ground of their own."""
KINDS = ("data", *ASKING, "result")
OWN_DATA, ALL_DATA = ("prepare", "contribute"), ("link", "compute")
SOON = timedelta(days=30)
WORST = ("suspended", "missing", "expired", "progress", "expiring", "approved")


@dataclass(frozen=True)
class Cell:
    """One partner, operation and kind of data. ``state``: one of ``WORST``, or empty when nothing is needed."""

    organisation: str
    operation: str
    kind: str
    state: str = ""
    rows: list[LegalBasis] = field(default_factory=list)


def kinds_touched(spec: Specification, organisation: str, operation: str) -> set[str]:
    """The data classes with a ground of their own among the columns that the operation touches."""
    inputs = spec.inputs_of(organisation) if operation in OWN_DATA else spec.inputs if operation in ALL_DATA else []
    return {column.data_class for entry in inputs for column in entry.columns} & set(ASKING)


def covers(row: LegalBasis, kind: str) -> bool:
    """Whether the row names the ground that this kind of data asks for. The Wpg and Wjsg are about criminal data."""
    if kind == "special":
        return bool(row.special)
    if kind == "criminal":
        return bool(row.criminal) or row.regime in ("wpg", "wjsg")
    return kind != "national_id" or bool(row.number)


def operations(party: Party) -> list[str]:
    """What a party does, in the words of the register."""
    found = [("input_party", "contribute"), ("result_party", "receive")]
    done = [operation for role, operation in found if role in party.party_roles]
    return done or ["compute"]


def needed(spec: Specification) -> Iterator[tuple[str, str, str]]:
    """Organisation, operation and kind of data of every cell that needs an approved row."""
    for party in spec.parties:
        for operation in operations(party):
            yield party.organisation, operation, "result" if operation == "receive" else "data"
            for kind in sorted(kinds_touched(spec, party.organisation, operation)):
                yield party.organisation, operation, kind


def matrix(spec: Specification, rows: Iterable[LegalBasis], day: date) -> list[Cell]:
    """Every needed cell with the state of the best row for it."""
    found = list(rows)
    return [_cell(key, [row for row in found if _about(row, *key)], day) for key in needed(spec)]


def _about(row: LegalBasis, organisation: str, operation: str, kind: str) -> bool:
    return (row.partner.organisation.slug, row.operation) == (organisation, operation) and covers(row, kind)


def _cell(key: tuple[str, str, str], rows: list[LegalBasis], day: date) -> Cell:
    states = [state_of(row, day) for row in rows]
    best = max(states, key=WORST.index, default="missing")
    return Cell(*key, "suspended" if "suspended" in states else best, rows)


def state_of(row: LegalBasis, day: date) -> str:
    """How a row stands on a day, for whoever looks at all of them together."""
    if row.state in ("suspended", "expired"):
        return row.state
    if row.state != "approved" or day < row.valid_from:
        return "progress"
    if row.valid_to < day:
        return "expired"
    return "expiring" if row.valid_to < day + SOON else "approved"
