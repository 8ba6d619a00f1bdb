"""Intersection size: how many rows of the base list stand in every list and meet every condition. One number."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from station.analyses.derived import DerivedList
from station.analyses.tabulating import Tabulating
from station.analyses.tabulation import Tabulation
from station.specification import Condition, Key, Strict, Text


class Parameters(Strict):
    """``base``: the input whose rows are counted. ``where``: derived bits that a counted row must have."""

    base: Key
    conditions: Annotated[list[Condition], Field(max_length=40)] = []
    derived: DerivedList = []
    where: Annotated[list[Key], Field(max_length=6)] = []


class IntersectionSize(Tabulating):
    key: ClassVar[str] = "intersection_size"
    version: ClassVar[int] = 1
    engines: ClassVar[tuple[str, ...]] = ("mpyc",)
    parameters: ClassVar[type[Parameters]] = Parameters
    title: ClassVar[Text] = Text(nl="Omvang van de overlap", en="Size of the overlap")
    summary: ClassVar[Text] = Text(
        nl="Telt hoeveel rijen van de basislijst in alle lijsten voorkomen en aan alle voorwaarden voldoen. Eén getal, "
        "of niets wanneer het onder de drempel blijft.",
        en="Counts how many rows of the base list stand in all lists and meet every condition. One number, or nothing "
        "when it is below the threshold.",
    )

    def what(self, parameters: Parameters) -> Tabulation:
        return Tabulation(
            base=parameters.base, conditions=list(parameters.conditions), derived=list(parameters.derived),
            where=list(parameters.where),
        )  # fmt: skip


ANALYSIS = IntersectionSize()
