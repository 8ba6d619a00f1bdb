"""From sums of products to rounded coefficients, exactly, on shares of whole numbers.

Elimination without fractions: E. H. Bareiss, Sylvester's identity and multistep integer-preserving Gaussian
elimination, Mathematics of Computation 22 (1968); every number on the way is a minor of the matrix, so its width is
known beforehand. Dividing by the pivot before is multiplying by its inverse in the field, found behind a random factor
(J. Bar-Ilan and D. Beaver, PODC 1989). Linear regression on shares this way, with numerators and a common denominator:
F. Blom, N. Bouman, B. Schoenmakers and N. de Vreede, ePrint 2019/773; here no matrix is opened, so that a design
without a single answer tells nothing of itself. A quotient comes from Newton's iteration for a reciprocal and is made
exact by two comparisons of what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from station.analyses.regression.design import FIT_PARTS, MARGIN, PRECISION, Design

Array = np.ndarray[Any, Any]

_START = 29142 * 2**PRECISION // 10_000  # of Newton's iteration: 2.9142 - 2 u, for u from 1/2 to 1
_ROUNDS = 5


class Solving:
    """Arrays of this party's own Shamir shares, as whole numbers modulo that of ``number`` (an MPyC type)."""

    def __init__(self, runtime: Any, number: Any, design: Design, *, least: int, k: int) -> None:
        self.runtime, self.number, self.design = runtime, number, design
        self.least, self.k = least, k

    async def values(self, sums: Array) -> Array:
        """Coefficients, rows and explained part, as in ``plain.fitted``; all 0 unless every rule holds."""
        rows = sums[0, 0]
        shown = await self._enough(sums)
        solved, bits = await self._eliminated(sums)
        shown = await self._all([shown, *bits])
        determinant, left = solved[0, 0], solved[-1, -1]
        numerators = self._from_zero(solved[:-1, -1].copy(), determinant) * 10**self.design.decimals
        products = await self._times(_array(rows, rows, sums[0, -1]), _array(sums[-1, -1], left, sums[0, -1]))
        spread, unexplained = products[0] - products[2], products[1]
        whole = (await self._times(_array(determinant), _array(spread)))[0]
        explained = FIT_PARTS * (whole - unexplained)
        fits = await self._not_negative(np.concatenate((
            _array(left - 1, FIT_PARTS * unexplained - whole),
            MARGIN * determinant - 1 - numerators, MARGIN * determinant - 1 + numerators,
        )))  # fmt: skip
        shown = await self._all([shown, *fits])
        kept = await self._times(
            _array(*[shown] * (len(numerators) + 3)), _array(*numerators, explained, determinant - 1, whole - 1)
        )
        units = await self._quotients(kept[:-2], _array(*[kept[-2] + 1] * len(numerators), kept[-1] + 1))
        made = _array(*(units[:-1] + MARGIN), rows, units[-1] + 1)
        return await self._times(_array(*[shown] * len(made)), made)

    async def _enough(self, sums: Array) -> Any:
        """Enough rows, and enough of both in every column of yes and no."""
        rows = sums[0, 0]
        ones = [sums[0, 1 + place] for place, term in enumerate(self.design.columns) if term.says_yes_or_no]
        both = [number - self.k for one in ones for number in (one, rows - one)]
        width = max(self.design.rows, self.least, self.k).bit_length() + 1
        return await self._all(await self._not_negative(_array(rows - self.least, *both), width))

    async def _eliminated(self, matrix: Array) -> tuple[Array, list[Any]]:
        """The determinant on the diagonal, numerators in the last column, in the corner what is left of the outcome;
        and per pivot whether there is one. Without, the rest goes on with the unit matrix, so that no number is ever
        larger than agreed."""
        size, before, bits = len(matrix), 1, []
        for place in range(size - 1):
            (bit,) = await self._not_negative(
                _array(matrix[place, place] - 1), self.design.pivots[place].bit_length() + 1
            )
            bits.append(bit)
            unit = np.eye(size, dtype=object)
            flat = await self._times(
                _array(*[bit] * (matrix.size + 1)), _array(*(matrix - unit).reshape(-1), before - 1)
            )
            matrix, before = flat[:-1].reshape(size, size) + unit, flat[-1] + 1
            (inverse,) = await self._inverses(_array(before))
            row = matrix[place]
            pivot, *column = await self._times(_array(*[inverse] * (size + 1)), _array(row[place], *matrix[:, place]))
            swept = await self._times(
                np.concatenate((_array(*[pivot] * matrix.size), np.repeat(np.array(column, dtype=object), size))),
                np.concatenate((matrix.reshape(-1), np.tile(row, size))),
            )
            next_one = (swept[: matrix.size] - swept[matrix.size :]).reshape(size, size)
            next_one[place] = row
            before, matrix = matrix[place, place], next_one
        return matrix, bits

    def _from_zero(self, numerators: Array, determinant: Any) -> Array:
        """The intercept of columns that begin at their minimum, turned into that of the columns as they are."""
        lows = np.array([term.low for term in self.design.terms], dtype=object)
        numerators[0] += self.design.outcome.low * determinant - (lows * numerators[1:]).sum()
        return numerators

    async def _quotients(self, above: Array, below: Array) -> Array:
        """Rounded to the nearest, a half goes up; for quotients smaller than ``MARGIN``. ``below`` is above 0."""
        width = self.design.denominators.bit_length()
        scale, part = await self._scales(below, width)
        reciprocal = _START - 2 * part
        for _ in range(_ROUNDS):
            product = await self._shortened(await self._times(part, reciprocal), PRECISION)
            reciprocal = await self._shortened(await self._times(reciprocal, 2 ** (PRECISION + 1) - product), PRECISION)
        scaled = await self._cut(await self._times(above, scale), width - PRECISION)
        units = await self._shortened(await self._times(scaled, reciprocal), 2 * PRECISION)
        rest = 2 * (above - await self._times(units, below))
        higher, lower = np.split(await self._not_negative(np.concatenate((rest + below, rest - below))), 2)
        result: Array = units - 1 + higher + lower
        return result

    async def _scales(self, below: Array, width: int) -> tuple[Array, Array]:
        """Powers of two that make each number ``width`` bits long, and the first bits of what comes of it."""
        bits = (await self._own(self.runtime.np_to_bits(self._secret(below), width))).reshape(below.size, width)
        seen, distance = bits[:, ::-1], 1
        while distance < width:  # from the highest bit on: whether a 1 was seen
            shifted = np.concatenate((np.zeros((below.size, distance), dtype=object), seen[:, :-distance]), axis=1)
            product = (await self._times(seen.reshape(-1), shifted.reshape(-1))).reshape(seen.shape)
            seen = seen + shifted - product
            distance *= 2
        first = seen - np.concatenate((np.zeros((below.size, 1), dtype=object), seen[:, :-1]), axis=1)
        powers = np.array([2**place for place in range(width)], dtype=object)
        scale: Array = (first * powers).sum(axis=1)
        return scale, await self._cut(await self._times(below, scale), width - PRECISION)

    async def _cut(self, numbers: Array, places: int) -> Array:
        """Divided by a power of two; multiplied, when it is a negative one."""
        return numbers * 2**-places if places <= 0 else await self._shortened(numbers, places)

    async def _shortened(self, numbers: Array, places: int) -> Array:
        """Without the last places, give or take one."""
        return await self._own(self.runtime.np_trunc(self._secret(numbers), places))

    async def _inverses(self, numbers: Array) -> Array:
        """In the field, of numbers that are not 0: what is opened is a freshly shared product with a random one."""
        modulus = int(self.number.field.modulus)
        factors = self.runtime._np_randoms(self.number.field, numbers.size).value.astype(object)
        opened = await self.runtime.output(self._secret(await self._times(numbers, factors)), raw=True)
        return factors * _array(*[pow(int(value) % modulus, -1, modulus) for value in opened.value])

    async def _all(self, bits: Iterable[Any]) -> Any:
        found = list(bits)
        while len(found) > 1:
            half = len(found) // 2
            made = await self._times(_array(*found[:half]), _array(*found[half : 2 * half]))
            found = [*made, *found[2 * half :]]
        return found[0]

    async def _not_negative(self, numbers: Array, width: int | None = None) -> Array:
        """``width``: of the numbers in bits, sign included, when they are shorter than any."""
        return 1 - await self._own(self.runtime.np_sgn(self._secret(numbers), l=width, LT=True))

    async def _times(self, one: Array, other: Array) -> Array:
        return await self._own(self._secret(one) * self._secret(other))

    def _secret(self, mine: Array) -> Any:
        return self.number.array(self.number.field.array(mine % self.number.field.modulus))

    async def _own(self, secret: Any) -> Array:
        share: Array = (await self.runtime.gather(secret)).value
        return share.astype(object)


def _array(*numbers: Any) -> Array:
    made = np.empty(len(numbers), dtype=object)
    made[:] = numbers
    return made
