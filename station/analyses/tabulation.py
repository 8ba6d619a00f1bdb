"""What the analyses that count and add up per cell have in common: cells, rules, estimate and the plain reference.

A cell is a combination of groups: columns of the base list, columns of joined lists, and derived bands. Its count is
the number of base rows that stand in every list (but the optional ones) and meet every condition and derived bit.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Annotated, Any

from pydantic import Field

from station.analyses import derived as deriving
from station.analyses.analysis import Estimate, Lists, OutputColumn
from station.analyses.columns import MOST_CELLS, categories, column_of, condition_reasons, input_of
from station.analyses.joins import join_reasons, joins
from station.reasons import Reason, Refused
from station.specification import ColumnName, ColumnRef, Condition, Input, Key, Specification, Strict

COUNT = "count"
MOST_INNER = 500  # combinations of groups that are not columns of the base list
MOST_ENTRIES = 40_000_000  # of the table of rows by combinations that is held on shares
MOST_ROUNDED = 262_000  # rows of a list whose counts can be rounded inside
DUMMIES = 600  # ids that each list of a join is filled up with, as in station.alignment.noise


class Sum(Strict):
    """A column to add up. ``cap``: larger numbers count as this one, at the station that has them."""

    input: Key
    column: ColumnName
    cap: Annotated[int, Field(ge=1, le=deriving.LARGEST)]


@dataclass(frozen=True)
class Tabulation:
    """What is tabulated, the same for all analyses. ``shares`` are bits that are counted beside the count itself."""

    base: str
    groups: list[ColumnRef] = field(default_factory=list)
    bands: list[str] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    derived: list[Any] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    shares: list[str] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    dominance_percent: int = 50

    @property
    def measures(self) -> int:
        return 1 + len(self.shares) + len(self.sums)

    def base_groups(self) -> list[ColumnRef]:
        return [group for group in self.groups if group.input == self.base]

    def groups_of(self, input_id: str) -> list[ColumnRef]:
        return [group for group in self.groups if group.input == input_id]

    def required(self, spec: Specification) -> list[Input]:
        return [entry for entry in spec.inputs if entry.id != self.base and entry.id not in self.optional]

    def least_sum(self, entry: Sum) -> int:
        """A sum below this could be more than ``dominance_percent`` of one contributor."""
        return -(-100 * entry.cap // self.dominance_percent)

    def band(self, name: str) -> Any:
        return next(one for one in self.derived if one.name == name)


def labels(spec: Specification, what: Tabulation) -> list[tuple[str, ...]]:
    """The labels of all cells, in row-major order: the groups in their order, then the bands."""
    columns = [categories(spec, group.input, group.column) for group in what.groups]
    return list(itertools.product(*columns, *(what.band(name).labels for name in what.bands)))


def columns(spec: Specification, what: Tabulation) -> list[OutputColumn]:
    names = [OutputColumn(group.column, measure=False) for group in what.groups]
    names += [OutputColumn(name, measure=False) for name in what.bands]
    counts = [OutputColumn(COUNT, measure=True), *(OutputColumn(f"count_{name}", measure=True) for name in what.shares)]
    return [*names, *counts, *(OutputColumn(f"sum_{one.column}", measure=True, counts=False) for one in what.sums)]


def base_cells(spec: Specification, what: Tabulation) -> int:
    return prod(len(categories(spec, group.input, group.column)) for group in what.base_groups())


def inner_widths(spec: Specification, what: Tabulation) -> list[int]:
    """How many combinations each joined list has of its own groups, in the order of the lists; then each band's."""
    lists = [
        prod(len(categories(spec, group.input, group.column)) for group in what.groups_of(entry.id))
        for entry in spec.inputs
        if entry.id != what.base
    ]
    return [*lists, *(len(what.band(name).labels) for name in what.bands)]


