"""The columns of a regression: which whole numbers stand in them, and how large whatever is made of them can be.

Every column is given less its declared minimum, so that all sums of products are whole numbers from 0. All bounds
follow from the specification alone, and with them the width in which the parties compute.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from station.analyses import derived as deriving
from station.analyses.columns import categories, column_of
from station.specification import ColumnRef, Specification

INTERCEPT = "(intercept)"
MARGIN = 2**44  # a coefficient, in units of its last decimal, is smaller than this, or it is not shown
SPU_MARGIN = 2**19  # the same with spu, which computes in fixed point
SPU_SCALE = 2**16  # there a column is given from 0 to this over its limits
FIT_PARTS = 1000  # the explained part of the variance is in thousandths; all of it but one or less: not shown
PRECISION = 60  # bits of a reciprocal on the way; the remainder afterwards makes the quotient exact
_NARROWEST = 44 + 2 * PRECISION + 8


@dataclass(frozen=True)
class Term:
    """One column of numbers from ``low`` to ``high``; ``place``: of the category that it is 1 for."""

    input: str
    column: str
    label: str
    low: int
    high: int
    place: int | None = None

    @property
    def span(self) -> int:
        return max(1, self.high - self.low)

    @property
    def says_yes_or_no(self) -> bool:
        return (self.low, self.high) == (0, 1)

    def of(self, cell: Any, kinds: list[str]) -> int:
        """A cell in the clear, less the minimum."""
        return int(cell) - self.low if self.place is None else int(str(cell) == kinds[self.place])


@dataclass(frozen=True)
class Design:
    """``terms``: the predictors, without the intercept that always stands before them. ``rows``: at most."""

    terms: tuple[Term, ...]
    outcome: Term
    rows: int
    decimals: int

    @property
    def columns(self) -> tuple[Term, ...]:
        return (*self.terms, self.outcome)

    @property
    def coefficients(self) -> int:
        return len(self.terms) + 1

    @cached_property
    def largest_sum(self) -> int:
        """Of products of two columns, over all rows."""
        return self.rows * max(column.span for column in self.columns) ** 2

    @cached_property
    def pivots(self) -> list[int]:
        """What each pivot is at most: the product of as many of the diagonal."""
        diagonal = [self.rows, *(self.rows * column.span**2 for column in self.columns)]
        return list(itertools.accumulate(diagonal, operator.mul))

    @cached_property
    def minors(self) -> int:
        """No minor of the matrix of sums of products is larger, for it is at most the product of the diagonal
        (Hadamard, for matrices that are positive semidefinite)."""
        return self.pivots[-1]

    @cached_property
    def denominators(self) -> int:
        return self.rows * self.minors

    @cached_property
    def bits(self) -> int:
        """Of the largest whole number on the way, with its sign."""
        shift = 1 + sum(abs(column.low) for column in self.columns)
        numerators = max(self.minors * shift * 10**self.decimals, FIT_PARTS * self.denominators)
        largest = 4 * max(numerators, MARGIN * self.denominators)
        return max(_NARROWEST, largest.bit_length() + 2)

    def of(self, input_id: str) -> list[Term]:
        return [column for column in self.columns if column.input == input_id]


def design(spec: Specification, asked: Any) -> Design:
    """Refused when a column has no limits."""
    lengths: Mapping[str, int] = {entry.id: entry.padded_rows for entry in spec.inputs}
    names = [reference.column for reference in asked.predictors]
    terms: list[Term] = []
    for reference in asked.predictors:
        once = names.count(reference.column) == 1
        terms.extend(_terms(spec, reference, reference.column if once else f"{reference.input}.{reference.column}"))
    low, high = deriving.limits(spec, asked.outcome.input, asked.outcome.column)
    outcome = Term(asked.outcome.input, asked.outcome.column, asked.outcome.column, low, high)
    return Design(tuple(terms), outcome, lengths[asked.base], asked.decimals)


def _terms(spec: Specification, reference: ColumnRef, name: str) -> list[Term]:
    """One column; of categories one for each but the first, with which the others are compared."""
    if column_of(spec, reference.input, reference.column).type.kind != "code":
        low, high = deriving.limits(spec, reference.input, reference.column)
        return [Term(reference.input, reference.column, name, low, high)]
    kinds = categories(spec, reference.input, reference.column)
    return [
        Term(reference.input, reference.column, f"{name} = {kind}", 0, 1, place)
        for place, kind in enumerate(kinds)
        if place
    ]
