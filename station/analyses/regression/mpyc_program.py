"""Linear regression by three computing parties (docs/protocols/regression.md). Ends in shares; nothing is opened.

Sums of products need one multiplication per cell of the table and no more: each party multiplies and adds up what it
has. What follows is about one small matrix of whole numbers, exactly, in a field wide enough (``solving.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.analyses.columns import input_of
from station.analyses.own_rows import Numbers, numbers_of, rows_that_count
from station.analyses.regression.analysis import ANALYSIS, least_rows, made
from station.analyses.regression.design import Design
from station.analyses.regression.solving import Solving
from station.datasets import Rows
from station.engine import mpc
from station.engine.align import Beside, Given, align, largest_join, plans
from station.engine.program import Setting, Shared
from station.engine.vectors import Vectors
from station.specification import Specification


def largest_message(spec: Specification) -> int:
    size = made(spec)
    return largest_join(spec, size.rows, _widths(spec, size)) + 8 * size.rows * (size.coefficients + 1)


async def run(setting: Setting) -> dict[str, Shared]:
    spec, size = setting.spec, made(setting.spec)
    base = input_of(spec, ANALYSIS.read(spec).base)
    owner = setting.point_of(base.organisation)
    own = rows_that_count(spec, base.id, setting.rows[base.id]) if setting.circle.me == owner else None
    ids = [*own.ids, *[None] * (size.rows - len(own))] if own else []
    given: dict[str, Given] = {entry.id: partial(_given, size, entry.id) for entry in spec.inputs}
    joined = plans(setting, base.id, size.rows, _widths(spec, size))
    counting = {name: rows_that_count(spec, name, known) for name, known in setting.rows.items()}
    beside = await align(replace(setting, rows=counting), joined, ids=ids, given=given, until=50)
    if beside is None:
        return {}
    vectors = Vectors(setting, next(iter(beside.values())).holders)
    await setting.step("grouping", 55)
    sums = await _sums(vectors, size, base.id, beside, own, owner)
    runtime = vectors.runtime
    number = mpc.whole_numbers(runtime, 1 << (size.bits - 1))
    cells = (size.coefficients + 1) ** 2
    entered = await vectors.lifted_whole(number, sums, vectors.holders, cells)
    await setting.step("comparing", 70)
    matrix = (await runtime.gather(entered)).value.astype(object).reshape(size.coefficients + 1, -1)
    solving = Solving(runtime, number, size, least=least_rows(spec), k=spec.disclosure.k)
    modulus = int(number.field.modulus)
    values = [int(value) % modulus for value in await solving.values(matrix)]
    return {output.name: Shared(modulus, values) for output in spec.outputs}


async def _sums(
    vectors: Vectors, size: Design, base: str, beside: Mapping[str, Beside], own: Rows | None, owner: int
) -> Elements | None:
    """Of products of every two columns (1, predictors, outcome) over the rows that stand in all lists."""
    shape = (size.rows, len(size.of(base)))
    mine = field.zeros(shape)
    if own is not None:
        mine[: len(own)] = field.elements(_columns(size, base, own))
    entered = {base: await vectors.own(owner, mine if own is not None else None, shape)}
    marks = []
    for name, one in beside.items():
        table = await vectors.enter(one.share, one.holders, (size.rows, 1 + len(size.of(name))))
        marks.append(table[:, 0])
        entered[name] = table[:, 1:]
    kept = await vectors.all_of(marks)
    taken = dict.fromkeys(entered, 0)
    ordered = []
    for column in size.columns:
        ordered.append(entered[column.input][:, taken[column.input]])
        taken[column.input] += 1
    table = await vectors.multiply(np.stack(ordered, axis=1), kept[:, None])
    return await vectors.leave(_products(np.concatenate((kept[:, None], table), axis=1)), vectors.holders)


def _products(table: Elements) -> Elements:
    """What this party has of the sums of products, row by row of their (symmetric) matrix."""
    width = table.shape[1]
    found = field.zeros((width, width))
    for place in range(width):
        parts = field.multiply(table[:, place, None], table[:, place:])
        found[place, place:] = found[place:, place] = field.running_sum(parts)[-1]
    return found.reshape(-1)


def _widths(spec: Specification, size: Design) -> dict[str, int]:
    return {entry.id: 1 + len(size.of(entry.id)) for entry in spec.inputs}


def _given(size: Design, input_id: str, rows: Rows) -> Numbers:
    """A mark that the row is there, then its columns."""
    return np.concatenate((np.ones((len(rows), 1), dtype=np.int64), _columns(size, input_id, rows)), axis=1)


def _columns(size: Design, input_id: str, rows: Rows) -> Numbers:
    columns = []
    for term in size.of(input_id):
        cells = numbers_of(rows, term.column)
        columns.append(cells - term.low if term.place is None else (cells == term.place).astype(np.int64))
    return np.stack(columns, axis=1) if columns else np.zeros((len(rows), 0), dtype=np.int64)
