"""How MPyC's arrays travel: count, width, whole numbers. Takes the place of pickle, which would run a peer's code."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_HEAD = struct.Struct("<II")
_PLAIN = 8  # bytes; numbers that fit go and come as one block
_WIDEST = 64


def dumps(array: Any) -> bytes:
    """A one-dimensional array of whole numbers of at most 64 bytes each; TypeError or ValueError for anything else."""
    if not isinstance(array, np.ndarray) or array.ndim != 1:
        raise TypeError("only one-dimensional arrays of whole numbers travel")
    if not all(type(number) is int for number in array.tolist()):
        raise TypeError("only whole numbers travel")
    try:
        return _HEAD.pack(array.size, _PLAIN) + array.astype("<i8").tobytes()
    except OverflowError:
        width = max(number.bit_length() for number in array.tolist()) // 8 + 1
    if width > _WIDEST:
        raise ValueError("a number that is too large to travel")
    return _HEAD.pack(array.size, width) + b"".join(n.to_bytes(width, "little", signed=True) for n in array.tolist())


def loads(raw: bytes) -> Array:
    """What ``dumps`` made, with dtype object; ValueError for anything else."""
    if len(raw) < _HEAD.size:
        raise ValueError("not an array")
    count, width = _HEAD.unpack_from(raw)
    body = memoryview(raw)[_HEAD.size :]
    if not _PLAIN <= width <= _WIDEST or len(body) != count * width:
        raise ValueError("not an array")
    if width == _PLAIN:
        return np.frombuffer(body, dtype="<i8").astype(object)
    array = np.empty(count, dtype=object)
    cells = (body[place : place + width] for place in range(0, len(body), width))
    array[:] = [int.from_bytes(cell, "little", signed=True) for cell in cells]
    return array
