"""Households below a norm on shares (docs/protocols/household_threshold.md). Ends in shares; nothing is opened.

The base owner lays its people out as households x places, so that adding up a household needs no message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.alignment.sharing import Share
from station.analyses.columns import input_of
from station.analyses.household_threshold.analysis import ANALYSIS, Parameters, kinds, limits
from station.analyses.own_rows import Numbers, meets, numbers_of
from station.datasets import Rows
from station.engine import mpc
from station.engine.align import Beside, Given, align, largest_join, plans
from station.engine.program import Setting, Shared
from station.engine.vectors import Vectors, opposite
from station.reasons import Refused
from station.specification import Specification


@dataclass(frozen=True)
class Layout:
    """Known to the base owner alone. Person p of household h stands at place ``p * households + h``."""

    ids: list[str | None]
    names: list[str]
    room: Numbers  # per household: its norm less its own amounts
    marks: Numbers  # households x kinds: 1 where a household is of that kind and looked at


def layout(spec: Specification, asked: Parameters, rows: Rows) -> Layout:
    names = [str(name) for name in rows.columns[asked.household.column]]
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    of = np.array([places[name] for name in names], dtype=np.int64)
    if len(places) > asked.households:
        raise Refused("household.too_many", number=len(places), most=asked.households)
    ids: list[str | None] = [None] * (asked.households * asked.persons)
    for key, household, person in zip(rows.ids, of.tolist(), _persons(of, asked), strict=True):
        ids[person * asked.households + household] = key
    kind = _kind(asked, rows, of)
    norm_of = {norm.category: norm.amount for norm in asked.norms}
    norms = np.array([norm_of[name] for name in kinds(spec, asked)], dtype=np.int64)
    room = np.zeros(asked.households, dtype=np.int64)
    room[: len(places)] = norms[kind]
    np.subtract.at(room, of, numbers_of(rows, asked.own_amount.column))
    looked_at = np.ones(len(places), dtype=bool)
    for condition in asked.conditions:
        looked_at[of[~meets(spec, condition, rows)]] = False
    marks = np.zeros((asked.households, norms.size), dtype=np.int64)
    marks[np.flatnonzero(looked_at), kind[looked_at]] = 1
    return Layout(ids, list(places), room, marks)


def largest_message(spec: Specification) -> int:
    asked = ANALYSIS.read(spec)
    size = asked.households * asked.persons
    return largest_join(spec, size, _widths(spec, asked)) + 8 * asked.households * len(kinds(spec, asked))


async def run(setting: Setting) -> dict[str, Shared]:
    spec, asked = setting.spec, ANALYSIS.read(setting.spec)
    base = input_of(spec, asked.base)
    owner = setting.point_of(base.organisation)
    own = layout(spec, asked, setting.rows[base.id]) if setting.circle.me == owner else None
    joined = plans(setting, base.id, asked.households * asked.persons, _widths(spec, asked))
    given: dict[str, Given] = {name: partial(_given, asked, name) for name in joined}
    beside = await align(setting, joined, ids=own.ids if own else (), given=given, until=20)
    if beside is None:
        return {}
    vectors = Vectors(setting, next(iter(beside.values())).holders)
    flags = await _below(vectors, asked, beside, own, owner)
    shape = (asked.households, len(kinds(spec, asked)))
    marks = await vectors.own(owner, field.elements(own.marks) if own else None, shape)
    kept = await vectors.multiply(flags, _sum(marks, axis=1))
    counts = await _counts(vectors, asked, flags, marks, own, owner)
    index = own.names if own else None
    return {o.name: Shared(field.P, counts + (kept.tolist() if o.kind == "record_list" else []),
                           index if o.kind == "record_list" else None) for o in spec.outputs}  # fmt: skip


async def _below(
    vectors: Vectors, asked: Parameters, beside: Mapping[str, Beside], own: Layout | None, owner: int
) -> Elements:
    """One bit per household: what all lists know of it, added up, is below its norm."""
    shape = (asked.households,)
    total = await vectors.own(owner, field.elements(-own.room) if own else None, shape)
    for one in beside.values():
        total = field.add(total, await vectors.enter(_per_household(one.share, asked), one.holders, shape))
    low, high = limits(vectors.setting.spec, asked)
    return opposite(await vectors.at_least(total, 0, low, high))


async def _counts(
    vectors: Vectors, asked: Parameters, flags: Elements, marks: Elements, own: Layout | None, owner: int
) -> list[int]:
    """How many of each kind, after the rule: every party multiplies and adds up what it has; only sums travel."""
    spec, runtime = vectors.setting.spec, vectors.runtime
    sums = await vectors.leave(_sum(field.multiply(flags[:, None], marks), axis=0), vectors.holders)
    size, k = marks.shape[1], spec.disclosure.k
    number = mpc.whole_numbers(runtime, max(asked.households, k))
    count = (await vectors.lifted(number, sums, vectors.holders, size, asked.households))(0, size)
    shown = count * (1 - (count < k))
    if spec.disclosure.two_sided:
        mine = own.marks.sum(axis=0).astype(object) if own else np.zeros(size, dtype=object)
        looked_at = runtime.input(number.array(mine), senders=owner - 1)
        shown = shown * (1 - (looked_at - count < k))
    share = await runtime.gather(shown)
    if int(number.field.modulus) != field.P:
        raise AssertionError("counts of households fit our own field")
    values = [int(value) % field.P for value in share.value]
    if base := spec.disclosure.rounding_base:
        values = (await vectors.rounded(np.array(values, dtype=np.uint64), base, asked.households)).tolist()
    return values


def _per_household(share: Share, asked: Parameters) -> Share:
    """Over the places of a household and the columns of a list; adding up shares needs no message."""
    if share is None:
        return None
    return _sum(_sum(share.reshape(asked.persons, asked.households, -1), axis=2), axis=0)


def _sum(table: Elements, *, axis: int) -> Elements:
    parts = np.moveaxis(table, axis, 0)
    return field.reduce(np.asarray(field.running_sum(parts)[-1]))


def _widths(spec: Specification, asked: Parameters) -> dict[str, int]:
    return {entry.id: max(1, sum(ref.input == entry.id for ref in asked.others)) for entry in spec.inputs}


def _given(asked: Parameters, input_id: str, rows: Rows) -> Numbers:
    columns = [numbers_of(rows, ref.column) for ref in asked.others if ref.input == input_id]
    return np.stack(columns or [np.zeros(len(rows), dtype=np.int64)], axis=1)


def _persons(of: Numbers, asked: Parameters) -> list[int]:
    """For each row the how manieth of its household it is."""
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], of[order], side="left")
    person = np.empty_like(of)
    person[order] = np.arange(of.size) - starts
    if of.size and int(person.max()) >= asked.persons:
        raise Refused("household.too_large", number=int((person == asked.persons).sum()), most=asked.persons)
    return [int(place) for place in person]


def _kind(asked: Parameters, rows: Rows, of: Numbers) -> Numbers:
    """Per household its kind; its people must agree on it."""
    kind = numbers_of(rows, asked.household_kind.column)
    found = np.zeros(int(of.max()) + 1, dtype=np.int64)
    found[of] = kind
    if wrong := len(set(of[found[of] != kind].tolist())):
        raise Refused("household.two_kinds", number=wrong)
    return found
