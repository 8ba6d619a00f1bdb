"""Households below a norm on shares (docs/protocols/household_threshold.md). Ends in shares; nothing is opened."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.analyses.household_threshold.analysis import ANALYSIS, Parameters, kinds, limits
from station.analyses.household_threshold.layout import Layout, aligned, largest_message, per_household, total
from station.engine import mpc
from station.engine.align import Beside
from station.engine.program import Setting, Shared
from station.engine.vectors import Vectors, opposite

__all__ = ["largest_message", "run"]


async def run(setting: Setting) -> dict[str, Shared]:
    spec, asked = setting.spec, ANALYSIS.read(setting.spec)
    beside, own, owner = await aligned(setting)
    if beside is None:
        return {}
    vectors = Vectors(setting, next(iter(beside.values())).holders)
    flags = await _below(vectors, asked, beside, own, owner)
    shape = (asked.households, len(kinds(spec, asked)))
    marks = await vectors.own(owner, field.elements(own.marks) if own else None, shape)
    kept = await vectors.multiply(flags, total(marks, axis=1))
    counts = await _counts(vectors, asked, flags, marks, own, owner)
    index = own.names if own else None
    return {o.name: Shared(field.P, counts + (kept.tolist() if o.kind == "record_list" else []),
                           index if o.kind == "record_list" else None) for o in spec.outputs}  # fmt: skip


async def _below(
    vectors: Vectors, asked: Parameters, beside: Mapping[str, Beside], own: Layout | None, owner: int
) -> Elements:
    """One bit per household: what all lists know of it, added up, is below its norm."""
    shape = (asked.households,)
    amounts = await vectors.own(owner, field.elements(-own.room) if own else None, shape)
    for one in beside.values():
        amounts = field.add(amounts, await vectors.enter(per_household(one.share, asked), one.holders, shape))
    low, high = limits(vectors.setting.spec, asked)
    return opposite(await vectors.at_least(amounts, 0, low, high))


async def _counts(
    vectors: Vectors, asked: Parameters, flags: Elements, marks: Elements, own: Layout | None, owner: int
) -> list[int]:
    """How many of each kind, after the rule: every party multiplies and adds up what it has; only sums travel."""
    spec, runtime = vectors.setting.spec, vectors.runtime
    sums = await vectors.leave(total(field.multiply(flags[:, None], marks), axis=0), vectors.holders)
    size, k = marks.shape[1], spec.disclosure.k
    number = mpc.whole_numbers(runtime, max(asked.households, k))
    count = (await vectors.lifted(number, sums, vectors.holders, size, asked.households))(0, size)
    shown = count * (1 - (count < k))
    if spec.disclosure.two_sided:
        mine = own.marks.sum(axis=0).astype(object) if own else np.zeros(size, dtype=object)
        looked_at = runtime.input(number.array(mine), senders=owner - 1)
        shown = shown * (1 - (looked_at - count < k))
    share = await runtime.gather(shown)
    if int(number.field.modulus) != field.P:
        raise AssertionError("counts of households fit our own field")
    values = [int(value) % field.P for value in share.value]
    if base := spec.disclosure.rounding_base:
        values = (await vectors.rounded(np.array(values, dtype=np.uint64), base, asked.households)).tolist()
    return values
