"""A party's own rows, in the clear: in which order and under which ids they go into the join.

The group may be known to the other party only. Then the owner of the times lists everybody once per group, with the
group before the id, and the other party lists each id with its group before it: a row meets the one of its own group.
So a person still meets at most once, the counts per group come from one join, and no second join tells anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from station.alignment.keystream import Positions
from station.analyses.survival.analysis import ANALYSIS, Grid, grid, groups, lists
from station.datasets import Rows
from station.specification import Specification


@dataclass(frozen=True)
class Layout:
    """The list with the times in the order of its cells, known to its owner alone. As for grouped counts every cell
    holds one row without an id, so that also an empty cell has an end; padding stands behind the last cell."""

    ids: list[str | None]
    ends: Positions


def copies(spec: Specification) -> int:
    """How often the owner of the times lists a row: once, or once per group when it does not know the group."""
    base, _joined = lists(spec)
    return 1 if ANALYSIS.read(spec).group.input == base.id else len(groups(spec))


def base_rows(spec: Specification) -> int:
    base, _joined = lists(spec)
    return copies(spec) * base.padded_rows + grid(spec).cells


def layout(spec: Specification, rows: Rows) -> Layout:
    made, (base, _joined), parameters = grid(spec), lists(spec), ANALYSIS.read(spec)
    time, event = (np.asarray(rows.columns[at.column]) for at in (parameters.time, parameters.event))
    cell = made.cell_of(time, event)
    group = _own_groups(spec, rows)
    offsets = [group] if group is not None else [np.full(len(rows), place) for place in range(made.groups)]
    ids = rows.ids if group is not None else [_under(place, key) for place in range(made.groups) for key in rows.ids]
    own = np.concatenate([offset * made.cells_per_group + cell for offset in offsets])
    return _ordered(made, ids, own, copies(spec) * (base.padded_rows - len(rows)))


def joined_ids(spec: Specification, rows: Rows) -> list[str]:
    """The other party's ids, with their group when the owner of the times does not know it."""
    if copies(spec) == 1:
        return rows.ids
    places = np.asarray(rows.columns[ANALYSIS.read(spec).group.column]).astype(int)
    return [_under(place, key) for place, key in zip(places.tolist(), rows.ids, strict=True)]


def _own_groups(spec: Specification, rows: Rows) -> Positions | None:
    """Per row its group, when this is the party that knows it."""
    if copies(spec) > 1:
        return None
    return np.asarray(rows.columns[ANALYSIS.read(spec).group.column]).astype(np.int64)


def _ordered(made: Grid, ids: list[str], own: Positions, padding: int) -> Layout:
    cell = np.concatenate((np.arange(made.cells), own, np.full(padding, made.cells)))
    order = np.argsort(cell, kind="stable")
    listed = [*[None] * made.cells, *ids, *[None] * padding]
    ends = np.searchsorted(cell[order], np.arange(made.cells), side="right") - 1
    return Layout([listed[place] for place in order], ends)


def _under(place: int, key: str) -> str:
    """An id with its group; a number and a bar, so that no id can look like another's."""
    return f"{place}|{key}"
