"""Invented requests and registrations: seeded, so the same seed gives the same files. Numbers begin with 99, which is
never given out."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

SEED = 20260404
ROWS = {"justid": 500, "body-a": 50_000, "body-b": 50_000, "body-c": 50_000}
KNOWN = 0.3  # chance that a body holds something on who asks
REGISTERS = ("cases", "sanctions", "correspondence")


def write(directory: Path, *, seed: int = SEED, rows: dict[str, int] | None = None) -> dict[str, Path]:
    """Writes one CSV per party and returns party -> file."""
    wanted, chance = rows or ROWS, random.Random(seed)
    drawn = chance.sample(range(10_000_000), 200_000)
    asking, elsewhere = drawn[: wanted["justid"]], drawn[wanted["justid"] :]
    directory.mkdir(parents=True, exist_ok=True)
    requests = ([UUID(int=chance.getrandbits(128), version=4), _bsn(number), _right(chance)] for number in asking)
    made = {"justid": _save(directory / "justid.csv", ["request_id", "bsn", "requested_right"], requests)}
    for name in ("body-a", "body-b", "body-c"):
        known = [number for number in asking if chance.random() < KNOWN]
        listed = [*known, *chance.sample(elsewhere, wanted[name] - len(known))]
        chance.shuffle(listed)
        rows_of = ([_bsn(number), chance.choice(REGISTERS)] for number in listed)
        made[name] = _save(directory / f"{name}.csv", ["bsn", "register_name"], rows_of)
    return made


def _right(chance: random.Random) -> str:
    return "access" if chance.random() < 0.85 else "erasure"


def _bsn(number: int) -> str:
    return f"99{number:07d}"


def _save(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
