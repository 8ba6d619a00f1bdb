"""Intersection sum: for how many rows that stand in every list, and how much in all."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from station.analyses.derived import DerivedList
from station.analyses.tabulating import Tabulating
from station.analyses.tabulation import Sum, Tabulation
from station.specification import Condition, Key, Strict, Text


class Parameters(Strict):
    """``sums``: the columns added up, each with the cap above which a station counts a number as the cap."""

    base: Key
    sums: Annotated[list[Sum], Field(min_length=1, max_length=4)]
    conditions: Annotated[list[Condition], Field(max_length=40)] = []
    derived: DerivedList = []
    where: Annotated[list[Key], Field(max_length=6)] = []
    dominance_percent: Annotated[int, Field(ge=1, le=100)] = 50


class IntersectionSum(Tabulating):
    key: ClassVar[str] = "intersection_sum"
    version: ClassVar[int] = 1
    engines: ClassVar[tuple[str, ...]] = ("mpyc",)
    parameters: ClassVar[type[Parameters]] = Parameters
    title: ClassVar[Text] = Text(nl="Som over de overlap", en="Sum over the overlap")
    summary: ClassVar[Text] = Text(
        nl="Telt hoeveel rijen van de basislijst in alle lijsten voorkomen, en telt hun bedragen op. Een som "
        "verschijnt alleen als het aantal de drempel haalt en niemand meer dan het afgesproken deel kan bijdragen.",
        en="Counts how many rows of the base list stand in all lists, and adds up their amounts. A sum appears only "
        "when the count reaches the threshold and nobody can contribute more than the agreed part.",
    )

    def what(self, parameters: Parameters) -> Tabulation:
        return Tabulation(
            base=parameters.base, conditions=list(parameters.conditions), derived=list(parameters.derived),
            where=list(parameters.where), sums=list(parameters.sums),
            dominance_percent=parameters.dominance_percent,
        )  # fmt: skip


ANALYSIS = IntersectionSum()
