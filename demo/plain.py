"""The same question answered in the open, in plain Python over the parties' files. Only demo and tests may do this:
it is what the computation on shares must equal."""

from __future__ import annotations

import csv
import itertools
import operator
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from station.analyses.grouped_counts.analysis import Parameters
from station.specification import Condition, Specification

Row = dict[str, str]
TRUE = {"true", "1", "yes", "ja", "t"}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "in": lambda value, among: value in among,
}


def table(spec: Specification, files: Mapping[str, Path]) -> dict[str, Any]:
    """``{columns, rows, suppressed}`` of a grouped count; ``files``: organisation -> CSV. Refuses what it cannot do."""
    if spec.analysis != "grouped_counts" or spec.disclosure.rounding_base:
        raise NotImplementedError(f"no plain computation for {spec.analysis} with this rounding")
    parameters = Parameters.model_validate(spec.parameters)
    lists = {entry.id: _read(spec, entry.id, files[entry.organisation]) for entry in spec.inputs}
    names = [group.column for group in parameters.group_by]
    all_rows, meeting = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    own = [condition for condition in parameters.conditions if condition.input == parameters.base]
    others = [condition for condition in parameters.conditions if condition.input != parameters.base]
    joined = {entry.id for entry in spec.inputs if entry.id != parameters.base}
    for key, row in lists[parameters.base].items():
        if not all(meets(spec, condition, row) for condition in own):
            continue
        cell = tuple(row[name] for name in names)
        all_rows[cell] += 1
        present = all(key in lists[other] for other in joined)
        meeting[cell] += present and all(meets(spec, c, lists[c.input][key]) for c in others)
    return _shown(spec, names, all_rows, meeting)


def _shown(
    spec: Specification, names: list[str], all_rows: Counter[tuple[str, ...]], meeting: Counter[tuple[str, ...]]
) -> dict[str, Any]:
    """Every cell in the order of the declared categories; below the threshold: null."""
    k, rows = spec.disclosure.k, []
    base = spec.input(str(spec.parameters["base"]))
    types = {column.name: column.type for column in base.columns} if base else {}
    for cell in itertools.product(*(_categories(types[name]) for name in names)):
        count, rest = meeting[cell], all_rows[cell] - meeting[cell]
        shown = count >= k and (rest >= k or not spec.disclosure.two_sided)
        rows.append([*cell, count if shown else None])
    return {"columns": [*names, "count"], "rows": rows, "suppressed": sum(row[-1] is None for row in rows)}


def _read(spec: Specification, input_id: str, path: Path) -> dict[str, Row]:
    """id -> row."""
    entry = spec.input(input_id)
    key = next(column.name for column in entry.columns if column.use == "join_key") if entry else ""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return {row[key]: row for row in csv.DictReader(opened)}


def meets(spec: Specification, condition: Condition, row: Row) -> bool:
    entry = spec.input(condition.input)
    kind = next(column.type.kind for column in entry.columns if column.name == condition.column) if entry else "text"
    return COMPARE[condition.op](_value(kind, row[condition.column]), condition.value)


def _value(kind: str, text: str) -> object:
    if kind == "int":
        return int(text)
    return text.strip().lower() in TRUE if kind == "bool" else text


def _categories(column_type: Any) -> list[str]:
    if column_type.kind == "code":
        return list(column_type.values)
    if column_type.kind == "bool":
        return ["false", "true"]
    return [str(number) for number in range(column_type.minimum, column_type.maximum + 1)]
