"""Invented patients of a cancer registry and of one hospital: seeded, with a risk that grows with the stage and is
smaller after treatment B. Keys look like the pseudonyms that a trusted third party would make; nobody has one of them.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = 20260303
ROWS = {"iknl": 3_000, "hospital": 2_500}
STAGES = {"I": (22, 110.0), "II": (24, 70.0), "III": (30, 38.0), "IV": (24, 20.0)}  # weight, mean months to the event
BENEFIT = {"A": 1.0, "B": 1.35}  # how much longer the time to the event is on average
AGES = {"0-49": 10, "50-59": 20, "60-69": 32, "70-79": 27, "80+": 11}
OUTSIDE = 0.04  # part of the hospital's patients that the registry does not know
LAST_MONTH = 96


@dataclass(frozen=True)
class Patient:
    key: str
    months: int
    event: bool
    stage: str
    treatment: str


def write(directory: Path, *, seed: int = SEED, rows: dict[str, int] | None = None) -> dict[str, Path]:
    """Writes one CSV per party with data and returns party -> file. The same seed gives the same bytes."""
    wanted, chance = rows or ROWS, random.Random(seed)
    patients = [_patient(chance, number) for number in range(wanted["iknl"])]
    outside = round(wanted["hospital"] * OUTSIDE)
    treated = chance.sample(patients, wanted["hospital"] - outside)
    treated += [_patient(chance, wanted["iknl"] + number) for number in range(outside)]
    chance.shuffle(treated)
    directory.mkdir(parents=True, exist_ok=True)
    return {
        "iknl": _save(
            directory / "iknl.csv", ["patient_key", "time_months", "event", "stage", "age_band"],
            ([p.key, p.months, str(p.event).lower(), p.stage, _one_of(chance, AGES)] for p in patients),
        ),
        "hospital": _save(
            directory / "hospital.csv", ["patient_key", "treatment_group", "comorbidity_count"],
            ([p.key, p.treatment, min(6, int(chance.expovariate(0.7)))] for p in treated),
        ),
    }  # fmt: skip


def _patient(chance: random.Random, number: int) -> Patient:
    """Followed from a month that differs per patient until the event, until lost from sight, or until today."""
    stage = _one_of(chance, {name: weight for name, (weight, _mean) in STAGES.items()})
    treatment = _one_of(chance, {"A": 52, "B": 48})
    until_event = chance.expovariate(1 / (STAGES[stage][1] * BENEFIT[treatment]))
    in_sight = min(chance.uniform(6, LAST_MONTH), chance.expovariate(1 / 400))
    key = hashlib.sha256(f"invented patient {number}".encode()).hexdigest()
    return Patient(key, int(min(until_event, in_sight)), until_event <= in_sight, stage, treatment)


def _one_of(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _save(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
