"""What is measured: grouped counts over invented rows, three parties with data or two and a third without."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from demo import own_data
from demo.own_data import Plan

REGIONS, SECTIONS = [f"region {n}" for n in range(40)], [f"section {n}" for n in range(20)]
MATCHING = 0.5  # part of a joined list that stands in the base list too
SEED = 20260101


@dataclass(frozen=True)
class Subject:
    """``givers``: how many of the three parties hold rows."""

    rows: int
    givers: int
    plan: Plan

    @property
    def name(self) -> str:
        return f"{self.givers} x {self.rows:,}" + ("" if self.givers == 3 else ", third without data")


def make(folder: Path, *, rows: int, givers: int) -> Subject:
    """Writes the files and the specification into ``folder``; the same numbers give the same files."""
    folder.mkdir(parents=True)
    chance = random.Random(SEED)
    numbers = chance.sample(range(10**9), round((1 + (givers - 1) * (1 - MATCHING)) * rows) + givers)
    base, strangers = numbers[:rows], iter(numbers[rows:])
    _save(folder / "base.csv", ["number", "region", "section"],
          ([f"{n:09d}", chance.choice(REGIONS), chance.choice(SECTIONS)] for n in base))  # fmt: skip
    for name in ("first", "second")[: givers - 1]:
        known = chance.sample(base, round(MATCHING * rows))
        listed = [*known, *(next(strangers) for _ in range(rows - len(known)))]
        chance.shuffle(listed)
        _save(folder / f"{name}.csv", ["number", "cents"], ([f"{n:09d}", chance.randrange(-50, 100)] for n in listed))
    (folder / "specification.yaml").write_text(yaml.safe_dump(_specification(rows, givers)), "utf-8")
    return Subject(rows, givers, own_data.read(folder / "specification.yaml", today=date.today()))


def _specification(rows: int, givers: int) -> dict[str, Any]:
    joined = ["first", "second"][: givers - 1]
    number = {"name": "number", "type": {"kind": "digits", "length": 9}}
    groups = [("region", REGIONS), ("section", SECTIONS)]
    parties: list[dict[str, Any]] = [{"organisation": name, "padded_rows": rows} for name in ("base", *joined)]
    for party in parties:
        party |= {"file": f"{party['organisation']}.csv", "join_key": "number"}
        party["columns"] = [number, {"name": "cents", "type": {"kind": "int"}}]
    parties[0]["columns"] = [number, *({"name": n, "type": {"kind": "code", "values": v}} for n, v in groups)]
    return {
        "parties": parties if givers == 3 else [*parties, {"organisation": "third"}],
        "analysis": "grouped_counts",
        "parameters": {
            "base": "base",
            "group_by": [f"base.{name}" for name, _values in groups],
            "conditions": [{"column": f"{name}.cents", "op": "gt", "value": 0} for name in joined],
        },
        "disclosure": {"k": 10},
        "recipients": ["base"],
        "checker": "first",
    }


def _save(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
