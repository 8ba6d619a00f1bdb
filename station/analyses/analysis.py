"""What an analysis tells about itself, in one form for all: see ``docs/protocols/adding.md``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ValidationError

from station.contract.contract import validation_reasons
from station.reasons import Reason, Refused
from station.specification import Condition, Output, Specification, Text

Lists = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""All lists in the clear: input -> id -> column -> cell (int, bool or text). Only tests and the demo have this."""

SEMI_HONEST = Text(
    nl="Partijen volgen het protocol (semi-eerlijk) en van de drie rekenpartijen is er hooguit één corrupt.",
    en="Parties follow the protocol (semi-honest) and at most one of the three computing parties is corrupt.",
)


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


@dataclass(frozen=True)
class Estimate:
    """What a run takes at each station, before it is run; measured on two cores of 2024, three stations on one."""

    seconds: int
    megabytes: int


class Analysis(ABC):
    """One kind of computation. Subclasses are stateless; one instance, ``ANALYSIS``, stands in each folder."""

    key: ClassVar[str]
    version: ClassVar[int]
    title: ClassVar[Text]
    summary: ClassVar[Text]
    engines: ClassVar[tuple[str, ...]]
    assumptions: ClassVar[Text] = SEMI_HONEST
    parameters: ClassVar[type[BaseModel]]
    output_kinds: ClassVar[tuple[str, ...]] = ("aggregate_table",)

    @property
    def program(self) -> str:
        """What READY names, so that all stations run the same version."""
        return f"{self.key}/{self.version}"

    def read(self, spec: Specification) -> Any:
        """The typed parameters; Refused names the fields that are wrong."""
        try:
            return self.parameters.model_validate(spec.parameters)
        except ValidationError as error:
            raise Refused(*validation_reasons("specification.parameter", error)) from error

    @abstractmethod
    def check(self, spec: Specification) -> list[Reason]:
        """What is wrong with the parameters against the inputs."""

    def conditions(self, spec: Specification) -> list[Condition]:
        """What a party's own rows must meet to count: conditions on its own columns, evaluated in the clear."""
        return []

    @abstractmethod
    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        """The labels of the rows of the (checked) table, in order."""

    @abstractmethod
    def leakage(self, spec: Specification) -> list[Leak]:
        """What each party learns beside the output; shown to the DPO and held in the facts document."""

    @abstractmethod
    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        """The columns of the table of an output (of the first, when none is named), labels before measures."""

    def estimate(self, spec: Specification) -> Estimate | None:
        """Time and traffic, from the public sizes alone."""
        return None

    def plain(self, spec: Specification, lists: Lists) -> dict[str, list[int]]:
        """The reference: per output the very values that the shares must add up to, after the declared rules."""
        raise NotImplementedError(f"no plain computation for {self.key}")

    def agrees(self, spec: Specification, computed: Sequence[int], reference: Sequence[int]) -> bool:
        """Whether values are those of the reference; the very ones, unless the engine computes in fixed point."""
        return list(computed) == list(reference)

    def checked_size(self, spec: Specification, output: Output) -> int | None:
        """How many of the values of an output its checker gets, when it does not get them all: the first ones."""
        return None

    def table(self, spec: Specification, output: Output, values: Sequence[int]) -> dict[str, Any]:
        """``{columns, rows, suppressed}``: per cell its labels and its measures; a suppressed number is null."""
        cells, columns = self.cells(spec), self.columns(spec, output)
        width = sum(column.measure for column in columns)
        if len(values) != len(cells) * width:
            raise Refused("output.shape", output=output.name)
        parts = (values[place : place + width] for place in range(0, len(values), width))
        rows = [[*labels, *(value or None for value in part)] for labels, part in zip(cells, parts, strict=True)]
        names = [column.name for column in columns]
        return {"columns": names, "rows": rows, "suppressed": sum(not value for value in values)}

    def records(self, spec: Specification, output: Output, values: Sequence[int], index: Sequence[str]) -> list[str]:
        """Which of ``index`` were found, from all values of an output of kind ``record_list``; at its recipient."""
        raise NotImplementedError(f"{self.key} finds no records")

    def picture(self, output: Output) -> str:
        """How a page shows the table of an output: as ``cells``, unless the analysis says otherwise."""
        return "cells"

    def objections(self, spec: Specification, output: Output, table: Mapping[str, Any]) -> list[Reason]:
        """What the automatic tests of this analysis find wrong with a table before a person sees it."""
        return []
