"""What every engine begins with: the columns of all lists beside each other, zeros where a row does not count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.analyses.columns import input_of
from station.analyses.own_rows import Numbers, rows_that_count
from station.analyses.regression.analysis import ANALYSIS, made
from station.analyses.regression.design import Design
from station.datasets import Rows
from station.engine.align import Given, align, largest_join, plans
from station.engine.program import Setting
from station.engine.vectors import Vectors
from station.specification import Specification

Own = Callable[[Design, str, Rows], Numbers]
"""From a party's own rows to its columns, in whole numbers from 0."""


def largest(spec: Specification) -> int:
    size = made(spec)
    return largest_join(spec, size.rows, _widths(spec, size)) + 8 * size.rows * (size.coefficients + 1)


async def table(setting: Setting, columns_of: Own) -> tuple[Vectors, Elements] | None:
    """Rows by a mark (1: it counts), the predictors, the outcome. None for a party that only gives."""
    spec, size = setting.spec, made(setting.spec)
    base = input_of(spec, ANALYSIS.read(spec).base)
    owner = setting.point_of(base.organisation)
    counting = {name: rows_that_count(spec, name, known) for name, known in setting.rows.items()}
    own = counting[base.id] if setting.circle.me == owner else None
    ids = [*own.ids, *[None] * (size.rows - len(own))] if own else []
    given: dict[str, Given] = {entry.id: partial(_given, columns_of, size, entry.id) for entry in spec.inputs}
    joined = plans(setting, base.id, size.rows, _widths(spec, size))
    beside = await align(replace(setting, rows=counting), joined, ids=ids, given=given, until=50)
    if beside is None:
        return None
    vectors = Vectors(setting, next(iter(beside.values())).holders)
    await setting.step("grouping", 55)
    shape = (size.rows, len(size.of(base.id)))
    mine = field.zeros(shape)
    if own is not None:
        mine[: len(own)] = field.elements(columns_of(size, base.id, own))
    entered = {base.id: await vectors.own(owner, mine if own is not None else None, shape)}
    marks = []
    for name, one in beside.items():
        cells = await vectors.enter(one.share, one.holders, (size.rows, 1 + len(size.of(name))))
        marks.append(cells[:, 0])
        entered[name] = cells[:, 1:]
    kept = await vectors.all_of(marks)
    cells = await vectors.multiply(_in_order(size, entered), kept[:, None])
    return vectors, np.concatenate((kept[:, None], cells), axis=1)


def _in_order(size: Design, entered: dict[str, Elements]) -> Elements:
    """Each list gives its columns in the order of the design."""
    taken = dict.fromkeys(entered, 0)
    ordered = []
    for column in size.columns:
        ordered.append(entered[column.input][:, taken[column.input]])
        taken[column.input] += 1
    return np.stack(ordered, axis=1)


def _widths(spec: Specification, size: Design) -> dict[str, int]:
    return {entry.id: 1 + len(size.of(entry.id)) for entry in spec.inputs}


def _given(columns_of: Own, size: Design, input_id: str, rows: Rows) -> Numbers:
    """A mark that the row is there, then its columns."""
    return np.concatenate((np.ones((len(rows), 1), dtype=np.int64), columns_of(size, input_id, rows)), axis=1)
