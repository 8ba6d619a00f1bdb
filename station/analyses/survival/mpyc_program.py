"""Survival by three computing parties (docs/protocols/survival.md). Ends in shares; nothing is opened.

One join and one oblivious move give shares of the number of people per group, interval and way of leaving. Which
intervals are merged is decided on those shares: every run of intervals is compared with the thresholds at once, and one
multiplication per interval follows the runs from the first interval to the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from station.alignment import field
from station.alignment.join import Join, join
from station.alignment.noise import DUMMIES
from station.alignment.sharing import Share, move, other
from station.alignment.tags import WIDTH
from station.analyses.own_rows import rows_that_count
from station.analyses.survival.analysis import ANALYSIS, grid, lists
from station.analyses.survival.grid import Array
from station.analyses.survival.own_rows import base_rows, joined_ids, layout
from station.engine import mpc
from station.engine.program import Setting, Shared
from station.specification import Specification

_SLICE = 500  # numbers compared at a time


def largest_message(spec: Specification) -> int:
    _base, joined = lists(spec)
    return WIDTH * (base_rows(spec) + joined.padded_rows + 2 * DUMMIES) + (1 << 20)


async def run(setting: Setting) -> dict[str, Shared]:
    counts, owner, holder = await _counts(setting)
    await setting.step("comparing", 70)
    runtime = mpc.runtime(setting.circle)
    number = mpc.whole_numbers(runtime, max(base_rows(setting.spec), setting.spec.disclosure.k))
    table = Table(setting, runtime, number)
    shared = await table.disclosed(await table.entered(counts, owner, holder))
    return {output.name: shared for output in setting.spec.outputs}


async def _counts(setting: Setting) -> tuple[Share, int, int]:
    """Shares of the number of people per cell, and who holds them: the owner of the times, and the matcher."""
    circle, spec = setting.circle, setting.spec
    base, joined = lists(spec)
    owner, giver = setting.point_of(base.organisation), setting.point_of(joined.organisation)
    own = layout(spec, rows_that_count(spec, base.id, setting.rows[base.id])) if circle.me == owner else None
    plan = Join(f"join/{joined.id}", owner, giver, base_rows(spec), joined.padded_rows)

    async def step(phase: str) -> None:
        await setting.step(phase, {"tags": 5, "matching": 30, "moving": 40}[phase])

    if circle.me == giver:
        ids = joined_ids(spec, rows_that_count(spec, joined.id, setting.rows[joined.id]))
        present = await join(circle, plan, step, ids=ids, values=np.ones(len(ids), dtype=np.uint64))
    else:
        present = await join(circle, plan, step, ids=own.ids if own else ())
    await setting.step("grouping", 60)
    picked = await move(
        circle, None if present is None else field.running_sum(present), own.ends if own else None,
        mapper=owner, giver=giver, label="cells", size=base_rows(spec), moved=grid(spec).cells,
    )  # fmt: skip
    return None if picked is None else field.differences(picked), owner, other(owner, giver)


@dataclass(frozen=True)
class Table:
    """The second half, on Shamir shares: arrays of this party's own numbers, added up at home, multiplied together."""

    setting: Setting
    runtime: Any
    number: Any

    async def entered(self, counts: Share, owner: int, holder: int) -> Array:
        """From the shares of two to Shamir shares of all three; the same for a field that is larger than theirs."""
        size = grid(self.setting.spec).cells
        mine = np.zeros(size, dtype=object) if counts is None else counts.astype(object)
        if self.setting.circle.me == holder:
            mine = mine - field.P
        first, second = self.runtime.input(self.number.array(mine), senders=[owner - 1, holder - 1])
        return await self._own(first + second)

    async def disclosed(self, counts: Array) -> Shared:
        """Per interval whether a released one ends there; per group at risk and events of that, else 0."""
        made = grid(self.setting.spec)
        events, at_risk = made.sums(counts)
        first, last = made.pairs()
        chosen = await self._chosen(await self._allowed(events, at_risk[:, first]))
        ends = np.flatnonzero(np.diff(last, append=made.intervals))
        starts = np.concatenate(([0], ends[:-1] + 1))
        numbers = np.stack([at_risk[:, first], events], axis=1).reshape(-1)  # per group: at risk, then events
        shown = await self._times(np.tile(chosen, 2 * made.groups), numbers)
        rows = np.add.reduceat(np.concatenate((chosen, shown)).reshape(-1, chosen.size), starts, axis=1)
        modulus = int(self.number.field.modulus)
        return Shared(modulus, [int(value) % modulus for value in rows.reshape(-1)])

    async def _allowed(self, events: Array, at_risk: Array) -> Array:
        """Per run of intervals 1 when every group has enough events in it and enough people at its start; with a
        two-sided threshold also enough who get through it."""
        least, rule = ANALYSIS.read(self.setting.spec).min_events, self.setting.spec.disclosure
        staying = at_risk - events if rule.two_sided else at_risk  # who get through are no more than who were there
        bits = await self._not_negative(np.concatenate((*(events - least), *(staying - rule.k))))
        parts = bits.reshape(-1, events.shape[1])
        product = parts[0]
        for part in parts[1:]:
            product = await self._times(product, part)
        return product

    async def _chosen(self, allowed: Array) -> Array:
        """Per run of intervals 1 when it is released: the first run that is allowed, and so on from where it ends."""
        made = grid(self.setting.spec)
        beginning = np.zeros(made.intervals + 1, dtype=object)  # 1 where the run begins that is open now
        beginning[0] = 1
        chosen, place = [], 0
        for last in range(made.intervals):
            taken = await self._times(beginning[: last + 1], allowed[place : place + last + 1])
            beginning[: last + 1] -= taken
            beginning[last + 1] = taken.sum()
            chosen.append(taken)
            place += last + 1
        return np.concatenate(chosen)

    async def _not_negative(self, numbers: Array) -> Array:
        bits = []
        for start in range(0, numbers.size, _SLICE):
            bits.append(1 - await self._own(self._secret(numbers[start : start + _SLICE]) < 0))
            await self.setting.step("comparing", 70 + 25 * min(start + _SLICE, numbers.size) // numbers.size)
        return np.concatenate(bits)

    async def _times(self, one: Array, other: Array) -> Array:
        return await self._own(self._secret(one) * self._secret(other))

    def _secret(self, mine: Array) -> Any:
        return self.number.array(self.number.field.array(mine % self.number.field.modulus))

    async def _own(self, secret: Any) -> Array:
        share: Array = (await self.runtime.gather(secret)).value
        return share.astype(object)
