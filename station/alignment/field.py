"""Arithmetic modulo the Mersenne prime 2^61 - 1 on numpy arrays of uint64, element by element.

Every function takes and gives elements in [0, P). Sums of two stay below 2^62, products are built from 31-bit limbs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Elements = npt.NDArray[np.uint64]

P = (1 << 61) - 1
_P = np.uint64(P)
_LOW31, _LOW30 = np.uint64((1 << 31) - 1), np.uint64((1 << 30) - 1)
_30, _31, _61 = np.uint64(30), np.uint64(31), np.uint64(61)


def zeros(size: int | tuple[int, ...]) -> Elements:
    return np.zeros(size, dtype=np.uint64)


def elements(numbers: npt.NDArray[np.int64]) -> Elements:
    """Whole numbers of 64 bits, negative ones included, as elements."""
    return (numbers.astype(np.int64) % P).astype(np.uint64)


def add(a: Elements, b: Elements) -> Elements:
    total = a + b
    return np.where(total >= _P, total - _P, total)


def subtract(a: Elements, b: Elements) -> Elements:
    return add(a, _P - b)


def multiply(a: Elements, b: Elements | int) -> Elements:
    """a * b; an integer factor may be any whole number, negative ones included."""
    other = np.uint64(b % P) if isinstance(b, int) else b
    a_high, a_low, b_high, b_low = a >> _31, a & _LOW31, other >> _31, other & _LOW31
    middle = a_high * b_low + a_low * b_high
    # 2^62 = 2 and middle * 2^31 = (middle >> 30) * 2^61 + ... = (middle >> 30) + ..., all modulo P
    return reduce(a_high * b_high * np.uint64(2) + (middle >> _30) + ((middle & _LOW30) << _31) + reduce(a_low * b_low))


def inverse_root(a: Elements) -> Elements:
    """1 / sqrt(a), or its opposite, for the square of anything but 0.

    That is a to the power (3 P - 5) / 4: in binary 10, then 58 ones, then 0.
    """
    ones = {1: a}
    for length in (1, 2, 4, 8):
        ones[2 * length] = multiply(_squared(ones[length], length), ones[length])
    power = multiply(a, a)
    for length in (16, 16, 16, 8, 2):
        power = multiply(_squared(power, length), ones[length])
    return multiply(power, power)


def _squared(a: Elements, times: int) -> Elements:
    for _ in range(times):
        a = multiply(a, a)
    return a


def reduce(a: Elements) -> Elements:
    """Any uint64 to [0, P)."""
    folded = (a & _P) + (a >> _61)
    return np.where(folded >= _P, folded - _P, folded)


def running_sum(a: Elements) -> Elements:
    """Prefix sums, of each column; exact up to 2^32 elements because both limbs are summed apart."""
    high, low = np.cumsum(a >> _31, axis=0, dtype=np.uint64), np.cumsum(a & _LOW31, axis=0, dtype=np.uint64)
    return add(multiply(reduce(high), 1 << 31), reduce(low))


def differences(a: Elements) -> Elements:
    """The inverse of ``running_sum``."""
    return subtract(a, np.concatenate((np.zeros_like(a[:1]), a[:-1])))


def to_bytes(a: Elements) -> bytes:
    return a.astype("<u8", copy=False).tobytes()


def from_bytes(raw: bytes, size: int) -> Elements:
    """The ``size`` elements a peer sent; ValueError when it is another number of them or one is not below P."""
    if len(raw) != 8 * size:
        raise ValueError("a message of another length than agreed")
    elements = np.frombuffer(raw, dtype="<u8").astype(np.uint64)
    if size and elements.max() >= _P:
        raise ValueError("a number outside the field")
    return elements
