"""The same question by plain DuckDB over the same files: what it costs when everybody shows everything."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from typing import Any

import duckdb

from bench.subjects import REGIONS, SECTIONS, Subject


@dataclass(frozen=True)
class Opened:
    seconds: float
    cpu: float
    table: dict[str, Any]


def answer(subject: Subject) -> Opened:
    """Reads the files, joins, counts, and applies the same rule to the counts."""
    started, before = time.monotonic(), _cpu()
    found = dict(_rows(subject))
    seconds, cpu = time.monotonic() - started, _cpu() - before
    k, rows = subject.plan.specification.disclosure.k, []
    for region in REGIONS:
        for section in SECTIONS:
            everyone, count = found.get((region, section), (0, 0))
            rows.append([region, section, count if count >= k and everyone - count >= k else None])
    suppressed = sum(row[-1] is None for row in rows)
    return Opened(seconds, cpu, {"columns": ["region", "section", "count"], "rows": rows, "suppressed": suppressed})


def _rows(subject: Subject) -> Any:
    files = {name: str(file) for name, file in subject.plan.files.items()}
    joined = [name for name in files if name != "base"]
    meets = " AND ".join(f"{name}.cents > 0" for name in joined)
    joins = " ".join(f"LEFT JOIN read_csv(?, all_varchar=false) {name} USING (number)" for name in joined)
    query = (
        f"SELECT region, section, count(*), count(*) FILTER (WHERE {meets}) "  # noqa: S608
        f"FROM read_csv(?) base {joins} GROUP BY region, section"
    )
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET threads TO 1")
        for region, section, everyone, count in connection.execute(query, list(files.values())).fetchall():
            yield (region, section), (everyone, count)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
