"""Curves and test in the open, over the parties' files, with floating point: what the released text must come to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any

from demo.plain import lists_of
from station.analyses.survival import plain
from station.analyses.survival.analysis import Parameters, groups
from station.analyses.survival.plain import Period, Person
from station.specification import Output, Specification


def table(spec: Specification, output: Output, files: Mapping[str, Path]) -> dict[str, Any]:
    """What the computation on shares must equal."""
    asked = Parameters.model_validate(spec.parameters)
    names, end = groups(spec), asked.horizon // asked.interval
    people = plain.people(asked, names, lists_of(spec, files))
    periods = list(plain.periods(asked, spec.disclosure, people))
    if output.kind == "scalar":
        columns, rows = ["measure", "value"], _test(people, names, periods)
    else:
        columns = [asked.group.column, "from", "to", "at_risk", "events", "survival", "lower", "upper"]
        rows = [row for group in (0, 1) for row in _curve(people, group, names[group], periods, asked.interval, end)]
    place = columns.index("value" if output.kind == "scalar" else "events")
    return {"columns": columns, "rows": rows, "suppressed": sum(row[place] is None for row in rows)}


def _curve(
    people: list[Person], group: int, name: str, periods: list[Period], interval: int, end: int
) -> Iterator[list[Any]]:
    survival, greenwood, z = 1.0, 0.0, NormalDist().inv_cdf(0.975)
    for start, stop in periods:
        at_risk = sum(1 for left, _event, of in people if of == group and left >= start)
        events = sum(1 for left, event, of in people if of == group and event and start <= left < stop)
        survival *= 1 - events / at_risk
        limits: list[str | None] = [None, None]
        if events < at_risk:
            greenwood += events / at_risk / (at_risk - events)
            if survival < 1:
                wide = z * math.sqrt(greenwood) / math.log(survival)
                limits = [f"{survival ** math.exp(-wide):.4f}", f"{survival ** math.exp(wide):.4f}"]
        yield [name, start * interval, stop * interval, at_risk, events, f"{survival:.4f}", *limits]
    if (shown := periods[-1][1] if periods else 0) < end:
        yield [name, shown * interval, end * interval, None, None, None, None, None]


def _test(people: list[Person], names: list[str], periods: list[Period]) -> list[list[Any]]:
    observed, expected, variance = [0, 0], [0.0, 0.0], 0.0
    for start, stop in periods:
        there = [sum(1 for left, _e, of in people if of == group and left >= start) for group in (0, 1)]
        died = [sum(1 for left, e, of in people if of == group and e and start <= left < stop) for group in (0, 1)]
        all_there, all_died = sum(there), sum(died)
        for group in (0, 1):
            observed[group] += died[group]
            expected[group] += all_died * there[group] / all_there
        if all_there > 1:
            variance += all_died * there[0] * there[1] * (all_there - all_died) / all_there**2 / (all_there - 1)
    if not variance:
        return [[measure, None] for measure in (*_measures(names), "chi_squared", "degrees_of_freedom", "p_value")]
    chi_squared = (observed[0] - expected[0]) ** 2 / variance
    p = 2 * (1 - NormalDist().cdf(math.sqrt(chi_squared)))
    found: list[Any] = [observed[0], f"{expected[0]:.4f}", observed[1], f"{expected[1]:.4f}", f"{chi_squared:.4f}", 1]
    measures = [*_measures(names), "chi_squared", "degrees_of_freedom", "p_value"]
    return [list(row) for row in zip(measures, [*found, f"{p:.4f}" if p >= 0.0001 else "< 0.0001"], strict=True)]


def _measures(names: list[str]) -> list[str]:
    return [f"{what} {name}" for name in names for what in ("observed", "expected")]
