"""Regression with SPU: aligned and put beside each other as everywhere, then one circuit (``spu_circuit.py``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from station.alignment import field
from station.analyses.own_rows import Numbers, numbers_of
from station.analyses.regression.analysis import ANALYSIS, least_rows, made
from station.analyses.regression.design import MARGIN, SPU_MARGIN, SPU_SCALE, Design
from station.analyses.regression.table import largest, table
from station.datasets import Rows
from station.engine.program import Setting, Shared
from station.engine.spu.session import LARGEST_MESSAGE, circuit_of, parts_of, session
from station.specification import Specification


def largest_message(spec: Specification) -> int:
    return max(LARGEST_MESSAGE, largest(spec))


async def run(setting: Setting) -> dict[str, Shared]:
    spec, size = setting.spec, made(setting.spec)
    async with session(setting.circle) as spu:
        found = await table(setting, scaled)
        if found is None:
            return {}
        vectors, cells = found
        width, number = size.coefficients + 1, size.coefficients + 3
        share = await vectors.leave(cells, vectors.holders)
        parts = await parts_of(vectors, "rows", share, vectors.holders, (size.rows, width), SPU_SCALE)
        await setting.step("comparing", 60)
        values = await spu.run(vectors, circuit_of(spec.analysis), parts, number, _parameters(spec, size))
        shown = values[-1:]
        margins = np.array([MARGIN] * size.coefficients + [0, 1], dtype=np.uint64)
        whole = field.add(values[:-1], field.multiply(np.repeat(shown, number - 1), margins))
        return {output.name: Shared(field.P, whole.tolist()) for output in spec.outputs}


def scaled(size: Design, input_id: str, rows: Rows) -> Numbers:
    """A party's own columns, from 0 to 2^16 over their declared limits."""
    columns = []
    for term in size.of(input_id):
        cells = numbers_of(rows, term.column)
        own = cells - term.low if term.place is None else (cells == term.place).astype(np.int64)
        columns.append(np.rint(own * (SPU_SCALE / term.span)).astype(np.int64))
    return np.stack(columns, axis=1) if columns else np.zeros((len(rows), 0), dtype=np.int64)


def _parameters(spec: Specification, size: Design) -> dict[str, Any]:
    """Public numbers. ``factors``: from a coefficient on columns of 0 to 1 to one on the columns, in its last decimal;
    ``middles``: the same times the middle of the column, for the intercept."""
    model = ANALYSIS.read(spec).model
    height, low = (1, 0) if model == "logistic" else (size.outcome.span, size.outcome.low)
    unit = 10**size.decimals
    factors = [height * unit / term.span for term in size.terms]
    return {
        "model": model, "least": least_rows(spec), "k": spec.disclosure.k, "unit": height * unit, "start": low * unit,
        "factors": factors, "margin": SPU_MARGIN,
        "middles": [f * (term.low + term.high) / 2 for f, term in zip(factors, size.terms, strict=True)],
        "yes_or_no": [place for place, column in enumerate(size.columns, 1) if column.says_yes_or_no],
    }  # fmt: skip
