"""Membership: which bodies hold something on each request, known to the asking station alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from station.analyses.analysis import Analysis, Estimate, Leak, Lists, OutputColumn
from station.analyses.columns import column_of, input_of
from station.analyses.joins import join_reasons
from station.reasons import Reason, Refused
from station.specification import ColumnRef, Input, Key, Output, Specification, Strict, Text

MOST_REQUESTS = 10_000
MOST_REGISTRATIONS = 1_000_000
COLUMNS = ("bodies", "count")


class Parameters(Strict):
    """``base``: the list of requests; every other list is that of a body. ``record``: the column by which the asker
    knows a request. ``requests``: how many may be asked about in one run, which is also the base list's padded size."""

    base: Key
    record: ColumnRef
    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)]


class Membership(Analysis):
    key: ClassVar[str] = "membership"
    version: ClassVar[int] = 1
    engines: ClassVar[tuple[str, ...]] = ("mpyc",)
    parameters: ClassVar[type[Parameters]] = Parameters
    output_kinds: ClassVar[tuple[str, ...]] = ("record_list", "aggregate_table")
    title: ClassVar[Text] = Text(nl="Bij wie staat iets", en="Which bodies hold something")
    summary: ClassVar[Text] = Text(
        nl="Zoekt voor elk verzoek op welke organisaties iets van die persoon hebben. Alleen het vragende station "
        "weet de uitkomst. De organisaties zien niet om wie het gaat en niet hoe vaak er iets gevonden is.",
        en="Looks up, for each request, which bodies hold something on that person. Only the asking station knows what "
        "was found. The bodies see neither whom it is about nor how often something was found.",
    )
    assumptions: ClassVar[Text] = Text(
        nl="Partijen volgen het protocol (semi-eerlijk); van de drie rekenpartijen is er hooguit één corrupt. "
        "De vrager vraagt alleen naar mensen die daarom verzochten: dat moet bij de vrager zelf gecontroleerd zijn.",
        en="Parties follow the protocol (semi-honest); at most one of the three computing parties is corrupt. The "
        "asker asks only about people who requested it: that must have been checked at the asker itself.",
    )

    def check(self, spec: Specification) -> list[Reason]:
        asked = self.read(spec)
        reasons = list(join_reasons(spec, asked.base))
        if spec.input(asked.base) is None:
            return reasons
        reasons += [*_column_reasons(spec, asked), *_size_reasons(spec, asked), *_output_reasons(spec, asked)]
        if spec.disclosure.rounding_base:
            reasons.append(Reason("membership.rounding", {"base": spec.disclosure.rounding_base}))
        return reasons

    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        return [OutputColumn(COLUMNS[0], measure=False), OutputColumn(COLUMNS[1], measure=True)]

    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        """By how many bodies something was found: 0, 1, ... So no body's own number is told."""
        return [(str(number),) for number in range(len(bodies(spec)) + 1)]

    def checked_size(self, spec: Specification, output: Output) -> int | None:
        return len(self.cells(spec)) if output.kind == "record_list" else None

    def records(self, spec: Specification, output: Output, values: Sequence[int], index: Sequence[str]) -> list[str]:
        """``request body`` for everything that was found."""
        names, flags = [body.id for body in bodies(spec)], values[len(self.cells(spec)) :]
        return [
            f"{request} {name}"
            for place, request in enumerate(index)
            for name, flag in zip(names, flags[place * len(names) : (place + 1) * len(names)], strict=True)
            if flag
        ]

    def leakage(self, spec: Specification) -> list[Leak]:
        owner = input_of(spec, self.read(spec).base).organisation
        sizes = ", ".join(f"{entry.id}: {entry.padded_rows}" for entry in spec.inputs)
        return [
            Leak(
                Text(
                    nl=f"De aangevulde omvang van elke lijst ({sizes}).",
                    en=f"The padded size of each list ({sizes}).",
                ),
                tuple(party.organisation for party in spec.parties),
                Text(nl="voor de start", en="before the start"),
                Text(nl="openbaar in de specificatie", en="public in the specification"),
            ),
            Leak(
                Text(
                    nl="Van elk verzoek: bij welke organisaties iets staat, en bij welke niet. Dat iemand bekend is "
                    "bij zo'n organisatie, is op zichzelf al gevoelig.",
                    en="Of each request: which bodies hold something, and which do not. That somebody is known to such "
                    "a body is sensitive in itself.",
                ),
                (owner,),
                Text(
                    nl="tijdens de run in het rekenproces van de vrager; in een bestand pas na de vrijgave",
                    en="during the run in the asker's engine process; in a file only after the release",
                ),
                Text(
                    nl=f"hoogstens {self.read(spec).requests} personen per run, {spec.schedule.slots} runs",
                    en=f"at most {self.read(spec).requests} people per run, {spec.schedule.slots} runs",
                ),
            ),
        ]

    def estimate(self, spec: Specification) -> Estimate:
        most = max(body.padded_rows for body in bodies(spec))
        asked = self.read(spec).requests * len(bodies(spec))
        size = 16 * sum(body.padded_rows for body in bodies(spec)) + 72 * asked
        return Estimate(round(2 + 9e-5 * most + 2e-4 * asked), max(1, round(size / 1e6)))

    def plain(self, spec: Specification, lists: Lists) -> dict[str, list[int]]:
        asked, names = self.read(spec), [body.id for body in bodies(spec)]
        found = [[int(key in lists[name]) for name in names] for key in lists[asked.base]]
        counts = disclosed(spec, [sum(row) for row in found])
        flags = [bit for row in found for bit in row]
        padded = flags + [0] * (asked.requests * len(names) - len(flags))
        return {o.name: counts + (padded if o.kind == "record_list" else []) for o in spec.outputs}


def bodies(spec: Specification) -> list[Input]:
    """The lists of the bodies, in the order of the specification."""
    return [entry for entry in spec.inputs if entry.id != ANALYSIS.read(spec).base]


def disclosed(spec: Specification, found: Sequence[int]) -> list[int]:
    """How many requests have 0, 1, ... bodies, after the rule: what is small becomes 0. ``found``: per request."""
    rule, total, counts = spec.disclosure, len(found), []
    for number in range(len(bodies(spec)) + 1):
        count = sum(each == number for each in found)
        counts.append(count if count >= rule.k and (not rule.two_sided or total - count >= rule.k) else 0)
    return counts


def _column_reasons(spec: Specification, asked: Parameters) -> Iterator[Reason]:
    facts: dict[str, str | int] = {"input": asked.record.input, "column": asked.record.column}
    try:
        if column_of(spec, asked.record.input, asked.record.column).use != "record":
            yield Reason("specification.column_use", {**facts, "use": "record"})
    except Refused as refusal:
        yield from refusal.reasons
    if asked.record.input != asked.base:
        yield Reason("membership.record", {**facts, "base": asked.base})


def _size_reasons(spec: Specification, asked: Parameters) -> Iterator[Reason]:
    if (rows := input_of(spec, asked.base).padded_rows) != asked.requests:
        yield Reason("membership.requests", {"rows": rows, "requests": asked.requests})
    for body in bodies(spec):
        if body.padded_rows > MOST_REGISTRATIONS:
            yield Reason("membership.registrations", {"input": body.id, "most": MOST_REGISTRATIONS})


def _output_reasons(spec: Specification, asked: Parameters) -> Iterator[Reason]:
    owner = input_of(spec, asked.base).organisation
    for output in spec.outputs:
        if output.kind == "record_list" and output.recipients != [owner]:
            yield Reason("membership.recipient", {"output": output.name, "organisation": owner})


ANALYSIS = Membership()
