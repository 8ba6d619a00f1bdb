"""A tabulation whose comparisons are SPU's: see ``station/engine/spu/tabulation.py``."""

from __future__ import annotations

from station.analyses.grouped_counts.analysis import ANALYSIS
from station.engine.program import Setting, Shared
from station.engine.spu import tabulation
from station.specification import Specification


def largest_message(spec: Specification) -> int:
    return tabulation.largest_message(spec, ANALYSIS.tabulation(spec))


async def run(setting: Setting) -> dict[str, Shared]:
    return await tabulation.run(setting, ANALYSIS.tabulation(setting.spec))
