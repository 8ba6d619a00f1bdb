"""Vectors whose comparisons are SPU's: for derived columns and for counts."""

from __future__ import annotations

from pathlib import Path

from station.alignment import field
from station.alignment.field import Elements
from station.engine.program import Setting
from station.engine.spu.session import Session, parts_of
from station.engine.vectors import Vectors, constant

AT_LEAST = str(Path(__file__).with_name("at_least_circuit.py"))


class Compared(Vectors):
    def __init__(self, spu: Session, setting: Setting, holders: tuple[int, int]) -> None:
        super().__init__(setting, holders)
        self.spu = spu

    async def at_least(self, a: Elements, limit: int, low: int, high: int) -> Elements:
        if limit <= low or limit > high:
            return constant(a.shape, int(limit <= low))
        most = max(abs(low - limit), abs(high - limit))
        share = await self.leave(field.subtract(a, constant(a.shape, limit % field.P)), self.holders)
        parts = await parts_of(self, "beyond", share, self.holders, a.shape, most)
        return await self.spu.run(self, AT_LEAST, parts, a.size, {})
