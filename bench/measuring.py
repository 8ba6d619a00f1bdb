"""One subject, measured: three engine processes, the yardstick sampled meanwhile, and plain DuckDB beside it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass
from typing import Any

from bench import engines, in_the_open
from bench.subjects import Subject
from bench.yardstick import Yardstick

TARGETS = {3: 2.4, 2: 0.8}  # blindings of CPU per row and party, at 100,000 rows
MOST_MIB = 300
TARGET_ROWS = 100_000


class WrongAnswer(Exception):
    """The engines gave something else than plain DuckDB."""


@dataclass(frozen=True)
class Measured:
    """CPU seconds are of the whole process: start, reading, computing, sealing. Lists are by party."""

    name: str
    rows: int
    givers: int
    cpu: list[float]
    seconds: float
    computing: float
    mib: list[int]
    megabytes: list[float]
    blinding: float
    open_cpu: float
    open_seconds: float

    @property
    def blindings(self) -> list[float]:
        """Per row and party."""
        return [cpu / self.rows / self.blinding * 1e6 for cpu in self.cpu]

    @property
    def target(self) -> float | None:
        return TARGETS[self.givers] if self.rows == TARGET_ROWS else None

    def document(self) -> dict[str, Any]:
        return asdict(self) | {"blindings": self.blindings, "target": self.target}


def measure(subject: Subject) -> Measured:
    """Raises WrongAnswer when the table is not the one that plain DuckDB gives."""
    opened = in_the_open.answer(subject)
    started = time.monotonic()
    with Yardstick() as yardstick:
        three = asyncio.run(engines.compute(subject.plan.specification, subject.plan.files))
    seconds = time.monotonic() - started
    ended = [three.ended[name] for name in sorted(three.ended)]
    failed = [message for message in ended if message["is"] != "computed"]
    if failed or three.table() != opened.table:
        raise WrongAnswer(f"{subject.name}: {failed or 'another table than plain DuckDB gives'}")
    return Measured(
        subject.name, subject.rows, subject.givers,
        cpu=[message["cpu"] for message in ended], seconds=round(seconds, 2),
        computing=max(message["seconds"] for message in ended), mib=[message["peak_mib"] for message in ended],
        megabytes=[round(message["traffic"] / 1e6, 1) for message in ended], blinding=yardstick.microseconds,
        open_cpu=round(opened.cpu, 3), open_seconds=round(opened.seconds, 3),
    )  # fmt: skip
