"""Counting and adding up per cell on shares (docs/protocols/grouped_counts.md). Ends in shares; nothing is opened.

The base owner puts its rows in the order of their cells before anything else, so that prefix sums, which each holder of
a share makes alone, already hold the counts: what is left is to pick the end of every cell, with one oblivious move.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.alignment.keystream import Positions
from station.alignment.sharing import Share, move, other
from station.analyses.columns import input_of
from station.analyses.own_rows import Numbers, cell_of, meets_all, numbers_of
from station.analyses.tabulation import Tabulation, base_cells, inner_widths, placed
from station.datasets import Rows
from station.engine import derived as deriving
from station.engine import mpc
from station.engine.align import Beside, Given, align, largest_join, plans
from station.engine.program import Setting, Shared
from station.engine.vectors import Vectors
from station.specification import Specification

_SLICE = 500  # cells compared at a time


@dataclass(frozen=True)
class Layout:
    """The base list in the order of its cells. Known to its owner alone.

    Every cell holds one row without an id (so that it has an end of its own, also when it is empty); rows that do not
    meet the owner's own conditions and padding stand behind the last cell.
    """

    ids: list[str | None]
    ends: Positions
    population: Positions  # rows of each cell that meet the owner's own conditions
    given: Numbers  # per row: 1 when it is a row of the list, then what it gives


@dataclass(frozen=True)
class Computing:
    """What differs between engines: how vectors are compared, and how the disclosure rule is applied to the sums."""

    vectors: Callable[[Setting, tuple[int, int]], Vectors]
    disclose: Callable[[Vectors, Tabulation, Share, Positions, tuple[int, int]], Awaitable[Shared]]


def layout(spec: Specification, what: Tabulation, rows: Rows) -> Layout:
    base, cells = input_of(spec, what.base), base_cells(spec, what)
    padding = base.padded_rows - len(rows)
    own = np.where(meets_all(spec, base.id, rows), cell_of(spec, what.base_groups(), rows), cells)
    cell = np.concatenate((np.arange(cells), own, np.full(padding, cells)))
    order = np.argsort(cell, kind="stable")
    ids = [*[None] * cells, *rows.ids, *[None] * padding]
    mine = np.concatenate((np.ones((len(rows), 1), dtype=np.int64), _extras(spec, what, base.id, rows)), axis=1)
    padded = np.zeros((cells + base.padded_rows, mine.shape[1]), dtype=np.int64)
    padded[cells : cells + len(rows)] = mine
    ends = np.searchsorted(cell[order], np.arange(cells), side="right") - 1
    return Layout(
        [ids[place] for place in order], ends, np.bincount(own, minlength=cells + 1)[:cells], padded[order]
    )  # fmt: skip


def largest_message(spec: Specification, what: Tabulation) -> int:
    rows = input_of(spec, what.base).padded_rows + base_cells(spec, what)
    entries = prod(inner_widths(spec, what)) * what.measures
    return largest_join(spec, rows, _widths(spec, what)) + 8 * rows * entries


async def run(setting: Setting, what: Tabulation, computing: Computing | None = None) -> dict[str, Shared]:
    """``computing``: the engine's own way with comparisons; MPyC's when none is given."""
    computing = computing or Computing(Vectors, _disclose)
    spec, cells = setting.spec, base_cells(setting.spec, what)
    base = input_of(spec, what.base)
    owner, rows = setting.point_of(base.organisation), base.padded_rows + cells
    own = layout(spec, what, setting.rows[base.id]) if setting.circle.me == owner else None
    joined = plans(setting, base.id, rows, _widths(spec, what))
    given: dict[str, Given] = {name: partial(_given, spec, what, name) for name in joined}
    beside = await align(setting, joined, ids=own.ids if own else (), given=given, until=50)
    if beside is None:
        return {}
    vectors = computing.vectors(setting, next(iter(beside.values())).holders)
    table, giver = await _table(vectors, what, beside, own, owner, rows)
    await setting.step("grouping", 70)
    width = prod(inner_widths(spec, what)) * what.measures
    picked = await move(
        setting.circle, None if table is None else field.running_sum(table), own.ends if own else None, mapper=owner,
        giver=giver, label="cells", size=rows, moved=cells, width=width,
    )  # fmt: skip
    sums = None if picked is None else field.differences(picked)
    population = own.population if own else np.zeros(cells, dtype=np.int64)
    shared = await computing.disclose(vectors, what, sums, population, (owner, other(owner, giver)))
    return {output.name: shared for output in spec.outputs}


def _widths(spec: Specification, what: Tabulation) -> dict[str, int]:
    """How many numbers go along with each id of a joined list."""
    joined = [entry.id for entry in spec.inputs if entry.id != what.base]
    groups = dict(zip(joined, inner_widths(spec, what), strict=False))
    return {name: groups[name] + _extra_width(what, name) for name in joined}


def _extra_width(what: Tabulation, input_id: str) -> int:
    return len(deriving.items(what.derived, input_id)) + sum(entry.input == input_id for entry in what.sums)


def _extras(spec: Specification, what: Tabulation, input_id: str, rows: Rows) -> Numbers:
    """What derived columns need, then the columns that are added up, cut off at their caps."""
    amounts = [np.minimum(numbers_of(rows, s.column), s.cap) for s in what.sums if s.input == input_id]
    derived = deriving.given(spec, what.derived, input_id, rows)
    return np.concatenate((derived, np.array(amounts, dtype=np.int64).reshape(len(amounts), len(rows)).T), axis=1)


def _given(spec: Specification, what: Tabulation, input_id: str, rows: Rows) -> Numbers:
    """Per row of a joined list: one bit per combination of its groups (it is that one and meets all), then the rest."""
    groups = what.groups_of(input_id)
    number = _widths(spec, what)[input_id] - _extra_width(what, input_id)
    meets = meets_all(spec, input_id, rows)
    ones = (cell_of(spec, groups, rows)[:, None] == np.arange(number)) & meets[:, None]
    return np.concatenate((ones.astype(np.int64), _extras(spec, what, input_id, rows)), axis=1)


async def _table(
    vectors: Vectors, what: Tabulation, beside: dict[str, Beside], own: Layout | None, owner: int, rows: int
) -> tuple[Share, int]:
    """Per row of the base list and inner combination the measures, shared by the owner and who is told beside it."""
    only = next(iter(beside.values()))
    if len(beside) == 1 and not what.derived and not what.sums and not what.optional:
        return only.share, only.holders[1]  # as it was moved; nothing more to compute
    spec, columns = vectors.setting.spec, deriving.Columns(vectors, vectors.setting.spec, what.derived)
    mine = await _own_columns(vectors, what, own, owner, rows)
    entered = {what.base: mine[:, 1:]}
    widths, groups = _widths(spec, what), []
    for name, one in beside.items():
        table = await vectors.enter(one.share, one.holders, (rows, widths[name]))
        number = widths[name] - _extra_width(what, name)
        if name not in what.optional:
            groups.append(table[:, :number])
        entered[name] = table[:, number:]
    for name, table in entered.items():
        columns.take(name, table)
    await columns.compute()
    kept = await _population(vectors, what, groups or [mine[:, :1]], columns)
    amounts = [_amount(what, entered, place) for place in range(len(what.sums))]
    factors = [*(columns.bits[name] for name in what.shares), *amounts]
    measured = [kept, *[await vectors.multiply(kept, factor[:, None]) for factor in factors]]
    holders = (owner, only.holders[1])
    table = np.stack(measured, axis=2).reshape(rows, -1)
    return await vectors.leave(table, holders), holders[1]


async def _own_columns(vectors: Vectors, what: Tabulation, own: Layout | None, owner: int, rows: int) -> Elements:
    """What the base owner itself gives per row."""
    width = 1 + _extra_width(what, what.base)
    if width == 1 and not what.optional:
        return field.zeros((rows, 1))  # its rows need no mark: another list must have them
    return await vectors.own(owner, field.elements(own.given) if own else None, (rows, width))


async def _population(
    vectors: Vectors, what: Tabulation, groups: Sequence[Elements], columns: deriving.Columns
) -> Elements:
    """Rows by inner combinations: which rows are counted where."""
    parts = [*groups, *(np.stack(columns.bands[name], axis=1) for name in what.bands)]
    kept = parts[0]
    for name in what.where:
        kept = await vectors.multiply(kept, columns.bits[name][:, None])
    for part in parts[1:]:
        both = await vectors.multiply(kept[:, :, None], part[:, None, :])
        kept = both.reshape(both.shape[0], -1)
    return kept


def _amount(what: Tabulation, entered: dict[str, Elements], place: int) -> Elements:
    """The column of numbers of one sum: they stand behind what the derived columns of that list need."""
    entry = what.sums[place]
    before = sum(other_one.input == entry.input for other_one in what.sums[:place])
    column: Elements = entered[entry.input][:, len(deriving.items(what.derived, entry.input)) + before]
    return column


async def _disclose(
    vectors: Vectors, what: Tabulation, sums: Share, population: Positions, holders: tuple[int, int]
) -> Shared:
    """The disclosure rule inside, in the order of the table: what fails becomes 0, and 0 means "suppressed"."""
    spec, runtime = vectors.setting.spec, vectors.runtime
    order = placed(spec, what)
    rows = input_of(spec, what.base).padded_rows
    most = max(rows, spec.disclosure.k, *(max(rows * s.cap, what.least_sum(s)) for s in what.sums))
    number = mpc.whole_numbers(runtime, most)
    cells, sums = in_order(spec, what, sums)
    counted = await vectors.lifted(number, sums, holders, cells.size * what.measures, most)
    whole = population[[outer for outer, _inner in order]].astype(object)
    kept: list[list[int]] = [[] for _ in range(what.measures)]
    for start in range(0, cells.size, _SLICE):
        end = min(start + _SLICE, cells.size)
        parts = [counted(m * cells.size + start, m * cells.size + end) for m in range(what.measures)]
        population_part = None
        if spec.disclosure.two_sided:
            population_part = runtime.input(number.array(whole[start:end]), senders=holders[0] - 1)
        for place, shown in enumerate(_ruled(spec, what, parts, population_part)):
            share = await runtime.gather(shown)
            kept[place].extend(int(value) % number.field.modulus for value in share.value)
        await vectors.setting.step("comparing", 75 + 23 * end // cells.size)
    values = [value for cell in zip(*kept, strict=True) for value in cell]
    if base := spec.disclosure.rounding_base:
        values = (await vectors.rounded(np.array(values, dtype=np.uint64), base, rows)).tolist()
    return Shared(int(number.field.modulus), values)


def in_order(spec: Specification, what: Tabulation, sums: Share) -> tuple[Positions, Share]:
    """The cells as the table has them, and the sums in that order, one measure after another."""
    width = prod(inner_widths(spec, what))
    cells = np.array([outer * width + inner for outer, inner in placed(spec, what)], dtype=np.int64)
    return cells, None if sums is None else sums.reshape(-1, what.measures)[cells].T.reshape(-1)


def _ruled(spec: Specification, what: Tabulation, parts: list[Any], population: Any) -> list[Any]:
    """A count stays if it (and, two-sided, what is left of its cell) is at least k; a share if that holds of it within
    the count; a sum if it is large enough that nobody can be too large a part of it. And only where the count stays.
    """
    k, count = spec.disclosure.k, parts[0]
    stays = _stays(k, count, population)
    shown = [count * stays]
    for part in parts[1 : 1 + len(what.shares)]:
        rest = count if spec.disclosure.two_sided else None
        shown.append(part * (stays * _stays(k, part, rest)))
    for part, entry in zip(parts[1 + len(what.shares) :], what.sums, strict=True):
        shown.append(part * (stays * (1 - (part < what.least_sum(entry)))))
    return shown


def _stays(k: int, count: Any, whole: Any) -> Any:
    stays = 1 - (count < k)
    return stays if whole is None else stays * (1 - (whole - count < k))
