"""Grouped counts over rows that a test made: the specification, the files, the engine's table and the plain one."""

from __future__ import annotations

import csv
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from demo import plain
from station.analyses.grouped_counts import mpyc_program
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from station.datasets import read_input
from station.engine.program import Setting
from station.output import reconstruct, share_document, table
from station.specification import Specification
from tests.station.engine.circles import NAMES, Message, together

TEXT = {"nl": "verzonnen", "en": "invented"}
NINE_DIGITS = {"kind": "digits", "length": 9}
Rows = Sequence[Sequence[object]]


@dataclass
class Listed:
    """One party's list. ``columns``: name -> type, after the key; ``rows``: key first."""

    columns: dict[str, dict[str, Any]]
    rows: Rows
    padding: int = 0
    conditions: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Question:
    """``lists``: organisation -> its list; ``base`` is one of them; ``groups`` are columns of the base."""

    base: str
    lists: dict[str, Listed]
    groups: list[str]
    k: int = 2
    two_sided: bool = True
    key: dict[str, Any] = field(default_factory=lambda: NINE_DIGITS)

    @property
    def specification(self) -> Specification:
        spec = read_specification(self.document())
        assert specification_reasons(spec) == []
        return spec

    def document(self) -> dict[str, Any]:
        others = [name for name in NAMES if name != self.base]
        conditions = [
            {"input": name, **condition} for name, listed in self.lists.items() for condition in listed.conditions
        ]
        return {
            "schema": "nicpet.specification/1", "title": TEXT, "purpose": TEXT, "asker": self.base,
            "parties": [_party(name, name in self.lists, name == self.base) for name in NAMES],
            "inputs": [self._input(name, listed) for name, listed in self.lists.items()],
            "analysis": "grouped_counts", "engine": "mpyc",
            "parameters": {
                "base": self.base, "group_by": [{"input": self.base, "column": name} for name in self.groups],
                "conditions": conditions,
            },
            "disclosure": {"k": self.k, "two_sided": self.two_sided, "rounding_base": 0},
            "outputs": [{"name": "table", "kind": "aggregate_table", "title": TEXT, "recipients": [self.base],
                         "checker": others[0], "shown_on_platform": True, "use": TEXT}],
            "retention": [],
            "schedule": {"recurrence": "once", "start": "2026-01-01", "end": "2026-12-31", "slots": 3},
        }  # fmt: skip

    def write(self, folder: Path) -> dict[str, Path]:
        """One CSV per list."""
        folder.mkdir(parents=True, exist_ok=True)
        files = {name: folder / f"{name}.csv" for name in self.lists}
        for name, listed in self.lists.items():
            with files[name].open("w", encoding="utf-8", newline="") as opened:
                writer = csv.writer(opened, lineterminator="\n")
                writer.writerows([["id", *listed.columns], *listed.rows])
        return files

    def plain(self, folder: Path) -> dict[str, Any]:
        return plain.table(self.specification, self.write(folder))

    def computed(self, folder: Path, *, watch: list[Message] | None = None) -> dict[str, Any]:
        """By three parties in this process."""
        spec, shares = self.specification, together(self.player(folder), watch=watch)
        return table(spec, spec.outputs[0], reconstruct(list(shares.values())))

    def player(self, folder: Path) -> Any:
        """What each party does, for ``together``: reads its own list, computes, gives its share."""
        spec, files = self.specification, self.write(folder)

        async def play(trio: Any) -> dict[str, Any]:
            me = NAMES[trio.me - 1]
            rows = {i.id: read_input({"path": str(files[me]), "format": "csv"}, i) for i in spec.inputs_of(me)}
            shared = (await mpyc_program.run(Setting(spec, trio, rows, lambda _phase, _percent: None)))["table"]
            return share_document(
                session="s", output="table", sender=me, point=trio.me, modulus=shared.modulus, values=shared.values
            )

        return play

    def _input(self, name: str, listed: Listed) -> dict[str, Any]:
        used = {condition["column"] for condition in listed.conditions}
        columns = [
            _column(column, kind, "group" if column in self.groups and name == self.base else "condition")
            for column, kind in listed.columns.items()
            if column in used or (name == self.base and column in self.groups)
        ]
        columns.insert(0, _column("id", self.key, "join_key"))
        return {
            "id": name, "organisation": name, "dataset": "rows", "subject_category": TEXT,
            "padded_rows": len(listed.rows) + listed.padding, "columns": columns,
        }  # fmt: skip


def _party(name: str, gives: bool, asks: bool) -> dict[str, Any]:
    roles = [*(["input_party"] if gives else []), "computing_party", *(["result_party"] if asks else [])]
    return {"organisation": name, "name": name.title(), "capacity": "joint_controller", "party_roles": roles}


