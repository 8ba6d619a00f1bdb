"""The cells of the base owner's rows, in the clear: numpy in, numpy out."""

from __future__ import annotations

from typing import Any

import numpy as np

from station.analyses.columns import column_of
from station.analyses.grouped_counts.analysis import ANALYSIS, group_values
from station.datasets import Rows
from station.specification import ColumnRef, Specification


def cell_of(spec: Specification, rows: Rows) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Per row of the base input the number of its cell, in the order of ``GroupedCounts.cells``."""
    number = np.zeros(len(rows), dtype=np.int64)
    for group in ANALYSIS.read(spec).group_by:
        number = number * len(group_values(spec, group)) + _place(spec, group, rows)
    return number


def _place(spec: Specification, group: ColumnRef, rows: Rows) -> np.ndarray[Any, np.dtype[np.int64]]:
    kind = column_of(spec, group.input, group.column).type
    values = np.asarray(rows.columns[group.column]).astype(np.int64)
    return values - (kind.minimum or 0) if kind.kind == "int" else values
