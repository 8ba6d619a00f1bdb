"""Households below a norm with SPU: aligned as everywhere, then one circuit (``spu_circuit.py``)."""

from __future__ import annotations

import numpy as np

from station.alignment import field
from station.analyses.household_threshold import layout
from station.analyses.household_threshold.analysis import ANALYSIS, kinds, limits
from station.engine.program import Setting, Shared
from station.engine.spu.session import LARGEST_MESSAGE, Part, circuit_of, parts_of, session
from station.engine.vectors import Vectors
from station.specification import Specification


def largest_message(spec: Specification) -> int:
    return max(LARGEST_MESSAGE, layout.largest_message(spec))


async def run(setting: Setting) -> dict[str, Shared]:
    spec, asked = setting.spec, ANALYSIS.read(setting.spec)
    async with session(setting.circle) as spu:
        beside, own, owner = await layout.aligned(setting)
        if beside is None:
            return {}
        vectors = Vectors(setting, next(iter(beside.values())).holders)
        size, width = asked.households, len(kinds(spec, asked))
        looked_at = own.marks.sum(axis=0) if own else None
        parts = [
            Part("beyond", owner, -own.room if own else None, (size,)),
            Part("marks", owner, own.marks if own else None, (size, width)),
            Part("looked_at", owner, looked_at, (width,)),
        ]
        most = max(map(abs, limits(spec, asked)))
        for one in beside.values():
            share = layout.per_household(one.share, asked)
            parts.extend(await parts_of(vectors, "beyond", share, one.holders, (size,), most))
        await setting.step("comparing", 40)
        rule = {"k": spec.disclosure.k, "two_sided": spec.disclosure.two_sided}
        made = await spu.run(vectors, circuit_of(spec.analysis), parts, width + size, rule)
        counts, flags = made[:width], made[width:]
        if base := spec.disclosure.rounding_base:
            counts = await vectors.rounded(counts, base, asked.households)
        whole, index = np.concatenate((counts, flags)).tolist(), own.names if own else None
        return {o.name: Shared(field.P, whole if o.kind == "record_list" else counts.tolist(),
                               index if o.kind == "record_list" else None) for o in spec.outputs}  # fmt: skip