def placed(spec: Specification, what: Tabulation) -> list[tuple[int, int]]:
    """For every cell of ``labels`` (its cell of the base list, its place among the inner combinations)."""
    order = [group for group in what.groups if group.input == what.base]
    inner = [g for entry in spec.inputs if entry.id != what.base for g in what.groups_of(entry.id)]
    sizes = {(g.input, g.column): len(categories(spec, g.input, g.column)) for g in what.groups}
    found = []
    ranges = [range(sizes[g.input, g.column]) for g in what.groups]
    for place in itertools.product(*ranges, *(range(len(what.band(name).labels)) for name in what.bands)):
        at = {(g.input, g.column): p for g, p in zip(what.groups, place, strict=False)}
        outer_place = inner_place = 0
        for g in order:
            outer_place = outer_place * sizes[g.input, g.column] + at[g.input, g.column]
        for g in inner:
            inner_place = inner_place * sizes[g.input, g.column] + at[g.input, g.column]
        for name, p in zip(what.bands, place[len(what.groups) :], strict=True):
            inner_place = inner_place * len(what.band(name).labels) + p
        found.append((outer_place, inner_place))
    return found


def reasons(spec: Specification, what: Tabulation) -> list[Reason]:
    """Everything that is wrong with a tabulation."""
    found = list(join_reasons(spec, what.base))
    if spec.input(what.base) is None:
        return found
    for group in {(g.input, g.column): g for g in what.groups}.values():
        found.extend(_group_reasons(spec, what, group))
    for condition in what.conditions:
        found.extend(condition_reasons(spec, condition))
        if condition.input in what.optional:
            facts: dict[str, str | int] = {"input": condition.input, "column": condition.column}
            found.append(Reason("grouped_counts.group_optional", facts))
    for name in what.optional:
        if spec.input(name) is None or name == what.base:
            found.append(Reason("specification.unknown_input", {"input": name}))
    found.extend(deriving.reasons(spec, what.derived))
    found.extend(deriving.bit_reasons(what.derived, [*what.where, *what.shares]))
    banded = {one.name for one in what.derived if one.kind == "bands"}
    found.extend(Reason("derived.unknown", {"name": name}) for name in what.bands if name not in banded)
    for entry in what.sums:
        found.extend(_sum_reasons(spec, entry))
    if spec.disclosure.rounding_base and (what.sums or input_of(spec, what.base).padded_rows > MOST_ROUNDED):
        found.append(Reason("grouped_counts.rounding", {"base": spec.disclosure.rounding_base}))
    return found or list(_size_reasons(spec, what))


def estimate(spec: Specification, what: Tabulation) -> Estimate:
    """Fitted to what ``bin/bench`` measured; seconds of a station's own processor and its traffic."""
    base = input_of(spec, what.base)
    bits = deriving.comparisons(spec, what.derived)
    inner, cells = prod(inner_widths(spec, what)), base_cells(spec, what)
    entries = base.padded_rows * inner * what.measures
    shown = cells * inner * what.measures
    joined = sum(base.padded_rows + one.input.padded_rows + 2 * DUMMIES for one in joins(spec, what.base))
    seconds = 1.5 + 8e-6 * joined + 3e-8 * base.padded_rows * bits + 2e-7 * entries + 8e-4 * shown
    sent = 44 * joined + 40 * entries + base.padded_rows * (60 + bits) + 2_000 * shown
    return Estimate(max(1, round(seconds)), max(1, round(sent / 1e6)))


def plain(spec: Specification, what: Tabulation, lists: Lists) -> list[int]:
    """The values of every cell after the rules, row by row of the base list in plain Python; 0 is suppressed."""
    tallies: dict[tuple[str, ...], list[int]] = {}
    population: dict[tuple[str, ...], int] = {}
    for key, cells in lists[what.base].items():
        row: dict[str, Any] = {entry.id: lists[entry.id].get(key) for entry in spec.inputs}
        if not all(_meets(c, cells) for c in what.conditions if c.input == what.base):
            continue
        outer = tuple(_text(cells[group.column]) for group in what.base_groups())
        population[outer] = population.get(outer, 0) + 1
        made = deriving.plain(what.derived, row)
        if not _counts(spec, what, row, made):
            continue
        cell = (*(_text(row[group.input][group.column]) for group in what.groups),
                *(what.band(name).labels[made[name]] for name in what.bands))  # fmt: skip
        tally = tallies.setdefault(cell, [0] * what.measures)
        amounts = [min((row[s.input] or {}).get(s.column, 0), s.cap) for s in what.sums]
        for place, number in enumerate([1, *(made[name] for name in what.shares), *amounts]):
            tally[place] += number
    values = [value for cell in labels(spec, what) for value in _shown(spec, what, cell, tallies, population)]
    return rounded(values, spec.disclosure.rounding_base)


