"""What a party evaluates on its own rows, in the clear: numpy in, numpy out."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from station.analyses import get
from station.analyses.columns import categories, column_of
from station.datasets import Rows
from station.specification import Column, ColumnRef, Condition, Specification

Bits = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
_OPERATORS: dict[str, Any] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
    "in": np.isin,
}  # fmt: skip


def meets_all(spec: Specification, input_id: str, rows: Rows) -> Bits:
    """One bit per row: does it meet every condition on this input?"""
    bits = np.ones(len(rows), dtype=bool)
    for condition in get(spec.analysis).conditions(spec):
        if condition.input == input_id:
            bits &= meets(spec, condition, rows)
    return bits


def rows_that_count(spec: Specification, input_id: str, rows: Rows) -> Rows:
    """The rows that meet every condition on this input; the others are to be no different from padding."""
    places = np.flatnonzero(meets_all(spec, input_id, rows))
    columns = {
        name: [cells[place] for place in places] if isinstance(cells, list) else cells[places]
        for name, cells in rows.columns.items()
    }
    return Rows([rows.ids[place] for place in places], columns)


def meets(spec: Specification, condition: Condition, rows: Rows) -> Bits:
    column: Column = column_of(spec, condition.input, condition.column)
    value: Any = condition.value
    if column.type.kind == "code":  # rows hold the place of a category in the declared list
        declared = column.type.values
        value = [_place_in(declared, v) for v in value] if isinstance(value, list) else _place_in(declared, value)
    values = np.asarray(rows.columns[condition.column])
    return np.asarray(_OPERATORS[condition.op](values, value), dtype=bool)


def cell_of(spec: Specification, groups: Sequence[ColumnRef], rows: Rows) -> Numbers:
    """Per row the number of its combination of ``groups``, all of this list, in row-major order."""
    number = np.zeros(len(rows), dtype=np.int64)
    for group in groups:
        number = number * len(categories(spec, group.input, group.column)) + _place(spec, group, rows)
    return number


def numbers_of(rows: Rows, name: str) -> Numbers:
    return np.asarray(rows.columns[name]).astype(np.int64)


def _place(spec: Specification, group: ColumnRef, rows: Rows) -> Numbers:
    kind = column_of(spec, group.input, group.column).type
    values = numbers_of(rows, group.column)
    return values - (kind.minimum or 0) if kind.kind == "int" else values


def _place_in(declared: list[str], value: object) -> int:
    """The place of a category; -1, which no row has, when it is not declared."""
    return declared.index(str(value)) if value in declared else -1
