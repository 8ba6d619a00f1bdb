"""Kaplan-Meier curves and the log-rank test, from released counts and nothing else, in decimal arithmetic.

Decimal, because every recipient has to come to the very text that the checker released: its roots, logarithms and
exponentials are rounded correctly everywhere.

Sources: product limit, Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958); variance, Greenwood (Reports on Public Health
33, 1926); limits by way of log(-log S), Kalbfleisch and Prentice (The Statistical Analysis of Failure Time Data, 1980,
section 1.3); log-rank, Mantel (Cancer Chemotherapy Reports 50, 1966) with the hypergeometric variance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from typing import Any

from station.analyses.survival.grid import Step

DIGITS = 40
PLACES = Decimal("0.0001")
NORMAL_975 = Decimal("1.959963984540054")  # the point that a standard normal number stays below 97.5 % of the time
Row = list[Any]


def curve_rows(groups: Sequence[str], steps: Sequence[Step], end: int) -> list[Row]:
    """group, from, to, at risk, events, survival at the end of the interval, and its 95 % limits; what is not shown
    of the grid is one row of nulls per group."""
    rows: list[Row] = []
    for place, group in enumerate(groups):
        for step, (survival, lower, upper) in zip(steps, _curve(steps, place), strict=True):
            numbers = [step.at_risk[place], step.events[place]]
            rows.append([group, step.start, step.end, *numbers, *map(_text, (survival, lower, upper))])
        if (shown := steps[-1].end if steps else 0) < end:
            rows.append([group, shown, end, *[None] * 5])
    return rows


def log_rank_rows(groups: Sequence[str], steps: Sequence[Step]) -> list[Row]:
    """Observed and expected events per group, the statistic, its degrees of freedom and p; null without any steps."""
    test = log_rank(steps)
    rows: list[Row] = []
    for place, group in enumerate(groups):
        rows.append([f"observed {group}", sum(step.events[place] for step in steps) if test else None])
        rows.append([f"expected {group}", _text(test[place]) if test else None])
    chi_squared, p = (_text(test[2]), p_value(test[2])) if test else (None, None)
    return [*rows, ["chi_squared", chi_squared], ["degrees_of_freedom", 1 if test else None], ["p_value", p]]


def log_rank(steps: Sequence[Step]) -> tuple[Decimal, Decimal, Decimal] | None:
    """(expected in the first group, in the second, chi-squared with one degree of freedom); None without variance."""
    with localcontext() as context:
        context.prec = DIGITS
        expected, variance = [Decimal(0), Decimal(0)], Decimal(0)
        for step in steps:
            at_risk, events = Decimal(sum(step.at_risk)), sum(step.events)
            parts = [Decimal(number) / at_risk for number in step.at_risk]
            expected = [before + events * part for before, part in zip(expected, parts, strict=True)]
            variance += events * parts[0] * parts[1] * (at_risk - events) / max(at_risk - 1, Decimal(1))
        if not variance:
            return None
        observed = sum(step.events[0] for step in steps)
        return expected[0], expected[1], (observed - expected[0]) ** 2 / variance


def p_value(chi_squared: Decimal) -> str:
    """The chance of at least this much when the groups do not differ: with one degree of freedom the statistic is a
    standard normal number squared, so P = erfc(sqrt(chi-squared / 2))."""
    p = math.erfc(math.sqrt(float(chi_squared) / 2))
    return f"{p:.4f}" if p >= 0.0001 else "< 0.0001"


def _curve(steps: Sequence[Step], place: int) -> Iterator[tuple[Decimal, Decimal | None, Decimal | None]]:
    """Survival after each step, with its limits; without limits where survival is 0 or 1, for which there are none."""
    with localcontext() as context:
        context.prec = DIGITS
        survival, total, found = Decimal(1), Decimal(0), []
        for step in steps:
            at_risk, events = step.at_risk[place], step.events[place]
            survival *= Decimal(at_risk - events) / at_risk
            if events < at_risk:
                total += Decimal(events) / (at_risk * (at_risk - events))
            found.append((survival, *_limits(survival, total)))
    yield from found


def _limits(survival: Decimal, total: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """S to the power exp(+-z s) with s = sqrt(Greenwood's sum) / |log S|: inside 0 and 1 by itself."""
    if not 0 < survival < 1:
        return None, None
    wide = (NORMAL_975 * total.sqrt() / abs(survival.ln())).exp()
    return (survival.ln() * wide).exp(), (survival.ln() / wide).exp()


def _text(number: Decimal | None) -> str | None:
    """Four decimals, as text: a released table holds no floating point."""
    return None if number is None else str(number.quantize(PLACES))
