"""What an analysis tells about itself, in one form for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel

from station.reasons import Reason, Refused
from station.specification import Output, Specification, Text


@dataclass(frozen=True)
class Leak:
    """Something a party learns beside its output. ``to_whom`` are organisation keys."""

    what: Text
    to_whom: tuple[str, ...]
    phase: Text
    bound: Text


@dataclass(frozen=True)
class OutputColumn:
    """A column of an output table. ``measure`` columns hold the numbers that can be suppressed (null); those that
    count persons or cases (``counts``) are never below k."""

    name: str
    measure: bool
    counts: bool = True


class Analysis(ABC):
    """One kind of computation. Subclasses are stateless; one instance, ``ANALYSIS``, stands in each folder."""

    key: ClassVar[str]
    version: ClassVar[int]
    title: ClassVar[Text]
    summary: ClassVar[Text]
    engines: ClassVar[tuple[str, ...]]
    assumptions: ClassVar[Text]
    parameters: ClassVar[type[BaseModel]]

    @property
    def program(self) -> str:
        """What READY names, so that all stations run the same version."""
        return f"{self.key}/{self.version}"

    @abstractmethod
    def check(self, spec: Specification) -> list[Reason]:
        """What is wrong with the parameters against the inputs."""

    @abstractmethod
    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        """The labels of the output's rows, in order: what the shares are shares of."""

    @abstractmethod
    def leakage(self, spec: Specification) -> list[Leak]:
        """What each party learns beside the output; shown to the DPO and held in the facts document."""

    @abstractmethod
    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        """The columns of the table of an output (of the first, when none is named), in order."""

    def table(self, spec: Specification, output: Output, values: Sequence[int]) -> dict[str, Any]:
        """``{columns, rows, suppressed}``: one row per cell with its labels; a suppressed count is null."""
        cells = self.cells(spec)
        if len(values) != len(cells):
            raise Refused("output.shape", output=output.name)
        rows = [[*labels, value or None] for labels, value in zip(cells, values, strict=True)]
        names = [column.name for column in self.columns(spec, output)]
        return {"columns": names, "rows": rows, "suppressed": sum(not value for value in values)}

    def objections(self, spec: Specification, output: Output, table: Mapping[str, Any]) -> list[Reason]:
        """What the automatic tests of this analysis find wrong with a table before a person sees it."""
        return []