def rounded(values: list[int], base: int) -> list[int]:
    """To the nearest multiple; a half goes up. 0 means: not."""
    return [(value + base // 2) // base * base for value in values] if base else values


def _counts(spec: Specification, what: Tabulation, row: Any, made: dict[str, int]) -> bool:
    """Whether a row of the base list that meets its owner's own conditions is counted."""
    needed = {entry.id for entry in what.required(spec)} | {g.input for g in what.groups}
    if any(row[name] is None for name in needed) or not all(made[name] for name in what.where):
        return False
    return all(_meets(condition, row[condition.input]) for condition in what.conditions)


def _shown(
    spec: Specification, what: Tabulation, cell: tuple[str, ...], tallies: dict[Any, list[int]], population: Any
) -> Iterator[int]:
    k, both = spec.disclosure.k, spec.disclosure.two_sided
    outer = tuple(label for label, group in zip(cell, what.groups, strict=False) if group.input == what.base)
    count, *others = tallies.get(cell, [0] * what.measures)
    is_shown = count >= k and (not both or population.get(outer, 0) - count >= k)
    yield count if is_shown else 0
    bits, sums = others[: len(what.shares)], others[len(what.shares) :]
    for number in bits:
        yield number if is_shown and number >= k and (not both or count - number >= k) else 0
    for number, entry in zip(sums, what.sums, strict=True):
        yield number if is_shown and number >= what.least_sum(entry) else 0


def _meets(condition: Condition, cells: Any) -> bool:
    return deriving.COMPARE[condition.op](cells[condition.column], condition.value)


def _text(cell: Any) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _group_reasons(spec: Specification, what: Tabulation, group: ColumnRef) -> list[Reason]:
    facts: dict[str, str | int] = {"input": group.input, "column": group.column}
    if [g.column for g in what.groups].count(group.column) > 1:
        return [Reason("grouped_counts.group_twice", facts)]
    if group.column in {column.name for column in columns(spec, what) if column.measure}:
        return [Reason("grouped_counts.group_name", facts)]
    if group.input in what.optional:
        return [Reason("grouped_counts.group_optional", facts)]
    try:
        column = column_of(spec, group.input, group.column)
        if not categories(spec, group.input, group.column):
            return [Reason("grouped_counts.group_type", facts)]
    except Refused as refusal:
        return refusal.reasons
    return [] if column.use == "group" else [Reason("specification.column_use", {**facts, "use": "group"})]


def _sum_reasons(spec: Specification, entry: Sum) -> list[Reason]:
    facts: dict[str, str | int] = {"input": entry.input, "column": entry.column}
    try:
        column = column_of(spec, entry.input, entry.column)
        low, _high = deriving.limits(spec, entry.input, entry.column)
    except Refused as refusal:
        return refusal.reasons
    if low < 0:
        return [Reason("analysis.sum_negative", facts)]
    return [] if column.use == "measure" else [Reason("specification.column_use", {**facts, "use": "measure"})]


def _size_reasons(spec: Specification, what: Tabulation) -> Iterator[Reason]:
    inner = prod(inner_widths(spec, what))
    cells = base_cells(spec, what) * inner
    if cells > MOST_CELLS or inner > MOST_INNER:
        yield Reason("grouped_counts.cells", {"cells": cells, "most": MOST_CELLS})
    elif input_of(spec, what.base).padded_rows * inner * what.measures > MOST_ENTRIES:
        yield Reason("grouped_counts.entries", {"most": MOST_ENTRIES})
