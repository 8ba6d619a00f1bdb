"""Real data nobody here made: 432 released convicts (Rossi, Berk and Lenihan 1980, in the package ``lifelines``), its
columns divided over three parties, every party with all rows, joined on the row number."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd
import yaml

K = 10
COLUMNS = {"prison": ["race", "wexp", "mar"], "benefits": ["fin", "age"], "courts": ["prio", "paro", "arrest"]}
QUESTION = {
    "title": "Released convicts with support and earlier convictions",
    "parties": [
        {"organisation": "prison", "name": "Prison", "file": "prison.csv", "join_key": "row"},
        {"organisation": "benefits", "name": "Benefits office", "file": "benefits.csv", "join_key": "row"},
        {"organisation": "courts", "name": "Courts", "file": "courts.csv", "join_key": "row"},
    ],
    "analysis": "grouped_counts",
    "parameters": {
        "base": "prison",
        "group_by": ["prison.race", "prison.wexp"],
        "conditions": [
            {"column": "benefits.fin", "op": "eq", "value": 1},
            {"column": "courts.prio", "op": "ge", "value": 2},
        ],
    },
    "disclosure": {"k": K},
    "recipients": ["prison"],
    "checker": "courts",
}


def frame() -> pd.DataFrame:
    """The data as published, with a row number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the package, when it is imported
        from lifelines.datasets import load_rossi
    rossi = load_rossi()
    rossi.insert(0, "row", range(1, len(rossi) + 1))
    return rossi


def write(folder: Path) -> Path:
    """Writes one file per party and the question; returns the question's path."""
    rossi = frame()
    for party, columns in COLUMNS.items():
        rossi[["row", *columns]].sample(frac=1, random_state=7).to_csv(folder / f"{party}.csv", index=False)
    question = folder / "question.yaml"
    question.write_text(yaml.safe_dump(QUESTION), "utf-8")
    return question


def expected() -> list[list[str | int | None]]:
    """The rows of the table with plain pandas, after the declared rule."""
    rossi = frame()
    rows: list[list[str | int | None]] = []
    meets = (rossi["fin"] == 1) & (rossi["prio"] >= 2)
    for race in sorted(rossi["race"].unique()):
        for wexp in sorted(rossi["wexp"].unique()):
            group = (rossi["race"] == race) & (rossi["wexp"] == wexp)
            count, rest = int((group & meets).sum()), int((group & ~meets).sum())
            rows.append([str(race), str(wexp), count if count >= K and rest >= K else None])
    return rows
