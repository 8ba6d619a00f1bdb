"""The base list as households x places, so that adding up a household needs no message; the same on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.alignment.sharing import Share
from station.analyses.columns import input_of
from station.analyses.household_threshold.analysis import ANALYSIS, Parameters, kinds
from station.analyses.own_rows import Numbers, meets, numbers_of
from station.datasets import Rows
from station.engine.align import Beside, Given, align, largest_join, plans
from station.engine.program import Setting
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


async def aligned(setting: Setting) -> tuple[Mapping[str, Beside] | None, Layout | None, int]:
    """The other lists in the order of the households; the layout at its owner; who that is."""
    spec, asked = setting.spec, ANALYSIS.read(setting.spec)
    base = input_of(spec, asked.base)
    owner = setting.point_of(base.organisation)
    own = layout(spec, asked, setting.rows[base.id]) if setting.circle.me == owner else None
    joined = plans(setting, base.id, asked.households * asked.persons, _widths(spec, asked))
    given: dict[str, Given] = {name: partial(_given, asked, name) for name in joined}
    return await align(setting, joined, ids=own.ids if own else (), given=given, until=20), own, owner


def per_household(share: Share, asked: Parameters) -> Share:
    """Over the places of a household and the columns of a list; adding up shares needs no message."""
    if share is None:
        return None
    return total(total(share.reshape(asked.persons, asked.households, -1), axis=2), axis=0)


def total(table: Elements, *, axis: int) -> Elements:
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