def _column(name: str, kind: dict[str, Any], use: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "data_class": "ordinary",
        "use": use,
        "description": TEXT,
        "justification": TEXT,
    }


# --- invented lists ---

ARREARS = {"cents": {"kind": "int"}}
OWES = [{"column": "cents", "op": "gt", "value": 0}]


def number(place: int) -> str:
    return f"{place:09d}"


def register(sizes: dict[str, int], **more: object) -> Listed:
    """A base list with so many rows per place."""
    places = [place for place, size in sizes.items() for _ in range(size)]
    rows = [[number(n), place] for n, place in enumerate(places)]
    return Listed({"place": {"kind": "code", "values": list(sizes)}}, rows, **more)


def debts(ids: range | list[int], cents: int = 1, **more: object) -> Listed:
    return Listed(ARREARS, [[number(n), cents] for n in ids], conditions=OWES, **more)


# --- drawn by hypothesis ---

_LETTERS = string.ascii_letters + string.digits + "éßŁ漢ह😀,\"' ;/"
WORDS = (
    st.text(_LETTERS, min_size=1, max_size=8)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: text)
)
KEYS: dict[str, tuple[dict[str, Any], st.SearchStrategy[str]]] = {
    "digits": (NINE_DIGITS, st.integers(0, 10**9 - 1).map("{:09d}".format)),
    "hex": ({"kind": "hex", "length": 6}, st.integers(0, 16**6 - 1).map("{:06x}".format)),
    "uuid": ({"kind": "uuid"}, st.uuids().map(str)),
    "text": ({"kind": "text", "max_length": 20}, WORDS),
    "int": ({"kind": "int"}, st.integers(-(2**62), 2**62).map(str)),
}
_CODES = ["Ede", "'s-Gravenhage", "Łódź 漢"]
_INTEGERS = st.one_of(st.integers(-3, 3), st.sampled_from([-(2**62), 2**62]))
KINDS: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any], tuple[str, ...]]] = {
    "int": ({"kind": "int"}, _INTEGERS, ("eq", "ne", "gt", "ge", "lt", "le", "in")),
    "bool": ({"kind": "bool"}, st.booleans(), ("eq", "ne")),
    "code": ({"kind": "code", "values": _CODES}, st.sampled_from(_CODES), ("eq", "ne", "in")),
    "text": ({"kind": "text"}, WORDS, ("eq", "ne")),
    "digits": ({"kind": "digits", "length": 1}, st.integers(0, 9).map(str), ("eq", "ne", "in")),
}
GROUPS: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any]]] = {
    "place": ({"kind": "code", "values": _CODES}, st.sampled_from(_CODES)),
    "flag": ({"kind": "bool"}, st.booleans()),
    "age": ({"kind": "int", "minimum": -1, "maximum": 1}, st.integers(-1, 1)),
}


def cell(value: object) -> object:
    """As it stands in a file."""
    return str(value).lower() if isinstance(value, bool) else value


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Two or three lists at any party, any key, groups, conditions and threshold; ids partly in common."""
    order = draw(st.permutations(NAMES))
    names = order[: draw(st.integers(2, 3))]
    key, ids = KEYS[draw(st.sampled_from(sorted(KEYS)))]
    known = draw(st.lists(ids, min_size=1, max_size=14, unique=True))
    groups = draw(st.lists(st.sampled_from(sorted(GROUPS)), min_size=1, max_size=3, unique=True))
    lists = {name: draw(_listed(known, groups if name == names[0] else [])) for name in names}
    return Question(names[0], lists, groups, k=draw(st.integers(2, 4)), two_sided=draw(st.booleans()), key=key)


@st.composite
def _listed(draw: st.DrawFn, known: list[str], groups: list[str]) -> Listed:
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=2))
    columns = {f"c{place}": KINDS[kind][0] for place, kind in enumerate(kinds)}
    values = [*(KINDS[kind][1] for kind in kinds), *(GROUPS[name][1] for name in groups)]
    ids = draw(st.lists(st.sampled_from(known), min_size=1, unique=True)) if draw(st.booleans()) else known
    rows = [[key, *map(cell, draw(st.tuples(*values)))] for key in ids]
    conditions = [draw(_condition(f"c{place}", kind)) for place, kind in enumerate(kinds)]
    all_columns = columns | {name: GROUPS[name][0] for name in groups}
    return Listed(all_columns, rows, padding=draw(st.integers(0, 4)), conditions=conditions)


@st.composite
def _condition(draw: st.DrawFn, column: str, kind: str) -> dict[str, Any]:
    _, values, operators = KINDS[kind]
    op = draw(st.sampled_from(operators))
    value = draw(st.lists(values, min_size=1, max_size=3) if op == "in" else values)
    return {"column": column, "op": op, "value": value}
