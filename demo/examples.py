"""The examples that come with NICPET, by name; and your own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path

from demo import invented, own_data
from demo.access import generator as access
from demo.heracles import generator as heracles
from demo.kvk import generator as kvk
from demo.own_data import Plan
from station.reasons import Refused


@dataclass(frozen=True)
class Example:
    """``make`` writes the invented files into a folder."""

    name: str
    make: Callable[[Path], object]

    def plan(self, folder: Path, today: date) -> Plan:
        self.make(folder)
        return own_data.read(folder_of(self.name) / "specification.yaml", today=today, folder=folder)


def folder_of(name: str) -> Path:
    return Path(str(files(f"demo.{name.replace('-', '_')}")))


MAKES: dict[str, Callable[[Path], object]] = {
    "access": access.write, "kvk": kvk.write, "heracles": heracles.write,
    "aio-2025": partial(invented.write, "aio_2025"),
    **{name: partial(invented.write, name) for name in ("aio", "convicted", "energy")},
}  # fmt: skip
EXAMPLES = {name: Example(name, make) for name, make in MAKES.items()}


def get(name: str) -> Example:
    try:
        return EXAMPLES[name]
    except KeyError:
        raise Refused("example.unknown", name=name[:60], known=", ".join(EXAMPLES)) from None
