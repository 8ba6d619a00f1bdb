"""Grouped counts by three computing parties (docs/protocols/grouped_counts.md). Ends in shares; nothing is opened.

The base owner puts its rows in the order of their cells before anything else, so that prefix sums, which each holder of
a share makes alone, already hold the counts: what is left is to pick the end of every cell, with one oblivious move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from station.alignment import field
from station.alignment.join import Join, join
from station.alignment.keystream import Positions
from station.alignment.noise import DUMMIES
from station.alignment.sharing import Share, enter, move, other, product
from station.alignment.tags import WIDTH
from station.analyses.columns import input_of
from station.analyses.grouped_counts.analysis import ANALYSIS
from station.analyses.grouped_counts.groups import cell_of
from station.analyses.own_rows import meets_all
from station.datasets import Rows
from station.engine import mpc
from station.engine.program import Setting, Shared
from station.specification import Specification

_SLICE = 500  # cells compared at a time


@dataclass(frozen=True)
class Layout:
    """The base list in the order of its cells. Known to its owner alone.

    Every cell holds one row without an id (so that it has an end of its own, also when it is empty); rows that do not
    meet the owner's own conditions and padding stand behind the last cell.
    """

    ids: list[str | None]
    ends: Positions
    population: Positions  # rows of each cell that meet the owner's own conditions


def layout(spec: Specification, rows: Rows) -> Layout:
    parameters, cells = ANALYSIS.read(spec), len(ANALYSIS.cells(spec))
    base = input_of(spec, parameters.base)
    padding = base.padded_rows - len(rows)
    own = np.where(meets_all(spec, base.id, rows), cell_of(spec, rows), cells)
    cell = np.concatenate((np.arange(cells), own, np.full(padding, cells)))
    order = np.argsort(cell, kind="stable")
    ids = [*[None] * cells, *rows.ids, *[None] * padding]
    ends = np.searchsorted(cell[order], np.arange(cells), side="right") - 1
    return Layout([ids[place] for place in order], ends, np.bincount(own, minlength=cells + 1)[:cells])


def largest_message(spec: Specification) -> int:
    rows = sum(entry.padded_rows for entry in spec.inputs) + len(ANALYSIS.cells(spec)) + 2 * DUMMIES
    return WIDTH * rows + (1 << 20)


async def run(setting: Setting) -> dict[str, Shared]:
    spec = setting.spec
    parameters, cells = ANALYSIS.read(spec), len(ANALYSIS.cells(spec))
    base = input_of(spec, parameters.base)
    owner = setting.point_of(base.organisation)
    own = layout(spec, setting.rows[base.id]) if setting.circle.me == owner else None
    joined = [
        Join(
            f"join/{entry.id}", owner, setting.point_of(entry.organisation), base.padded_rows + cells, entry.padded_rows
        )
        for entry in spec.inputs
        if entry.id != base.id
    ]
    bits, giver = await _bits(setting, joined, own)
    await setting.step("grouping", 70)
    sums = None if bits is None else field.running_sum(bits)
    picked = await move(
        setting.circle, sums, own.ends if own else None, mapper=owner, giver=giver, label="cells",
        size=base.padded_rows + cells, moved=cells,
    )  # fmt: skip
    counts = None if picked is None else field.differences(picked)
    await setting.step("comparing", 75)
    population = own.population if own else np.zeros(cells, dtype=np.int64)
    shared = await _disclose(setting, counts, population, owner, other(owner, giver), base.padded_rows)
    return {output.name: shared for output in spec.outputs}


async def _bits(setting: Setting, joined: list[Join], own: Layout | None) -> tuple[Share, int]:
    """Per row of the base list whether it meets every condition of the others, and who shares that with the owner."""
    circle, spec = setting.circle, setting.spec
    shares = []
    for number, plan in enumerate(joined):
        entry = input_of(spec, plan.name.removeprefix("join/"))

        async def step(phase: str, start: int = 60 * number // len(joined)) -> None:
            await setting.step(phase, start + {"tags": 5, "matching": 20, "moving": 22}[phase])

        if circle.me == plan.joined:
            rows = setting.rows[entry.id]
            values = meets_all(spec, entry.id, rows).astype(np.uint64)
            shares.append(await join(circle, plan, step, ids=rows.ids, values=values))
        else:
            shares.append(await join(circle, plan, step, ids=own.ids if own else ()))
    if len(joined) == 1:
        return shares[0], joined[0].joined
    await setting.step("multiplying", 60)
    first, second = [
        await enter(circle, share, holders=(plan.base, plan.joined), label=f"{plan.name}/enter", size=plan.base_rows)
        for share, plan in zip(shares, joined, strict=True)
    ]
    holders = (joined[0].base, joined[0].joined)
    return await product(circle, first, second, holders=holders, label="product"), holders[1]


async def _disclose(
    setting: Setting, counts: Share, population: Positions, owner: int, holder: int, most: int
) -> Shared:
    """The disclosure rule inside: a count is kept if it (and, two-sided, the rest of its cell) is at least k, else 0.

    The counts are shared modulo P by owner and holder. MPyC works modulo P too, unless the list is too long for that:
    then the shares are whole numbers that add up to count + P, unless the owner's is not above the count, of which the
    chance is less than (rows + cells) / 2^61 over the whole table.
    """
    runtime = mpc.runtime(setting.circle)
    rule = setting.spec.disclosure
    number = mpc.whole_numbers(runtime, max(most, rule.k))
    kept: list[int] = []
    mine = np.zeros(population.size, dtype=object) if counts is None else counts.astype(object)
    if setting.circle.me == holder:
        mine = mine - field.P
    for start in range(0, population.size, _SLICE):
        part = slice(start, start + _SLICE)
        count = _total(runtime, number, mine[part], owner, holder)
        few = count < rule.k
        shown = count * (1 - few)
        if rule.two_sided:
            whole = runtime.input(number.array(population[part].astype(object)), senders=owner - 1)
            shown = shown * (1 - (whole - count < rule.k))
        share = await runtime.gather(shown)
        kept.extend(int(value) % number.field.modulus for value in share.value)
        await setting.step("comparing", 75 + 23 * min(start + _SLICE, population.size) // population.size)
    return Shared(int(number.field.modulus), kept)


def _total(runtime: Any, number: Any, mine: Any, owner: int, holder: int) -> Any:
    """The sum of what owner and holder put in, in secret."""
    first, second = runtime.input(number.array(mine), senders=[owner - 1, holder - 1])
    return first + second
