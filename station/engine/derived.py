"""Derived columns on shares. What lies within one list is given by its owner; what crosses lists is computed here."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from station.alignment import field
from station.alignment.field import Elements
from station.analyses import derived as deriving
from station.analyses.own_rows import Bits, Numbers, meets, numbers_of
from station.datasets import Rows
from station.engine.vectors import Vectors, constant
from station.specification import Specification


@dataclass(frozen=True)
class Item:
    """One column of numbers that an owner gives along with its ids; ``of``: a derived column, or a number's name."""

    of: str
    place: int = 0


def items(derived: Sequence[Any], input_id: str) -> list[Item]:
    """What the owner of a list gives for the derived columns, in an order that everybody knows."""
    found: list[Item] = []
    for one in derived:
        if deriving.home_of(one) == input_id:
            number = len(one.labels) if one.kind == "bands" else 1
            found.extend(Item(one.name, place) for place in range(number))
        elif one.kind in ("compare", "bands") and deriving.home_of(one) is None:
            found.extend(Item(f"#{term.column}") for term in one.terms if term.input == input_id)
    return list(dict.fromkeys(found))


def given(spec: Specification, derived: Sequence[Any], input_id: str, rows: Rows) -> Numbers:
    """Those columns, from the owner's own rows. A bit that is true where a row does not stand in the list is given as
    what must be added to 1, so that such a row, which gets 0, comes out right."""
    by_name = {one.name: one for one in derived}
    columns = []
    for item in items(derived, input_id):
        if item.of.startswith("#"):
            columns.append(numbers_of(rows, item.of[1:]))
        else:
            one = by_name[item.of]
            columns.append(_at_home(spec, one, item.place, rows).astype(np.int64) - _elsewhere(one, item.place))
    return np.stack(columns, axis=1) if columns else np.zeros((len(rows), 0), dtype=np.int64)


class Columns:
    """Derived columns as they come about, by name: a vector of bits each; of a band one vector per range."""

    def __init__(self, vectors: Vectors, spec: Specification, derived: Sequence[Any]) -> None:
        self.vectors, self.spec, self.derived = vectors, spec, derived
        self.numbers: dict[tuple[str, str], Elements] = {}
        self.bits: dict[str, Elements] = {}
        self.bands: dict[str, list[Elements]] = {}

    def take(self, input_id: str, table: Elements) -> None:
        """The columns that came along with one list."""
        by_name = {one.name: one for one in self.derived}
        for place, item in enumerate(items(self.derived, input_id)):
            column = table[:, place]
            if item.of.startswith("#"):
                self.numbers[input_id, item.of[1:]] = column
                continue
            one = by_name[item.of]
            bit = field.add(column, constant(column.shape, _elsewhere(one, item.place)))
            if one.kind == "bands":
                self.bands.setdefault(one.name, []).append(bit)
            else:
                self.bits[one.name] = bit

    async def compute(self) -> None:
        """What crosses lists, and what is made of other bits, in order."""
        for one in self.derived:
            if deriving.home_of(one) is None and one.kind in ("compare", "bands"):
                await self.vectors.setting.step("deriving", 55)
                await self._compare(one)
            elif deriving.home_of(one) is None:
                self.bits[one.name] = await self._logic(one)

    async def _compare(self, one: Any) -> None:
        low, high = deriving.span(self.spec, one.terms)
        total = self._total(one)
        if one.kind == "compare":
            limit = one.value + (one.op in ("gt", "le"))
            bit = await self.vectors.at_least(total, limit, low, high)
            self.bits[one.name] = bit if one.op in ("gt", "ge") else field.subtract(constant(bit.shape, 1), bit)
            return
        reached = [constant(total.shape, 1)]
        for bound in one.bounds:
            reached.append(await self.vectors.at_least(total, bound, low, high))
        reached.append(constant(total.shape, 0))
        self.bands[one.name] = [field.subtract(a, b) for a, b in itertools.pairwise(reached)]

    def _total(self, one: Any) -> Elements:
        total = None
        for term in one.terms:
            part = field.multiply(self.numbers[term.input, term.column], term.factor)
            total = part if total is None else field.add(total, part)
        if total is None:
            raise AssertionError("a sum has terms")
        return total

    async def _logic(self, one: Any) -> Elements:
        bits = [self.bits[name] for name in one.of]
        if one.kind == "all":
            return await self.vectors.all_of(bits)
        if one.kind == "at_least":
            total = bits[0]
            for bit in bits[1:]:
                total = field.add(total, bit)
            return await self.vectors.at_least(total, one.number, 0, len(bits))
        none = await self.vectors.none_of(bits)
        return none if one.kind == "none" else field.subtract(constant(none.shape, 1), none)


def _at_home(spec: Specification, one: Any, place: int, rows: Rows) -> Bits:
    if one.kind == "present":
        return np.ones(len(rows), dtype=bool)
    if one.kind == "condition":
        return meets(spec, one.condition, rows)
    total = sum((term.factor * numbers_of(rows, term.column).astype(object) for term in one.terms), np.int64(0))
    if one.kind == "compare":
        return np.asarray(deriving.COMPARE[one.op](total, one.value), dtype=bool)
    return np.asarray(_place(one, total) == place, dtype=bool)


def _elsewhere(one: Any, place: int) -> int:
    """What the bit is for a row that does not stand in the list: its numbers count as 0."""
    if one.kind == "compare":
        return int(deriving.COMPARE[one.op](0, one.value))
    return int(_place(one, 0) == place) if one.kind == "bands" else 0


def _place(one: Any, total: Any) -> Any:
    return sum(np.asarray(total >= bound, dtype=np.int64) for bound in one.bounds)
