"""Any analysis over rows that a test made: two to eight lists, what the parties compute and what plain Python says."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from demo import plain
from station.analyses import catalogue
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from station.datasets import read_input
from station.engine.program import Setting
from station.output import reconstruct, share_document
from station.output import table as output_table
from station.specification import Specification
from tests.station.engine.circles import GIVERS, NAMES, SECONDS, Message, together
from tests.station.engine.questions import NINE_DIGITS, TEXT

Rows = Sequence[Sequence[object]]


@dataclass
class List:
    """``columns``: name -> (type, use), after the key; ``rows``: key first."""

    columns: dict[str, tuple[dict[str, Any], str]]
    rows: Rows
    padding: int = 0


@dataclass
class Case:
    """``lists``: organisation -> list; the first one is the base list, of a party that computes."""

    analysis: str
    parameters: dict[str, Any]
    lists: dict[str, List]
    k: int = 2
    two_sided: bool = False
    rounding: int = 0
    key: dict[str, Any] = field(default_factory=lambda: NINE_DIGITS)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    retention: list[dict[str, Any]] = field(default_factory=list)
    computing: tuple[str, ...] = NAMES
    engine: str = "mpyc"

    @property
    def specification(self) -> Specification:
        spec = read_specification(self.document())
        assert specification_reasons(spec) == []
        return spec

    def document(self) -> dict[str, Any]:
        base = next(iter(self.lists))
        everyone = list(dict.fromkeys([*self.computing, *self.lists]))
        checker = next(name for name in self.computing if name != base)
        table = {"name": "table", "kind": "aggregate_table", "title": TEXT, "recipients": [base], "checker": checker,
                 "shown_on_platform": True, "use": TEXT}  # fmt: skip
        return {
            "schema": "nicpet.specification/1", "title": TEXT, "purpose": TEXT, "asker": base,
            "parties": [self._party(name, base) for name in everyone],
            "inputs": [self._input(name, entry) for name, entry in self.lists.items()],
            "analysis": self.analysis, "engine": self.engine, "parameters": self.parameters,
            "disclosure": {"k": self.k, "two_sided": self.two_sided, "rounding_base": self.rounding},
            "outputs": self.outputs or [table], "retention": self.retention,
            "schedule": {"recurrence": "once", "start": "2026-01-01", "end": "2026-12-31", "slots": 3},
        }  # fmt: skip

    def write(self, folder: Path) -> dict[str, Path]:
        """One CSV per list."""
        folder.mkdir(parents=True, exist_ok=True)
        files = {name: folder / f"{name}.csv" for name in self.lists}
        for name, entry in self.lists.items():
            with files[name].open("w", encoding="utf-8", newline="") as opened:
                writer = csv.writer(opened, lineterminator="\n")
                writer.writerows([["id", *entry.columns], *(map(_cell, row) for row in entry.rows)])
        return files

    def check(self, *, watch: list[Message] | None = None) -> dict[str, list[int]]:
        """What the parties compute, by output: it equals the plain reference."""
        with tempfile.TemporaryDirectory() as folder:
            files = self.write(Path(folder))
            expected = plain.values(self.specification, files)
            computed = self.computed(files, watch=watch)
        agrees = catalogue()[self.analysis].agrees
        assert computed.keys() == expected.keys()
        for name, values in computed.items():
            assert agrees(self.specification, values, expected[name]), (values, expected[name])
        return computed

    def table(self) -> list[list[Any]]:
        """The rows of the (checked) table, computed and the same in plain Python."""
        spec = self.specification
        output = spec.outputs[0]
        rows: list[list[Any]] = output_table(spec, output, self.check()[output.name])["rows"]
        return rows

    def computed(self, files: dict[str, Path], *, watch: list[Message] | None = None) -> dict[str, list[int]]:
        spec, givers = self.specification, len(set(self.lists) - set(NAMES))
        program = import_module(f"station.analyses.{self.analysis}.{self.engine}_program")
        names = (*NAMES, *GIVERS[:givers])
        assert set(self.lists) <= set(names)

        async def play(trio: Any) -> dict[str, Any]:
            me = names[trio.me - 1]
            rows = {i.id: read_input({"path": str(files[me]), "format": "csv"}, i) for i in spec.inputs_of(me)}
            return await program.run(Setting(spec, trio, rows, lambda _phase, _percent: None))

        got = together(play, watch=watch, givers=givers, seconds=600 if self.engine == "spu" else SECONDS)
        assert all(got[point] == {} for point in got if point > 3)
        return {output.name: reconstruct([
            share_document(session="s", output=output.name, sender=NAMES[point - 1], point=point,
                           modulus=got[point][output.name].modulus, values=got[point][output.name].values)
            for point in (1, 2, 3)
        ]) for output in spec.outputs}  # fmt: skip

    def _party(self, name: str, base: str) -> dict[str, Any]:
        receives = name == base or any(name in output["recipients"] for output in self.outputs)
        has = {"input_party": name in self.lists, "computing_party": name in self.computing, "result_party": receives}
        roles = [role for role, is_so in has.items() if is_so]
        return {"organisation": name, "name": name.title(), "capacity": "joint_controller", "party_roles": roles}

    def _input(self, name: str, entry: List) -> dict[str, Any]:
        columns = [_column("id", self.key, "join_key"), *(_column(c, t, u) for c, (t, u) in entry.columns.items())]
        return {
            "id": name, "organisation": name, "dataset": "rows", "subject_category": TEXT,
            "padded_rows": len(entry.rows) + entry.padding, "columns": columns,
        }  # fmt: skip


def _column(name: str, kind: dict[str, Any], use: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "data_class": "ordinary", "use": use, "description": TEXT,
            "justification": TEXT}  # fmt: skip


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def number(low: int, high: int) -> tuple[dict[str, Any], str]:
    """A column that takes part as a number."""
    return {"kind": "int", "minimum": low, "maximum": high}, "measure"


def code(*values: str, use: str = "group") -> tuple[dict[str, Any], str]:
    return {"kind": "code", "values": list(values)}, use
