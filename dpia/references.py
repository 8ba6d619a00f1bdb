"""What an answer can point at: parties, data and outputs of the facts document, or the rows of another answer.

A reference is a key; what it is called is read again each time, so a new name shows everywhere at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]
Both = dict[str, str]
Choices = list[tuple[str, Both]]

LONGEST = 120


def partners(facts: Facts) -> Choices:
    return [(party["organisation"], _same(party["name"])) for party in facts["parties"]]


def controllers(facts: Facts) -> Choices:
    kept = [party for party in facts["parties"] if party["capacity"] in ("controller", "joint_controller")]
    return [(party["organisation"], _same(party["name"])) for party in kept]


def columns(facts: Facts) -> Choices:
    """Every column that goes in, as ``input.column``."""
    return [
        (f"{entry['id']}.{column['name']}", _same(f"{entry['dataset']}: {column['name']}"))
        for entry in facts["specification"]["inputs"]
        for column in entry["columns"]
    ]


def subjects(facts: Facts) -> Choices:
    """Groups of people, by the input that they are in."""
    return [(entry["id"], entry["subject_category"]) for entry in facts["specification"]["inputs"]]


def outputs(facts: Facts) -> Choices:
    return [(output["name"], output["title"]) for output in facts["specification"]["outputs"]]


def bases(facts: Facts) -> Choices:
    return [
        (f"{basis['organisation']}.{basis['row']}", _same(f"{basis['law_id']} {basis['article']}"))
        for basis in facts["bases"]
    ]


OF_FACTS: dict[str, Callable[[Facts], Choices]] = {
    function.__name__: function for function in (partners, controllers, columns, subjects, outputs, bases)
}


def of_rows(rows: Any) -> Choices:
    """The rows of an answer that have an id, numbered and called by the first thing they say; and papers."""
    return list(_rows(rows))


def _rows(rows: Any) -> Iterator[tuple[str, Both]]:
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        if isinstance(row, dict) and row.get("id"):
            said = str(row.get("risk") or row.get("measure") or "")[:LONGEST]
            yield row["id"], _same(f"{number}. {said}")
        elif isinstance(row, dict) and row.get("sha256"):
            yield row["sha256"], _same(str(row.get("name") or ""))


def _same(text: str) -> Both:
    """A name is the same in both languages."""
    return {"nl": text or "–", "en": text or "–"}
