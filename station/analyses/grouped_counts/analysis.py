"""Grouped counts: how many rows of the base list, per group, meet every condition at every party."""

from __future__ import annotations

import itertools
from typing import Annotated, ClassVar

from pydantic import Field, ValidationError

from station.analyses.analysis import Analysis, Leak, OutputColumn
from station.analyses.columns import column_of, condition_reasons, input_of
from station.contract.contract import validation_reasons
from station.reasons import Reason, Refused
from station.specification import Column, ColumnRef, Condition, Key, Output, Specification, Strict, Text

MOST_CELLS = 20_000
COUNT = "count"


class Parameters(Strict):
    """``base``: the input whose rows are counted. Groups are columns of the base input."""

    base: Key
    group_by: Annotated[list[ColumnRef], Field(min_length=1, max_length=4)]
    conditions: Annotated[list[Condition], Field(max_length=40)] = []


class GroupedCounts(Analysis):
    key: ClassVar[str] = "grouped_counts"
    version: ClassVar[int] = 1
    engines: ClassVar[tuple[str, ...]] = ("mpyc",)
    parameters: ClassVar[type[Parameters]] = Parameters
    title: ClassVar[Text] = Text(nl="Aantallen per groep", en="Grouped counts")
    summary: ClassVar[Text] = Text(
        nl="Telt per groep hoeveel rijen van de basislijst aan alle voorwaarden bij alle partijen voldoen. "
        "Cellen onder de drempel worden in de berekening zelf onderdrukt.",
        en="Counts, per group, how many rows of the base list meet every condition at every party. "
        "Cells below the threshold are suppressed inside the computation.",
    )
    assumptions: ClassVar[Text] = Text(
        nl="Partijen volgen het protocol (semi-eerlijk) en van de drie rekenpartijen is er hooguit één corrupt.",
        en="Parties follow the protocol (semi-honest) and at most one of the three computing parties is corrupt.",
    )

    def read(self, spec: Specification) -> Parameters:
        """The typed parameters; Refused names the fields that are wrong."""
        try:
            return Parameters.model_validate(spec.parameters)
        except ValidationError as error:
            raise Refused(*validation_reasons("specification.parameter", error)) from error

    def check(self, spec: Specification) -> list[Reason]:
        parameters = self.read(spec)
        reasons: list[Reason] = []
        if spec.input(parameters.base) is None:
            return [Reason("specification.unknown_input", {"input": parameters.base})]
        if len({entry.organisation for entry in spec.inputs}) != len(spec.inputs):
            reasons.append(Reason("grouped_counts.one_input_each"))
        if not 2 <= len(spec.inputs) <= 3:
            reasons.append(Reason("grouped_counts.inputs", {"number": len(spec.inputs)}))
        for entry in spec.inputs:
            if entry.organisation not in spec.with_role("computing_party"):
                reasons.append(Reason("grouped_counts.giver_computes", {"organisation": entry.organisation}))
        if len({_key_type(entry.columns) for entry in spec.inputs}) != 1:
            reasons.append(Reason("grouped_counts.key_types"))
        if spec.disclosure.rounding_base:
            reasons.append(Reason("grouped_counts.rounding", {"base": spec.disclosure.rounding_base}))
        for group in dict.fromkeys(parameters.group_by):
            reasons.extend(_group_reasons(spec, parameters, group))
        for condition in parameters.conditions:
            reasons.extend(condition_reasons(spec, condition))
        return reasons or _size_reasons(spec, parameters)

    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        names = [OutputColumn(group.column, measure=False) for group in self.read(spec).group_by]
        return [*names, OutputColumn(COUNT, measure=True)]

    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        """The labels of all cells, in row-major order of the group columns' declared values."""
        return list(itertools.product(*(group_values(spec, group) for group in self.read(spec).group_by)))

    def leakage(self, spec: Specification) -> list[Leak]:
        everyone = tuple(party.organisation for party in spec.parties)
        sizes = ", ".join(f"{entry.id}: {entry.padded_rows}" for entry in spec.inputs)
        leaks = [
            Leak(
                Text(
                    nl=f"De aangevulde omvang van elke lijst ({sizes}).",
                    en=f"The padded size of each list ({sizes}).",
                ),
                everyone,
                Text(nl="voor de start", en="before the start"),
                Text(nl="openbaar in de specificatie", en="public in the specification"),
            )
        ]
        return leaks + [self._match_leak(spec, joined, matcher) for joined, matcher in matchers(spec)]

    def _match_leak(self, spec: Specification, joined: str, matcher: str) -> Leak:
        base = self.read(spec).base
        return Leak(
            Text(
                nl=f"Bij elke run: hoeveel ids {base} en {joined} delen, plus ruis. Niet welke.",
                en=f"In each run: how many ids {base} and {joined} share, plus noise. Not which.",
            ),
            (matcher,),
            Text(nl="koppelen", en="alignment"),
            Text(
                nl="Ruis: differentieel privé per run (epsilon 0,1; delta 2^-40) door gezamenlijke loze ids. "
                f"Elke poging telt mee; het contract staat {spec.schedule.slots} runs toe.",
                en="Noise: differentially private per run (epsilon 0.1; delta 2^-40) by common dummy ids. "
                f"Every attempt counts; the contract allows {spec.schedule.slots} runs.",
            ),
        )


