"""Invented people for the two lists of this example, seeded. Numbers begin with 9999, which are not given out."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

SEED, ROWS = 20250921, 400


def write(folder: Path) -> dict[str, Path]:
    """organisation -> its CSV file."""
    chance = random.Random(SEED)
    numbers = [f"9999{n:05}" for n in chance.sample(range(100_000), ROWS)]
    svb = [(n, chance.choice(["single", "couple"]), chance.choice(["true", "false"])) for n in numbers]
    uwv = [(n, chance.randrange(100_000)) for n in numbers if chance.random() < 0.8]
    return {
        "svb": _written(folder / "svb.csv", ("bsn", "household_type", "receives_aio"), svb),
        "uwv": _written(folder / "uwv.csv", ("bsn", "est_net_other_income_month_cents"), uwv),
    }


def _written(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([header, *rows])
    return file
