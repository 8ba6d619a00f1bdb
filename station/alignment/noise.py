"""How many dummies two lists share: a truncated discrete Laplace number, so that a match count tells little of one.

Adding or removing one person changes a match count by one. The number of common dummies has weight exp(-EPSILON * |t|)
at t steps from the middle, cut off where what is left weighs at most 2^-40: (0.1, 2^-40)-differentially private.
(Method: dummies for noisy counts, ePrint 2019/239.)
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache

from station.alignment.keystream import Keystream

EPSILON = Decimal("0.1")
REACH = 300  # exp(-0.1 * 300) is about 2^-43
DUMMIES = 2 * REACH  # in each list


@cache
def weights() -> tuple[int, ...]:
    """Whole-number weights of 0 .. DUMMIES common dummies, to 2^-96; the same on every machine."""
    with localcontext() as context:
        context.prec = 60
        return tuple(int((-EPSILON * abs(t)).exp() * 2**96) for t in range(-REACH, REACH + 1))


def common_dummies(stream: Keystream) -> int:
    """Draws the number of common dummies, from 0 to DUMMIES, from a stream the two owners share."""
    drawn = stream.below(sum(weights()))
    for number, weight in enumerate(weights()):
        if drawn < weight:
            return number
        drawn -= weight
    raise AssertionError("the weights add up to their sum")
