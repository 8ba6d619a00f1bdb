"""Inputs and columns that parameters name: found, and checked against what the specification declares of them."""

from __future__ import annotations

import unicodedata

from station.reasons import Reason, Refused
from station.specification import Column, ColumnType, Condition, Input, Specification

_ORDERED = {"gt", "ge", "lt", "le"}
MOST_CELLS = 20_000
_LARGEST = 2**62  # whole numbers of a station are in 64 bits


def input_of(spec: Specification, input_id: str) -> Input:
    entry = spec.input(input_id)
    if entry is None:
        raise Refused("specification.unknown_input", input=input_id)
    return entry


def column_of(spec: Specification, input_id: str, name: str) -> Column:
    found = next((column for column in input_of(spec, input_id).columns if column.name == name), None)
    if found is None:
        raise Refused("specification.unknown_column", input=input_id, column=name)
    return found


def categories(spec: Specification, input_id: str, name: str) -> list[str]:
    """The declared categories of a column as text; a bool is ``true`` and ``false``, an int its range."""
    kind = column_of(spec, input_id, name).type
    if kind.kind == "code":
        return list(kind.values)
    if kind.kind == "bool":
        return ["false", "true"]
    if kind.kind == "int" and kind.minimum is not None and kind.maximum is not None:
        return [str(number) for number in range(kind.minimum, min(kind.maximum, kind.minimum + MOST_CELLS) + 1)]
    raise Refused("grouped_counts.group_type", input=input_id, column=name)


def condition_reasons(spec: Specification, condition: Condition) -> list[Reason]:
    """What is wrong with one condition: its column, the form of its value, its operator."""
    facts: dict[str, str | int] = {"input": condition.input, "column": condition.column}
    try:
        column = column_of(spec, condition.input, condition.column)
    except Refused as refusal:
        return refusal.reasons
    if column.use == "join_key":
        return [Reason("specification.column_use", {**facts, "use": "condition"})]
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    right_form = isinstance(condition.value, list) == (condition.op == "in")
    if not values or not right_form or not all(_fits(column.type, value) for value in values):
        return [Reason("specification.condition_value", {**facts, "kind": column.type.kind})]
    if condition.op in _ORDERED and column.type.kind != "int":
        return [Reason("specification.condition_order", {**facts, "op": condition.op})]
    if column.type.kind == "code" and (unknown := [str(v) for v in values if v not in column.type.values]):
        return [Reason("specification.condition_category", {**facts, "value": unknown[0]})]
    return []


def _fits(kind: ColumnType, value: bool | int | str) -> bool:
    """Whether a cell of this type could hold the value, in the form in which stations read it."""
    if kind.kind == "int":
        return type(value) is int and abs(value) <= _LARGEST
    if kind.kind == "bool":
        return type(value) is bool
    if kind.kind == "digits":
        return isinstance(value, str) and len(value) == kind.length and value.isascii() and value.isdigit()
    return kind.kind in ("code", "text") and isinstance(value, str) and unicodedata.is_normalized("NFC", value)
