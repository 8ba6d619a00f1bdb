"""``party.column`` in a specification file's parameters, and what each column is used for."""

from __future__ import annotations

from typing import Any

from station.reasons import Refused

VALUES = {
    "time": "measure", "event": "measure", "group": "group", "household": "record", "household_kind": "group",
    "own_amount": "measure", "record": "record",
}  # fmt: skip
"""Parameters that are one column, and what that is used for."""


def full_references(parameters: dict[str, Any]) -> dict[str, Any]:
    """Writes every ``party.column`` in full, as the specification has it: ``{input: party, column: column}``."""
    full = dict(parameters)
    for name in ("group_by", "others"):
        if isinstance(given := full.get(name), list):
            full[name] = [_split(one) if isinstance(one, str) else one for one in given]
    if isinstance(sums := full.get("sums"), list):
        full["sums"] = [_condition(one) for one in sums]
    if isinstance(derived := full.get("derived"), list):
        full["derived"] = [_derived(one) for one in derived]
    for name in VALUES:
        if isinstance(full.get(name), str):
            full[name] = _split(full[name])
    if isinstance(conditions := full.get("conditions"), list):
        full["conditions"] = [_condition(condition) for condition in conditions]
    return full


def columns_used(parameters: dict[str, Any], organisation: str) -> dict[str, str]:
    """column -> ``group``, ``condition`` or ``measure`` for one party, in the order of the parameters."""
    uses: dict[str, str] = {}
    named = [
        *VALUES.items(), ("group_by", "group"), ("others", "measure"), ("sums", "measure"), ("conditions", "condition"),
    ]  # fmt: skip
    for name, use in named:
        given = parameters.get(name) or []
        for entry in [given] if isinstance(given, dict) else given:
            if isinstance(entry, dict) and entry.get("input") == organisation:
                uses.setdefault(str(entry.get("column")), use)
    for one in parameters.get("derived") or []:
        for entry in one.get("terms", [one]) if isinstance(one, dict) else []:
            if isinstance(entry, dict) and entry.get("input") == organisation and entry.get("column"):
                uses.setdefault(str(entry["column"]), "measure" if "terms" in one else "condition")
    return uses


def _derived(one: Any) -> Any:
    if isinstance(one, dict) and isinstance(one.get("terms"), list):
        return one | {"terms": [_condition(term) for term in one["terms"]]}
    return _condition(one)


def _condition(condition: Any) -> Any:
    if isinstance(condition, dict) and "input" not in condition and isinstance(condition.get("column"), str):
        return condition | _split(condition["column"])
    return condition


def _split(reference: str) -> dict[str, str]:
    party, dot, column = reference.partition(".")
    if not (party and dot and column):
        raise Refused("own_data.reference", reference=reference[:80])
    return {"input": party, "column": column}
