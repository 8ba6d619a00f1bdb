"""How MPyC's arrays travel: count, width and whole numbers. Takes the place of pickle, which would run a peer's code."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

_HEAD = struct.Struct("<II")


def dumps(array: Any) -> bytes:
    """A one-dimensional array of whole numbers of any size; TypeError for anything else."""
    if not isinstance(array, np.ndarray) or array.ndim != 1:
        raise TypeError("only one-dimensional arrays of whole numbers travel")
    numbers = [int(value) for value in array]
    width = max((number.bit_length() for number in numbers), default=0) // 8 + 1
    return _HEAD.pack(len(numbers), width) + b"".join(n.to_bytes(width, "little", signed=True) for n in numbers)


def loads(raw: bytes) -> np.ndarray[Any, Any]:
    """What ``dumps`` made, with dtype object; ValueError for anything else."""
    if len(raw) < _HEAD.size:
        raise ValueError("not an array")
    count, width = _HEAD.unpack_from(raw)
    if width == 0 or len(raw) != _HEAD.size + count * width:
        raise ValueError("not an array")
    array = np.empty(count, dtype=object)
    for place in range(count):
        start = _HEAD.size + place * width
        array[place] = int.from_bytes(raw[start : start + width], "little", signed=True)
    return array
