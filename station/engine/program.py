"""What an analysis' program gets and gives: one small interface, so that adding an analysis is adding one folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.datasets import Rows
from station.specification import Specification
from station.transport.circle import Circle

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Shared:
    """This party's Shamir share of the output's values, modulo ``modulus``. ``index``: what the values of a list of
    records are about, in order; known to this party alone, and kept at its station until the release."""

    modulus: int
    values: list[int]
    index: list[str] | None = None


@dataclass(frozen=True)
class Setting:
    """One attempt as a program sees it. ``rows`` by input id: only this party's own."""

    spec: Specification
    circle: Circle
    rows: dict[str, Rows]
    progress: Progress

    async def step(self, phase: str, percent: int = 0) -> None:
        """Tells how far it is, and gives way to the loop."""
        self.progress(phase, percent)
        await asyncio.sleep(0)

    def point_of(self, organisation: str) -> int:
        return next(point for point, member in self.circle.members.items() if member.organisation == organisation)


class Program(Protocol):
    """A module ``station.analyses.<key>.<engine>_program``."""

    def largest_message(self, spec: Specification) -> int:
        """Bytes; a peer that sends more is cut off."""

    async def run(self, setting: Setting) -> dict[str, Shared]:
        """By output name."""
