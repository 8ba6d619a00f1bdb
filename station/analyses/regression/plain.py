"""Regression in the open. Linear in fractions: what the computation on shares must equal to the last decimal. Logistic
in floating point, which fixed point on shares comes near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor

import numpy as np

from station.analyses import derived as deriving
from station.analyses.analysis import Lists
from station.analyses.columns import categories
from station.analyses.regression.design import FIT_PARTS, MARGIN, Design, Term
from station.specification import Condition, Specification

Row = list[int]
_NEWTON, _STEADY, _WORST_CONDITION = 8, 1 / 32, 1e7


def rows(spec: Specification, made: Design, base: str, conditions: Sequence[Condition], lists: Lists) -> list[Row]:
    """Of everybody who stands in all lists and meets all conditions: 1, the predictors, the outcome; each less its
    minimum."""
    return [list(row) for row in _rows(spec, made, base, conditions, lists)]


def _rows(spec: Specification, made: Design, base: str, conditions: Sequence[Condition], lists: Lists) -> Iterator[Row]:
    for key in lists[base]:
        cells = {name: known[key] for name, known in lists.items() if key in known}
        if len(cells) < len(lists):
            continue
        if all(deriving.COMPARE[c.op](cells[c.input][c.column], c.value) for c in conditions):
            yield [1, *(_number(spec, column, cells[column.input][column.column]) for column in made.columns)]


def _number(spec: Specification, column: Term, cell: object) -> int:
    return column.of(cell, categories(spec, column.input, column.column) if column.place is not None else [])


def enough(spec: Specification, made: Design, least: int, table: list[Row]) -> bool:
    """Rows, and of every column of yes and no enough of both."""
    k, number = spec.disclosure.k, len(table)
    both = [sum(row[1 + place] for row in table) for place, term in enumerate(made.columns) if term.says_yes_or_no]
    return number >= least and all(k <= ones <= number - k for ones in both)


def fitted(made: Design, table: list[Row], margin: int = MARGIN) -> list[int]:
    """Coefficients in their last decimal, number of rows, explained thousandths; each so that none is 0. Zeros when
    there is no single answer, or one that fits too well."""
    nothing = [0] * (made.coefficients + 2)
    sums = [[Fraction(sum(row[i] * row[j] for row in table)) for j in range(made.coefficients + 1)]
            for i in range(made.coefficients + 1)]  # fmt: skip
    whole = sums[-1][-1] - sums[0][-1] ** 2 / len(table)
    solved = _eliminated(sums)
    if solved is None:
        return nothing
    left = solved[-1][-1]
    if not left or FIT_PARTS * left < whole:
        return nothing
    found = [row[-1] for row in solved[:-1]]
    found[0] += made.outcome.low - sum(b * term.low for b, term in zip(found[1:], made.terms, strict=True))
    units = [floor(value * 10**made.decimals + Fraction(1, 2)) for value in found]
    if any(abs(value) * 10**made.decimals >= margin for value in found):
        return nothing
    explained = floor(FIT_PARTS * (1 - left / whole) + Fraction(1, 2))
    return [*(unit + MARGIN for unit in units), len(table), explained + 1]


def _eliminated(matrix: list[list[Fraction]]) -> list[list[Fraction]] | None:
    """All columns but the last swept; None when there is no pivot."""
    rest = [list(row) for row in matrix]
    for place in range(len(rest) - 1):
        if not rest[place][place]:
            return None
        rest[place] = [cell / rest[place][place] for cell in rest[place]]
        for other, row in enumerate(rest):
            if other != place:
                rest[other] = [cell - row[place] * own for cell, own in zip(row, rest[place], strict=True)]
    return rest


def fitted_logistic(made: Design, table: list[Row]) -> list[int]:
    """As ``fitted``, by Newton's method for the likelihood; zeros when that does not settle."""
    nothing, cells = [0] * (made.coefficients + 2), np.array(table, dtype=np.float64)
    y, x = cells[:, -1], cells[:, :-1].copy()
    x[:, 1:] = x[:, 1:] / [term.span for term in made.terms] - 0.5
    beta = np.zeros(made.coefficients)
    for _ in range(_NEWTON):
        chance = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        matrix = x.T @ (x * (chance * (1 - chance))[:, None])
        if np.linalg.cond(matrix) > _WORST_CONDITION:
            return nothing
        step = np.linalg.solve(matrix, x.T @ (y - chance))
        beta = beta + step
    left, whole = ((y - 1 / (1 + np.exp(-x @ beta))) ** 2).sum(), ((y - y.mean()) ** 2).sum()
    if np.abs(step).max() > _STEADY or FIT_PARTS * left < whole:
        return nothing
    slopes = beta[1:] / [term.span for term in made.terms]
    start = beta[0] - sum(b * (term.low + term.high) / 2 for b, term in zip(slopes, made.terms, strict=True))
    units = [floor(float(value) * 10**made.decimals + 0.5) for value in (start, *slopes)]
    return [*(unit + MARGIN for unit in units), len(table), floor(FIT_PARTS * (1 - left / whole) + 0.5) + 1]
