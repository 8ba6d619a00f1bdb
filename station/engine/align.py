"""All lists of a specification put beside the base list: what every program of an analysis begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from station.alignment import field
from station.alignment.join import Join, join
from station.alignment.sharing import POINTS, Share
from station.alignment.tags import WIDTH
from station.analyses.columns import input_of
from station.analyses.joins import joins
from station.analyses.own_rows import Numbers
from station.analyses.tabulation import DUMMIES
from station.datasets import Rows
from station.engine.program import Setting
from station.specification import Specification

Given = Callable[[Rows], Numbers]
"""From a party's own rows to the numbers that go along with its ids: one row of whole numbers per id."""


@dataclass(frozen=True)
class Beside:
    """One joined list in the order of the base list: ``share`` belongs to the two ``holders`` (base owner first)."""

    share: Share
    holders: tuple[int, int]


def plans(setting: Setting, base_id: str, base_rows: int, widths: Mapping[str, int]) -> dict[str, Join]:
    """The join of every list with the base list, as points."""
    spec = setting.spec
    owner, found = setting.point_of(input_of(spec, base_id).organisation), {}
    for one in joins(spec, base_id):
        giver = one.input.organisation if one.input.organisation in spec.only_giving else ""
        found[one.input.id] = Join(
            f"join/{one.input.id}", owner, setting.point_of(one.holder), base_rows, one.input.padded_rows,
            giver=setting.point_of(giver) if giver else 0, width=widths[one.input.id],
        )  # fmt: skip
    return found


async def align(
    setting: Setting, joined: Mapping[str, Join], *, ids: Sequence[str | None], given: Mapping[str, Given],
    until: int = 60,
) -> dict[str, Beside] | None:  # fmt: skip
    """``ids``: those of the base list, at its owner. None for a party that only gives: it is done now."""
    found: dict[str, Beside] = {}
    for number, (name, plan) in enumerate(joined.items()):

        async def step(phase: str, start: int = until * number // len(joined)) -> None:
            await setting.step(phase, start + {"tags": 5, "matching": 12, "moving": 15}[phase] // len(joined))

        if setting.circle.me == plan.owner:
            rows = setting.rows[name]
            values = field.elements(given[name](rows))
            share = await join(setting.circle, plan, step, ids=rows.ids, values=values)
        elif setting.circle.me not in POINTS:
            continue
        else:
            share = await join(setting.circle, plan, step, ids=ids)
        found[name] = Beside(share, (plan.base, plan.joined))
    return found if setting.circle.me in POINTS else None


def largest_join(spec: Specification, base_rows: int, widths: Mapping[str, int]) -> int:
    """Bytes of the largest message of these joins."""
    rows = max(base_rows + entry.padded_rows + 2 * DUMMIES for entry in spec.inputs)
    return max(WIDTH, 8 * max(widths.values(), default=1)) * rows + (1 << 20)
