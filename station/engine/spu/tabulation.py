"""The disclosure rule of a tabulation with SPU: it says which numbers may be shown, on shares; the rest is as always.

Its bits come out as Shamir shares and are multiplied with the numbers there, so that no number, however large, ever
stands behind a mask.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from station.alignment import field
from station.alignment.field import P
from station.alignment.keystream import Positions
from station.alignment.sharing import Share
from station.analyses.columns import input_of
from station.analyses.tabulation import Tabulation, placed
from station.engine import tabulation
from station.engine.program import Setting, Shared
from station.engine.spu.compared import Compared
from station.engine.spu.session import LARGEST_MESSAGE, Part, Session, parts_of, session
from station.engine.vectors import Vectors
from station.specification import Specification

CIRCUIT = str(Path(__file__).with_name("rule_circuit.py"))


def largest_message(spec: Specification, what: Tabulation) -> int:
    return max(LARGEST_MESSAGE, tabulation.largest_message(spec, what))


async def run(setting: Setting, what: Tabulation) -> dict[str, Shared]:
    async with session(setting.circle) as spu:
        computing = tabulation.Computing(partial(Compared, spu), partial(_disclose, spu))
        return await tabulation.run(setting, what, computing)


async def _disclose(
    spu: Session, vectors: Vectors, what: Tabulation, sums: Share, population: Positions, holders: tuple[int, int]
) -> Shared:
    spec, me = vectors.setting.spec, vectors.circle.me
    rows = input_of(spec, what.base).padded_rows
    most = max(rows, *(rows * one.cap for one in what.sums)) if what.sums else rows
    cells, sums = tabulation.in_order(spec, what, sums)
    shape = (what.measures, cells.size)
    flat = None if sums is None else sums.reshape(-1)
    parts = await parts_of(vectors, "numbers", flat, holders, shape, most)
    whole = population[[outer for outer, _inner in placed(spec, what)]].astype(np.int64)
    parts.append(Part("population", holders[0], whole if me == holders[0] else None, (cells.size,)))
    rule = {
        "k": spec.disclosure.k, "two_sided": spec.disclosure.two_sided, "shares": len(what.shares),
        "least": [what.least_sum(one) for one in what.sums],
    }  # fmt: skip
    bits = await spu.run(vectors, CIRCUIT, parts, what.measures * cells.size, rule)
    numbers = await vectors.enter(flat, holders, (what.measures * cells.size,))
    shown = (await vectors.multiply(numbers, bits)).reshape(shape).T.reshape(-1)
    if base := spec.disclosure.rounding_base:
        shown = await vectors.rounded(shown, base, rows)
    return Shared(P, [int(value) for value in field.reduce(shown)])
