"""Linear regression by three computing parties (docs/protocols/regression.md). Ends in shares; nothing is opened.

Sums of products need one multiplication per cell of the table and no more: each party multiplies and adds up what it
has. What follows is about one small matrix of whole numbers, exactly, in a field wide enough (``solving.py``).
"""

from __future__ import annotations

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.analyses.own_rows import Numbers, numbers_of
from station.analyses.regression.analysis import least_rows, made
from station.analyses.regression.design import Design
from station.analyses.regression.solving import Solving
from station.analyses.regression.table import largest, table
from station.datasets import Rows
from station.engine import mpc
from station.engine.program import Setting, Shared
from station.specification import Specification


def largest_message(spec: Specification) -> int:
    return largest(spec)


async def run(setting: Setting) -> dict[str, Shared]:
    spec, size = setting.spec, made(setting.spec)
    found = await table(setting, columns)
    if found is None:
        return {}
    vectors, cells = found
    sums = await vectors.leave(_products(cells), vectors.holders)
    runtime, width = vectors.runtime, size.coefficients + 1
    number = mpc.whole_numbers(runtime, 1 << (size.bits - 1))
    entered = await vectors.lifted_whole(number, sums, vectors.holders, width**2)
    await setting.step("comparing", 70)
    matrix = (await runtime.gather(entered)).value.astype(object).reshape(width, width)
    solving = Solving(runtime, number, size, least=least_rows(spec), k=spec.disclosure.k)
    modulus = int(number.field.modulus)
    values = [int(value) % modulus for value in await solving.values(matrix)]
    return {output.name: Shared(modulus, values) for output in spec.outputs}


def columns(size: Design, input_id: str, rows: Rows) -> Numbers:
    """A party's own columns, less their minimum."""
    found = []
    for term in size.of(input_id):
        cells = numbers_of(rows, term.column)
        found.append(cells - term.low if term.place is None else (cells == term.place).astype(np.int64))
    return np.stack(found, axis=1) if found else np.zeros((len(rows), 0), dtype=np.int64)


def _products(cells: Elements) -> Elements:
    """What this party has of the sums of products, row by row of their (symmetric) matrix."""
    width = cells.shape[1]
    found = field.zeros((width, width))
    for place in range(width):
        parts = field.multiply(cells[:, place, None], cells[:, place:])
        found[place, place:] = found[place:, place] = field.running_sum(parts)[-1]
    return found.reshape(-1)
