"""Columns that are derived from the columns of all parties: one piece for every analysis.

A *bit* is true or false per row of the base list, a *band* is one of a few ranges. What lies within one list is
evaluated by its owner in the clear; only what crosses lists is computed on shares. Nothing here computes on shares
(that is ``station/engine/derived.py``); ``plain`` is the reference that it must equal.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from station.analyses.columns import column_of, condition_reasons
from station.reasons import Reason, Refused
from station.specification import Category, ColumnName, Condition, Key, Operator, Specification, Strict

LARGEST = 2**44  # what a sum of terms can be; larger numbers make comparisons slow
Whole = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
Names = Annotated[list[Key], Field(min_length=1, max_length=20)]
Row = Mapping[str, Mapping[str, Any] | None]
"""One row of the base list with what belongs to it: input -> its cells, or None when it does not stand there."""

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
    "in": lambda value, among: value in among,
}  # fmt: skip


class Term(Strict):
    """``factor`` times a number; a row that does not stand in the list counts as 0."""

    input: Key
    column: ColumnName
    factor: Whole = 1


Terms = Annotated[list[Term], Field(min_length=1, max_length=20)]


class Present(Strict):
    """The row stands in that list."""

    kind: Literal["present"] = "present"
    name: Key
    input: Key


class Meets(Strict):
    """The row stands in that list and meets a condition on one column there."""

    kind: Literal["condition"] = "condition"
    name: Key
    input: Key
    column: ColumnName
    op: Operator
    value: bool | int | Category | list[int | Category]

    @property
    def condition(self) -> Condition:
        return Condition(input=self.input, column=self.column, op=self.op, value=self.value)


class Compares(Strict):
    """The sum of the terms, compared with a constant."""

    kind: Literal["compare"] = "compare"
    name: Key
    terms: Terms
    op: Literal["gt", "ge", "lt", "le"]
    value: Whole


class Bands(Strict):
    """In which range the sum of the terms falls; each bound begins the next range."""

    kind: Literal["bands"] = "bands"
    name: Key
    terms: Terms
    bounds: Annotated[list[Whole], Field(min_length=1, max_length=20)]

    @property
    def labels(self) -> list[str]:
        middle = [f"{low}..{high - 1}" for low, high in zip(self.bounds, self.bounds[1:], strict=False)]
        return [f"<{self.bounds[0]}", *middle, f">={self.bounds[-1]}"]


class Logic(Strict):
    """All, any or none of the bits named."""

    kind: Literal["all", "any", "none"]
    name: Key
    of: Names


class AtLeast(Strict):
    """At least so many of the bits named."""

    kind: Literal["at_least"] = "at_least"
    name: Key
    of: Names
    number: Annotated[int, Field(ge=1, le=20)]


Derived = Annotated[Present | Meets | Compares | Bands | Logic | AtLeast, Field(discriminator="kind")]
DerivedList = Annotated[list[Derived], Field(max_length=20)]


def reasons(spec: Specification, derived: Sequence[Any]) -> list[Reason]:
    """Everything that is wrong with derived columns; each may name only those before it."""
    found: list[Reason] = []
    bits: set[str] = set()
    names: set[str] = set()
    for one in derived:
        if one.name in names:
            found.append(Reason("derived.name_twice", {"name": one.name}))
        found.extend(_reasons(spec, one, bits))
        names.add(one.name)
        if one.kind != "bands":
            bits.add(one.name)
    return found


def bit_reasons(derived: Sequence[Any], wanted: Sequence[str]) -> list[Reason]:
    """Which of ``wanted`` are no bits that were derived."""
    bits = {one.name for one in derived if one.kind != "bands"}
    return [Reason("derived.unknown", {"name": name}) for name in wanted if name not in bits]


def span(spec: Specification, terms: Sequence[Term]) -> tuple[int, int]:
    """The least and the greatest that the sum of the terms can be, rows that stand nowhere included."""
    low = high = 0
    for term in terms:
        least, most = limits(spec, term.input, term.column)
        ends = (least * term.factor, most * term.factor, 0)
        low, high = low + min(ends), high + max(ends)
    return low, high


def limits(spec: Specification, input_id: str, column: str) -> tuple[int, int]:
    """The declared limits of a number; Refused when there are none, for then no width can be agreed."""
    kind = column_of(spec, input_id, column).type
    if kind.kind == "bool":
        return 0, 1
    if kind.kind != "int" or kind.minimum is None or kind.maximum is None or kind.minimum > kind.maximum:
        raise Refused("derived.no_limits", input=input_id, column=column)
    return kind.minimum, kind.maximum


def home_of(one: Any) -> str | None:
    """The list whose owner can evaluate this in the clear; None when it crosses lists, or is made of other bits."""
    if one.kind in ("present", "condition"):
        return str(one.input)
    if one.kind in ("compare", "bands"):
        owners = {term.input for term in one.terms}
        return owners.pop() if len(owners) == 1 else None
    return None


def comparisons(spec: Specification, derived: Sequence[Any]) -> int:
    """How many bits are compared on shares for each row of the base list: what derived columns cost."""
    total = 0
    for one in derived:
        if one.kind == "at_least":
            total += len(one.of).bit_length() + 1
        elif one.kind in ("compare", "bands") and home_of(one) is None:
            width = max(map(abs, span(spec, one.terms))).bit_length() + 1
            total += width * (len(one.bounds) if one.kind == "bands" else 1)
    return total


def columns_used(derived: Sequence[Any]) -> Iterator[tuple[str, str, str]]:
    """(input, column, use) of everything that is named."""
    for one in derived:
        if one.kind == "condition":
            yield one.input, one.column, "condition"
        for term in getattr(one, "terms", ()):
            yield term.input, term.column, "measure"


def plain(derived: Sequence[Any], row: Row) -> dict[str, int]:
    """The derived columns of one row, in plain Python: bits are 0 or 1, a band is its place."""
    made: dict[str, int] = {}
    for one in derived:
        made[one.name] = int(_plain(one, row, made))
    return made


def _plain(one: Any, row: Row, made: Mapping[str, int]) -> int:
    if one.kind == "present":
        return row.get(one.input) is not None
    if one.kind == "condition":
        cells = row.get(one.input)
        return cells is not None and COMPARE[one.op](cells[one.column], one.value)
    if one.kind in ("compare", "bands"):
        total = sum(term.factor * int((row.get(term.input) or {}).get(term.column, 0)) for term in one.terms)
        if one.kind == "compare":
            return COMPARE[one.op](total, one.value)
        return sum(total >= bound for bound in one.bounds)
    bits = [made[name] for name in one.of]
    if one.kind == "at_least":
        return sum(bits) >= one.number
    return {"all": all, "any": any, "none": lambda values: not any(values)}[one.kind](bits)


def _reasons(spec: Specification, one: Any, bits: set[str]) -> Iterator[Reason]:
    if one.kind == "present" and spec.input(one.input) is None:
        yield Reason("specification.unknown_input", {"input": one.input})
    if one.kind == "condition":
        yield from condition_reasons(spec, one.condition)
    for name in getattr(one, "of", ()):
        if name not in bits:
            yield Reason("derived.unknown", {"name": name})
    if one.kind == "bands" and sorted(set(one.bounds)) != one.bounds:
        yield Reason("derived.bounds", {"name": one.name})
    if one.kind in ("compare", "bands"):
        yield from _term_reasons(spec, one)


def _term_reasons(spec: Specification, one: Any) -> Iterator[Reason]:
    try:
        for term in one.terms:
            column = column_of(spec, term.input, term.column)
            if column.use != "measure":
                facts: dict[str, str | int] = {"input": term.input, "column": term.column, "use": "measure"}
                yield Reason("specification.column_use", facts)
        if max(map(abs, span(spec, one.terms))) > LARGEST:
            yield Reason("derived.too_large", {"name": one.name})
    except Refused as refusal:
        yield from refusal.reasons
