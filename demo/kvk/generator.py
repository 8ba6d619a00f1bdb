"""Invented entrepreneurs for the three parties: seeded, skewed over regions and sections, with debts that go together.

Every entrepreneur has a hidden tendency to fall behind. Both creditors draw their debtors by it, so arrears and claims
are correlated, as stacked debts are. Numbers begin with 99, which the business register does not give out.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml

SEED = 20260101
ROWS = {"kvk": 40_000, "belastingdienst": 12_000, "gemeenten": 6_000}
LEGAL_FORMS = {"eenmanszaak": 70, "vof": 10, "bv": 18, "stichting": 2}
UNKNOWN = 0.02  # part of a creditor's debtors that the register does not know
PAID = 0.05  # part of a creditor's debtors that owe nothing any more


@dataclass(frozen=True)
class Entrepreneur:
    number: str
    region: str
    section: str
    stress: float


def write(directory: Path, *, seed: int = SEED, rows: dict[str, int] | None = None) -> dict[str, Path]:
    """Writes one CSV per party and returns party -> file. The same seed gives the same bytes."""
    wanted, chance = rows or ROWS, random.Random(seed)
    numbers = _Numbers(chance)
    people = _entrepreneurs(chance, numbers, wanted["kvk"])
    directory.mkdir(parents=True, exist_ok=True)
    register = [_registered(chance, person) for person in people]
    arrears = [
        [number, _cents(chance, 7.2), chance.randint(1, 36)]
        for number in _debtors(chance, people, numbers, wanted["belastingdienst"], pull=2.2)
    ]
    claims = [
        [number, _cents(chance, 6.4), _flag(chance, 0.08)]
        for number in _debtors(chance, people, numbers, wanted["gemeenten"], pull=2.6)
    ]
    return {
        "kvk": _save(
            directory / "kvk.csv",
            ["kvk_number", "sbi_section", "region", "legal_form", "start_year", "help_call_last_12m"],
            register,
        ),
        "belastingdienst": _save(
            directory / "belastingdienst.csv", ["kvk_number", "arrears_cents", "months_overdue"], arrears
        ),
        "gemeenten": _save(directory / "gemeenten.csv", ["kvk_number", "open_claim_cents", "bbz_contact"], claims),
    }


class _Numbers:
    """Eight digits, each number once."""

    def __init__(self, chance: random.Random) -> None:
        self._left = iter(chance.sample(range(1_000_000), 200_000))

    def next(self) -> str:
        return f"99{next(self._left):06d}"


def _entrepreneurs(chance: random.Random, numbers: _Numbers, count: int) -> list[Entrepreneur]:
    weights = yaml.safe_load(files("demo.kvk").joinpath("weights.yaml").read_text("utf-8"))
    regions, sections = weights["regions"], weights["sections"]
    in_region = chance.choices(list(regions), list(regions.values()), k=count)
    in_section = chance.choices(list(sections), [entry["size"] for entry in sections.values()], k=count)
    return [
        Entrepreneur(numbers.next(), region, section, sections[section]["stress"] + chance.gauss(0, 1))
        for region, section in zip(in_region, in_section, strict=True)
    ]


def _debtors(
    chance: random.Random, people: Sequence[Entrepreneur], numbers: _Numbers, count: int, *, pull: float
) -> list[str]:
    """Numbers drawn without replacement, the more stress the likelier (Efraimidis and Spirakis 2006), and a few that
    nobody registered; in no order."""
    strangers = round(count * UNKNOWN)
    drawn = sorted(people, key=lambda person: -math.log(1 - chance.random()) / math.exp(pull * person.stress))
    chosen = [person.number for person in drawn[: count - strangers]] + [numbers.next() for _ in range(strangers)]
    chance.shuffle(chosen)
    return chosen


def _registered(chance: random.Random, person: Entrepreneur) -> list[object]:
    form = chance.choices(list(LEGAL_FORMS), list(LEGAL_FORMS.values()))[0]
    calls = 0.02 + 0.05 * max(person.stress, 0)
    return [person.number, person.section, person.region, form, chance.randint(1985, 2025), _flag(chance, calls)]


def _cents(chance: random.Random, centre: float) -> int:
    """An amount in cents, log-normal around e**centre euros; 0 when it was paid."""
    return 0 if chance.random() < PAID else 1 + round(100 * chance.lognormvariate(centre, 1.1))


def _flag(chance: random.Random, probability: float) -> str:
    return "true" if chance.random() < probability else "false"


def _save(path: Path, header: list[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
