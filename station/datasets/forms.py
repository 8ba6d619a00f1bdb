"""Per kind of column: the SQL test of its form, its one normal text, and the array it becomes.

``{c}`` is the cell (VARCHAR, not null). Numbers, booleans and categories become numpy arrays; the rest stays text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from station.specification import ColumnType

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Form:
    """``test`` is an SQL boolean over the cell, ``normal`` the SQL of its one normal text."""

    name: str
    test: str
    normal: str
    array: Callable[[list[str]], Array | list[str]]


def form_of(kind: ColumnType) -> Form:
    """How a column of this type is tested and read."""
    if kind.kind == "digits":
        return Form(f"digits({kind.length})", f"regexp_full_match({{c}}, '[0-9]{{{{{kind.length}}}}}')", "{c}", list)
    if kind.kind == "hex":
        return Form(
            f"hex({kind.length})", f"regexp_full_match({{c}}, '[0-9A-Fa-f]{{{{{kind.length}}}}}')", "lower({c})", list
        )
    if kind.kind == "uuid":
        groups = "-".join(f"[0-9A-Fa-f]{{{{{n}}}}}" for n in (8, 4, 4, 4, 12))
        return Form("uuid", f"regexp_full_match({{c}}, '{groups}')", "lower({c})", list)
    if kind.kind == "text":
        test = f"{{c}} = trim({{c}}, ' \t\r\n' || chr(160)) AND length(nfc_normalize({{c}})) <= {kind.max_length}"
        return Form(f"text({kind.max_length})", test, "nfc_normalize({c})", list)
    if kind.kind == "bool":
        return Form("bool", "lower({c}) IN ('true', 'false', '1', '0')", "lower({c})", _booleans)
    if kind.kind == "code":
        return Form("code", "nfc_normalize({c}) IN (SELECT unnest(?))", "nfc_normalize({c})", _coder(kind.values))
    low = -(2**62) if kind.minimum is None else kind.minimum
    high = 2**62 if kind.maximum is None else kind.maximum
    test = f"regexp_full_match({{c}}, '-?[0-9]{{{{1,19}}}}') AND TRY_CAST({{c}} AS BIGINT) BETWEEN {low} AND {high}"
    return Form("int", test, "CAST(CAST({c} AS BIGINT) AS VARCHAR)", _integers)


def _integers(cells: list[str]) -> Array:
    return np.array([int(cell) for cell in cells], dtype=np.int64)


def _booleans(cells: list[str]) -> Array:
    return np.array([cell in ("true", "1") for cell in cells], dtype=bool)


def _coder(values: list[str]) -> Callable[[list[str]], Array]:
    places = {value: place for place, value in enumerate(values)}
    return lambda cells: np.array([places[cell] for cell in cells], dtype=np.int32)
