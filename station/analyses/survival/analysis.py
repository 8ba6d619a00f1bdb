"""Survival: per group who was at risk and who had the event, over a time grid; from that curves and a log-rank test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationError

from station.analyses.analysis import Analysis, Estimate, Leak, Lists, OutputColumn
from station.analyses.columns import column_of, condition_reasons, input_of
from station.analyses.survival import curves, plain
from station.analyses.survival.grid import Grid
from station.contract.contract import validation_reasons
from station.reasons import Reason, Refused
from station.specification import Column, ColumnRef, Condition, Output, Specification, Strict, Text

MOST_INTERVALS = 60
MOST_ROWS = 100_000
GROUPS = 2
CURVE_COLUMNS = ("from", "to", "at_risk", "events", "survival", "lower", "upper")
TEST_COLUMNS = ("measure", "value")


class Parameters(Strict):
    """``time`` (whole numbers, say months) and ``event`` (yes: the event, no: lost from sight) stand in one list;
    ``group`` there or in the other list. Times are counted in intervals of ``interval``, up to ``horizon``.
    """

    time: ColumnRef
    event: ColumnRef
    group: ColumnRef
    interval: Annotated[int, Field(ge=1, le=10_000)]
    horizon: Annotated[int, Field(ge=1, le=100_000)]
    min_events: Annotated[int, Field(ge=1, le=1_000)] = 3
    conditions: Annotated[list[Condition], Field(max_length=40)] = []


class Survival(Analysis):
    key: ClassVar[str] = "survival"
    version: ClassVar[int] = 1
    engines: ClassVar[tuple[str, ...]] = ("mpyc",)
    output_kinds: ClassVar[tuple[str, ...]] = ("aggregate_table", "scalar")
    parameters: ClassVar[type[Parameters]] = Parameters
    title: ClassVar[Text] = Text(nl="Overleving per groep", en="Survival per group")
    summary: ClassVar[Text] = Text(
        nl="Telt per groep en tijdvak hoeveel mensen nog gevolgd worden en bij hoeveel de gebeurtenis optrad. Daaruit "
        "volgen Kaplan-Meier-curves met betrouwbaarheidsbanden en een logrank-toets. Tijdvakken met te weinig "
        "gebeurtenissen worden in de berekening zelf samengevoegd; wat dan nog te klein is, komt er niet uit.",
        en="Counts, per group and interval of time, how many people are still followed and how many had the event. "
        "From that follow Kaplan-Meier curves with confidence bands and a log-rank test. Intervals with too few events "
        "are merged inside the computation; what is too small even then does not come out.",
    )
    assumptions: ClassVar[Text] = Text(
        nl="Partijen volgen het protocol (semi-eerlijk) en van de drie rekenpartijen is er hooguit één corrupt. "
        "Wie uit het oog raakt, loopt gemiddeld hetzelfde risico als wie gevolgd blijft.",
        en="Parties follow the protocol (semi-honest) and at most one of the three computing parties is corrupt. "
        "Those lost from sight run the same risk on average as those who stay in sight.",
    )

    def read(self, spec: Specification) -> Parameters:
        """The typed parameters; Refused names the fields that are wrong."""
        try:
            return Parameters.model_validate(spec.parameters)
        except ValidationError as error:
            raise Refused(*validation_reasons("specification.parameter", error)) from error

    def check(self, spec: Specification) -> list[Reason]:
        parameters = self.read(spec)
        if reasons := [*_list_reasons(spec, parameters), *_column_reasons(spec, parameters)]:
            return reasons
        reasons = [reason for condition in parameters.conditions for reason in condition_reasons(spec, condition)]
        return reasons + _grid_reasons(spec, parameters)

    def conditions(self, spec: Specification) -> list[Condition]:
        return self.read(spec).conditions

    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        if output is not None and output.kind == "scalar":
            return [OutputColumn(name, measure=name == "value", counts=False) for name in TEST_COLUMNS]
        group = self.read(spec).group.column
        return [
            OutputColumn(name, measure=name not in (group, "from", "to"), counts=name == "at_risk")
            for name in (group, *CURVE_COLUMNS)
        ]

    def estimate(self, spec: Specification) -> Estimate:
        base, joined = lists(spec)
        listed = len(groups(spec)) * base.padded_rows + joined.padded_rows
        made = grid(spec)
        compared = 2 * made.groups * made.intervals * (made.intervals + 1) // 2
        size = 60 * listed + 700 * compared
        return Estimate(round(1.5 + 1e-5 * listed + 5e-4 * compared), max(1, round(size / 1e6)))

    def plain(self, spec: Specification, lists: Lists) -> dict[str, list[int]]:
        asked = self.read(spec)
        values = plain.values(asked, spec.disclosure, plain.people(asked, groups(spec), lists))
        return {output.name: values for output in spec.outputs}

    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        """Per group every interval of the grid, before any are merged."""
        made = grid(spec)
        return [(group, str(place * made.interval)) for group in groups(spec) for place in range(made.intervals)]

    def table(self, spec: Specification, output: Output, values: Sequence[int]) -> dict[str, Any]:
        """Curves, or for an output of kind ``scalar`` the test; both follow from the same released counts alone."""
        released = grid(spec).read(values)
        rows = (
            curves.log_rank_rows(groups(spec), released)
            if output.kind == "scalar"
            else curves.curve_rows(groups(spec), released, grid(spec).end)
        )
        names = [column.name for column in self.columns(spec, output)]
        measure = 1 if output.kind == "scalar" else 3
        return {"columns": names, "rows": rows, "suppressed": sum(row[measure] is None for row in rows)}

    def picture(self, output: Output) -> str:
        return "measures" if output.kind == "scalar" else "curves"

    def objections(self, spec: Specification, output: Output, table: Mapping[str, Any]) -> list[Reason]:
        """Fewer events than agreed, or more of anything than there can be."""
        if output.kind == "scalar":
            return []
        least, most = self.read(spec).min_events, min(entry.padded_rows for entry in spec.inputs)
        shown = [(row[3], row[4]) for row in table["rows"] if row[3] is not None]
        small = sum(events < least for _at_risk, events in shown)
        reasons = [Reason("output.below_threshold", {"number": small, "k": least})] if small else []
        if any(events > at_risk or at_risk > most for at_risk, events in shown):
            reasons.append(Reason("output.impossible", {"most": most}))
        return reasons

    def leakage(self, spec: Specification) -> list[Leak]:
        everyone = tuple(party.organisation for party in spec.parties)
        sizes = ", ".join(f"{entry.id}: {entry.padded_rows}" for entry in spec.inputs)
        receivers = dict.fromkeys(who for output in spec.outputs for who in (output.checker, *output.recipients))
        base, joined = lists(spec)
        return [
            Leak(
                Text(
                    nl=f"De aangevulde omvang van elke lijst ({sizes}).",
                    en=f"The padded size of each list ({sizes}).",
                ),
                everyone,
                Text(nl="voor de start", en="before the start"),
                Text(nl="openbaar in de specificatie", en="public in the specification"),
            ),
            Leak(
                Text(
                    nl=f"Bij elke run: hoeveel ids {base.id} en {joined.id} delen, plus ruis. Niet welke.",
                    en=f"In each run: how many ids {base.id} and {joined.id} share, plus noise. Not which.",
                ),
                (matcher(spec),),
                Text(nl="koppelen", en="alignment"),
                Text(
                    nl="Ruis: differentieel privé per run (epsilon 0,1; delta 2^-40) door gezamenlijke loze ids. "
                    f"Elke poging telt mee; het contract staat {spec.schedule.slots} runs toe.",
                    en="Noise: differentially private per run (epsilon 0.1; delta 2^-40) by common dummy ids. "
                    f"Every attempt counts; the contract allows {spec.schedule.slots} runs.",
                ),
            ),
            Leak(
                Text(
                    nl="Welke tijdvakken zijn samengevoegd, en hoeveel mensen tussen twee getoonde tijdvakken uit het "
                    "oog raakten: dat volgt uit de getoonde aantallen.",
                    en="Which intervals were merged, and how many people were lost from sight between two shown "
                    "intervals: that follows from the shown numbers.",
                ),
                tuple(receivers),
                Text(nl="uitkomst", en="output"),
                Text(
                    nl="hoogstens wat in de tabel staat; tijden alleen per tijdvak",
                    en="at most what the table says; times by interval only",
                ),
            ),
        ]


def grid(spec: Specification) -> Grid:
    parameters = ANALYSIS.read(spec)
    return Grid(parameters.interval, parameters.horizon // parameters.interval, len(groups(spec)))


def lists(spec: Specification) -> tuple[Any, Any]:
    """The list with the times, whose owner orders it, and the other one."""
    base = input_of(spec, ANALYSIS.read(spec).time.input)
    return base, next(entry for entry in spec.inputs if entry.id != base.id)


def matcher(spec: Specification) -> str:
    """The computing party that owns neither list."""
    owners = {entry.organisation for entry in spec.inputs}
    return next((who for who in spec.with_role("computing_party") if who not in owners), "")


def groups(spec: Specification) -> list[str]:
    """The two groups, as text, in declared order."""
    reference = ANALYSIS.read(spec).group
    kind = column_of(spec, reference.input, reference.column).type
    if kind.kind == "code":
        return list(kind.values)
    return ["false", "true"] if kind.kind == "bool" else []


def _list_reasons(spec: Specification, parameters: Parameters) -> list[Reason]:
    """Two lists of two computing parties, with keys of one form; time and event in the same one."""
    reasons = []
    if len(spec.inputs) != 2 or len({entry.organisation for entry in spec.inputs}) != 2:
        reasons.append(Reason("survival.two_lists", {"number": len(spec.inputs)}))
    for entry in spec.inputs:
        if entry.organisation not in spec.with_role("computing_party"):
            reasons.append(Reason("survival.giver_computes", {"organisation": entry.organisation}))
        if entry.padded_rows > MOST_ROWS:
            reasons.append(Reason("survival.rows", {"input": entry.id, "most": MOST_ROWS}))
    if len({_key_type(entry.columns) for entry in spec.inputs}) != 1:
        reasons.append(Reason("survival.key_types"))
    if parameters.time.input != parameters.event.input:
        reasons.append(Reason("survival.one_list", {"time": parameters.time.input, "event": parameters.event.input}))
    return reasons


def _column_reasons(spec: Specification, parameters: Parameters) -> list[Reason]:
    reasons = []
    for role, reference in (("time", parameters.time), ("event", parameters.event), ("group", parameters.group)):
        facts: dict[str, str | int] = {"input": reference.input, "column": reference.column}
        try:
            column = column_of(spec, reference.input, reference.column)
        except Refused as refusal:
            reasons += refusal.reasons
            continue
        if column.use == "join_key" or not _FORMS[role](column):
            reasons.append(Reason(f"survival.{role}_type", facts))
        if role == "group" and column.name in CURVE_COLUMNS:
            reasons.append(Reason("survival.group_name", facts))
    return reasons


_FORMS: dict[str, Any] = {
    "time": lambda column: column.type.kind == "int" and column.type.minimum is not None and column.type.minimum >= 0,
    "event": lambda column: column.type.kind == "bool",
    "group": lambda column: (
        column.type.kind == "bool" or (column.type.kind == "code" and len(column.type.values) == GROUPS)
    ),
}


def _grid_reasons(spec: Specification, parameters: Parameters) -> list[Reason]:
    reasons = []
    if parameters.horizon % parameters.interval or parameters.horizon // parameters.interval > MOST_INTERVALS:
        facts: dict[str, str | int] = {
            "horizon": parameters.horizon, "interval": parameters.interval, "most": MOST_INTERVALS
        }  # fmt: skip
        reasons.append(Reason("survival.grid", facts))
    if spec.disclosure.rounding_base:
        reasons.append(Reason("survival.rounding", {"base": spec.disclosure.rounding_base}))
    return reasons


def _key_type(columns: list[Column]) -> str:
    return next((column.type.model_dump_json() for column in columns if column.use == "join_key"), "")


ANALYSIS = Survival()
