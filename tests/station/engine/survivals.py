"""Survival over rows that a test made: the specification, the files, the engine's tables and the plain ones."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from station.analyses.survival import mpyc_program
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from station.datasets import read_input
from station.engine.program import Setting
from station.output import reconstruct, share_document, table
from station.specification import Specification
from tests.station.engine import open_survival
from tests.station.engine.circles import NAMES, Message, together
from tests.station.engine.questions import KEYS, NINE_DIGITS, TEXT

Tables = dict[str, dict[str, Any]]
OUTPUTS = {"curves": "aggregate_table", "test": "scalar"}


@dataclass
class Followed:
    """``times``: id, time, event [, group]; ``others``: id [, group]. The group stands in the list of ``knows``."""

    times: Sequence[Sequence[object]]
    others: Sequence[Sequence[object]]
    knows: str = "others"
    owners: tuple[str, str] = ("alpha", "beta")
    interval: int = 3
    horizon: int = 12
    k: int = 2
    two_sided: bool = True
    min_events: int = 1
    padding: tuple[int, int] = (0, 0)
    key: dict[str, Any] = field(default_factory=lambda: NINE_DIGITS)
    groups: dict[str, Any] = field(default_factory=lambda: {"kind": "code", "values": ["A", "B"]})
    conditions: Sequence[dict[str, Any]] = ()

    @property
    def specification(self) -> Specification:
        spec = read_specification(self.document())
        assert specification_reasons(spec) == []
        return spec

    def document(self) -> dict[str, Any]:
        base, joined = self.owners
        group = base if self.knows == "times" else joined
        helper = next(name for name in NAMES if name not in self.owners)
        return {
            "schema": "nicpet.specification/1", "title": TEXT, "purpose": TEXT, "asker": base,
            "parties": [_party(name, name in self.owners, name == base) for name in NAMES],
            "inputs": [self._input(base, len(self.times) + self.padding[0], ["time", "event"]),
                       self._input(joined, len(self.others) + self.padding[1], [])],
            "analysis": "survival", "engine": "mpyc",
            "parameters": {
                "time": {"input": base, "column": "time"}, "event": {"input": base, "column": "event"},
                "group": {"input": group, "column": "arm"}, "interval": self.interval, "horizon": self.horizon,
                "min_events": self.min_events, "conditions": list(self.conditions),
            },
            "disclosure": {"k": self.k, "two_sided": self.two_sided, "rounding_base": 0},
            "outputs": [{"name": name, "kind": kind, "title": TEXT, "recipients": [base], "checker": helper,
                         "shown_on_platform": True, "use": TEXT} for name, kind in OUTPUTS.items()],
            "retention": [],
            "schedule": {"recurrence": "once", "start": "2026-01-01", "end": "2026-12-31", "slots": 3},
        }  # fmt: skip

    def write(self, folder: Path) -> dict[str, Path]:
        base, joined = self.owners
        arm = ["arm"]
        heads = {base: ["id", "time", "event", *(arm if self.knows == "times" else [])],
                 joined: ["id", *(arm if self.knows != "times" else [])]}  # fmt: skip
        files = {name: folder / f"{name}.csv" for name in self.owners}
        for name, rows in ((base, self.times), (joined, self.others)):
            with files[name].open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened, lineterminator="\n").writerows([heads[name], *rows])
        return files

    def plain(self, folder: Path) -> Tables:
        spec, files = self.specification, self.write(folder)
        return {output.name: open_survival.table(spec, output, files) for output in spec.outputs}

    def computed(self, folder: Path, *, watch: list[Message] | None = None) -> Tables:
        """By three parties in this process."""
        spec, files = self.specification, self.write(folder)

        async def play(trio: Any) -> dict[str, dict[str, Any]]:
            me = NAMES[trio.me - 1]
            rows = {i.id: read_input({"path": str(files[me]), "format": "csv"}, i) for i in spec.inputs_of(me)}
            made = await mpyc_program.run(Setting(spec, trio, rows, lambda _phase, _percent: None))
            return {
                name: share_document(session="s", output=name, sender=me, point=trio.me, modulus=shared.modulus,
                                     values=shared.values)
                for name, shared in made.items()
            }  # fmt: skip

        shares = list(together(play, watch=watch).values())
        return {o.name: table(spec, o, reconstruct([share[o.name] for share in shares])) for o in spec.outputs}

    def _input(self, name: str, rows: int, columns: list[str]) -> dict[str, Any]:
        kinds = {"time": {"kind": "int", "minimum": 0}, "event": {"kind": "bool"}, "arm": self.groups}
        if (name == self.owners[0]) == (self.knows == "times"):
            columns = [*columns, "arm"]
        return {
            "id": name, "organisation": name, "dataset": "rows", "subject_category": TEXT, "padded_rows": rows,
            "columns": [_column("id", self.key, "join_key"), *(_column(c, kinds[c], "measure") for c in columns)],
        }  # fmt: skip


def _party(name: str, gives: bool, asks: bool) -> dict[str, Any]:
    roles = [*(["input_party"] if gives else []), "computing_party", *(["result_party"] if asks else [])]
    return {"organisation": name, "name": name.title(), "capacity": "joint_controller", "party_roles": roles}


def _column(name: str, kind: dict[str, Any], use: str) -> dict[str, Any]:
    return {
        "name": name, "type": kind, "data_class": "ordinary", "use": use, "description": TEXT, "justification": TEXT,
    }  # fmt: skip


@st.composite
def followed(draw: st.DrawFn) -> Followed:
    """Any owners, any key, group known to either, ids partly in common, times on and over every edge."""
    owners = draw(st.permutations(NAMES))[:2]
    key, ids = KEYS[draw(st.sampled_from(sorted(KEYS)))]
    known = draw(st.lists(ids, min_size=1, max_size=30, unique=True))
    interval = draw(st.integers(1, 4))
    horizon = interval * draw(st.integers(1, 6))
    knows = draw(st.sampled_from(["times", "others"]))
    kind, arms = draw(st.sampled_from([({"kind": "code", "values": ["B é", "A"]}, ["A", "B é"]),
                                       ({"kind": "bool"}, ["true", "false"])]))  # fmt: skip
    moments = st.sampled_from([0, interval - 1, interval, horizon - 1, horizon, 2**62]) | st.integers(0, horizon)
    times = [
        [name, draw(moments),
         "true" if draw(st.booleans()) else "false", *([draw(st.sampled_from(arms))] if knows == "times" else [])]
        for name in known
    ]  # fmt: skip
    joined = draw(st.lists(st.sampled_from(known), min_size=1, unique=True)) if draw(st.booleans()) else known
    others = [[name, *([draw(st.sampled_from(arms))] if knows == "others" else [])] for name in joined]
    later = {"input": owners[0], "column": "time", "op": "gt", "value": draw(st.integers(0, interval))}
    return Followed(
        times, others, knows, (owners[0], owners[1]), interval, horizon, k=draw(st.integers(2, 4)),
        two_sided=draw(st.booleans()), min_events=draw(st.integers(1, 2)),
        padding=draw(st.tuples(st.integers(0, 3), st.integers(0, 3))), key=key, groups=kind,
        conditions=[later] if draw(st.booleans()) else [],
    )  # fmt: skip
