"""Grouped counts: how many rows of the base list, per group, meet every condition at every party."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from station.analyses.derived import DerivedList
from station.analyses.tabulating import Tabulating
from station.analyses.tabulation import Sum, Tabulation
from station.specification import ColumnRef, Condition, Key, Strict, Text

Bits = Annotated[list[Key], Field(max_length=6)]


class Parameters(Strict):
    """``base``: the input whose rows are counted. Groups are columns of any list; bands, bits, shares are derived."""

    base: Key
    group_by: Annotated[list[ColumnRef], Field(min_length=1, max_length=4)]
    conditions: Annotated[list[Condition], Field(max_length=40)] = []
    optional: Annotated[list[Key], Field(max_length=7)] = []
    derived: DerivedList = []
    bands: Annotated[list[Key], Field(max_length=2)] = []
    where: Bits = []
    shares: Bits = []
    sums: Annotated[list[Sum], Field(max_length=4)] = []
    dominance_percent: Annotated[int, Field(ge=1, le=100)] = 50


class GroupedCounts(Tabulating):
    key: ClassVar[str] = "grouped_counts"
    version: ClassVar[int] = 2
    engines: ClassVar[tuple[str, ...]] = ("mpyc", "spu")
    parameters: ClassVar[type[Parameters]] = Parameters
    title: ClassVar[Text] = Text(nl="Aantallen per groep", en="Grouped counts")
    summary: ClassVar[Text] = Text(
        nl="Telt per groep hoeveel rijen van de basislijst aan alle voorwaarden bij alle partijen voldoen, en telt "
        "desgewenst bedragen op. Cellen onder de drempel worden in de berekening zelf onderdrukt.",
        en="Counts, per group, how many rows of the base list meet every condition at every party, and adds up amounts "
        "when asked. Cells below the threshold are suppressed inside the computation.",
    )

    def what(self, parameters: Parameters) -> Tabulation:
        return Tabulation(
            base=parameters.base, groups=list(parameters.group_by), bands=list(parameters.bands),
            conditions=list(parameters.conditions), optional=list(parameters.optional),
            derived=list(parameters.derived), where=list(parameters.where), shares=list(parameters.shares),
            sums=list(parameters.sums), dominance_percent=parameters.dominance_percent,
        )  # fmt: skip


ANALYSIS = GroupedCounts()