def matchers(spec: Specification) -> list[tuple[str, str]]:
    """(joined input, organisation that matches it with the base): the computing party that owns neither list."""
    base = input_of(spec, ANALYSIS.read(spec).base)
    found: list[tuple[str, str]] = []
    for entry in spec.inputs:
        if entry.id != base.id:
            owners = (base.organisation, entry.organisation)
            rest = [who for who in spec.with_role("computing_party") if who not in owners]
            found.extend((entry.id, who) for who in rest[:1])
    return found


def group_values(spec: Specification, group: ColumnRef) -> list[str]:
    """The declared categories of a group column, as text; a bool is ``true`` and ``false``, an int its range."""
    kind = column_of(spec, group.input, group.column).type
    if kind.kind == "code":
        return list(kind.values)
    if kind.kind == "bool":
        return ["false", "true"]
    if kind.kind == "int" and kind.minimum is not None and kind.maximum is not None:
        return [str(number) for number in range(kind.minimum, min(kind.maximum, kind.minimum + MOST_CELLS) + 1)]
    raise Refused("grouped_counts.group_type", input=group.input, column=group.column)


def _key_type(columns: list[Column]) -> str:
    return next((column.type.model_dump_json() for column in columns if column.use == "join_key"), "")


def _group_reasons(spec: Specification, parameters: Parameters, group: ColumnRef) -> list[Reason]:
    facts: dict[str, str | int] = {"input": group.input, "column": group.column}
    if group.input != parameters.base:
        return [Reason("grouped_counts.group_outside_base", {**facts, "base": parameters.base})]
    if parameters.group_by.count(group) > 1:
        return [Reason("grouped_counts.group_twice", facts)]
    if group.column == COUNT:
        return [Reason("grouped_counts.group_name", facts)]
    try:
        column = column_of(spec, group.input, group.column)
        if not group_values(spec, group):
            return [Reason("grouped_counts.group_type", facts)]
    except Refused as refusal:
        return refusal.reasons
    return [] if column.use == "group" else [Reason("specification.column_use", {**facts, "use": "group"})]


def _size_reasons(spec: Specification, parameters: Parameters) -> list[Reason]:
    cells = 1
    for group in parameters.group_by:
        cells *= len(group_values(spec, group))
    return [Reason("grouped_counts.cells", {"cells": cells, "most": MOST_CELLS})] if cells > MOST_CELLS else []


ANALYSIS = GroupedCounts()
