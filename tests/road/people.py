"""A small invented question for the scenes on the road: three lists of persons, with ids that occur nowhere else."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import yaml

ROWS = {"town": 3000, "creditor": 1500, "helpdesk": 1200}
K = 25
QUESTION = {
    "title": {"nl": "Wie heeft schulden en vroeg om hulp", "en": "Who has debts and asked for help"},
    "parties": [
        {"organisation": "town", "name": "Town hall", "file": "town.csv"},
        {"organisation": "creditor", "name": "Creditor", "file": "creditor.csv"},
        {"organisation": "helpdesk", "name": "Help desk", "file": "helpdesk.csv"},
    ],
    "analysis": "grouped_counts",
    "parameters": {
        "base": "town",
        "group_by": ["town.district", "town.age"],
        "conditions": [
            {"column": "creditor.amount", "op": "gt", "value": 0},
            {"column": "helpdesk.asked", "op": "eq", "value": True},
        ],
    },
    "disclosure": {"k": K},
    "recipients": ["town", "creditor"],
    "checker": "helpdesk",
    "schedule": {"slots": 40, "recurrence": "weekly"},
}


def write(folder: Path) -> Path:
    """Writes the lists and the question; returns the question's path."""
    random = Random(5)
    ids = [f"{number:09d}" for number in random.sample(range(10**8, 10**9), 4000)]
    rows = {
        "town": [[i, random.choice("NESW"), random.choice(["young", "old"])] for i in ids[: ROWS["town"]]],
        "creditor": [[i, random.choice([0, 500, 90000])] for i in random.sample(ids, ROWS["creditor"])],
        "helpdesk": [[i, random.choice(["true", "false"])] for i in random.sample(ids, ROWS["helpdesk"])],
    }
    heads = {"town": ["person", "district", "age"], "creditor": ["person", "amount"], "helpdesk": ["person", "asked"]}
    for party, body in rows.items():
        with (folder / f"{party}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(heads[party])
            writer.writerows(body)
    question = folder / "question.yaml"
    question.write_text(yaml.safe_dump(QUESTION), "utf-8")
    return question


def ids(folder: Path) -> set[str]:
    found: set[str] = set()
    for party in ROWS:
        with (folder / f"{party}.csv").open(encoding="utf-8") as file:
            found |= {row["person"] for row in csv.DictReader(file)}
    return found
