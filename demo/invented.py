"""Invented files by recipe (``data.yaml`` of an example): seeded, so the same recipe gives the same bytes.

Everybody has one hidden number, ``luck``. A list draws its people by it and a column leans on it (``pull``), so that
what goes together in the world goes together here. Nothing in these files is about anybody.
"""

from __future__ import annotations

import csv
import hashlib
import math
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

Luck = dict[int, float]


def write(example: str, directory: Path) -> dict[str, Path]:
    """One CSV per party; returns party -> file."""
    recipe: dict[str, Any] = yaml.safe_load(files(f"demo.{example}").joinpath("data.yaml").read_text("utf-8"))
    return write_recipe(recipe, directory)


def write_recipe(recipe: dict[str, Any], directory: Path) -> dict[str, Path]:
    chance = random.Random(recipe["seed"])
    luck = {number: chance.gauss(0, 1) for number in range(1, recipe["population"] + 1)}
    directory.mkdir(parents=True, exist_ok=True)
    return {party: _write(directory / f"{party}.csv", plan, recipe["key"], luck, chance)
            for party, plan in recipe["lists"].items()}  # fmt: skip


def _write(path: Path, plan: dict[str, Any], key: dict[str, str], luck: Luck, chance: random.Random) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow([key["name"], *plan["columns"]])
        writer.writerows(_rows(plan, key["form"], luck, chance))
    return path


def _rows(plan: dict[str, Any], form: str, luck: Luck, chance: random.Random) -> Iterator[list[object]]:
    drawn = _people(plan, luck, chance)
    for number, shared in zip(drawn, _households(plan, drawn, chance), strict=True):
        yield [_key(form, number), *(_cell(way, luck[number], shared, chance) for way in plan["columns"].values())]


def _people(plan: dict[str, Any], luck: Luck, chance: random.Random) -> list[int]:
    """Without replacement, the more ``pull`` the more it goes by luck; those from ``strangers`` up are known nowhere
    else."""
    pull, most = plan.get("pull", 0.0), plan.get("first", len(luck))
    known = [number for number in luck if number <= most]
    order = sorted(known, key=lambda number: -math.log(1 - chance.random()) / math.exp(pull * luck[number]))
    drawn = order[: plan["rows"]]
    chance.shuffle(drawn)
    return drawn


def _households(plan: dict[str, Any], drawn: list[int], chance: random.Random) -> Iterator[dict[str, object]]:
    """What the people of one household have in common; without ``couple_percent`` everybody is alone."""
    left = len(drawn)
    place = 0
    while left:
        size = 2 if left > 1 and chance.random() * 100 < plan.get("couple_percent", 0) else 1
        place += 1
        shared: dict[str, object] = {
            "household": str(UUID(int=place << 64 | place)),
            "household_kind": ("single", "couple")[size - 1],
        }
        shared |= {"has": chance.random() * 100 < plan.get("has_percent", 0)}
        for _ in range(size):
            yield shared
        left -= size


def _cell(way: Any, luck: float, shared: dict[str, object], chance: random.Random) -> object:
    if isinstance(way, str):
        value = shared[way]
        return str(value).lower() if isinstance(value, bool) else value
    if "values" in way:
        values = way["values"]
        weights = [
            weight * math.exp(way.get("pull", 0.0) * luck * place) for place, weight in enumerate(values.values())
        ]
        return chance.choices(list(values), weights)[0]
    if chance.random() * 100 < way.get("zero_percent", 0):
        return 0
    centre, spread = math.log(way["centre"]) + way.get("pull", 0.0) * luck, way["spread"]
    return max(way["low"], min(way["high"], round(chance.lognormvariate(centre, spread))))


def _key(form: str, number: int) -> str:
    """``digits``: nine of them, of a kind that is not given out; ``hash``: 64 hexadecimal characters."""
    return f"99{number:07d}" if form == "digits" else hashlib.sha256(f"invented {number}".encode()).hexdigest()
