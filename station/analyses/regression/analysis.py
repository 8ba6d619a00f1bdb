"""Regression: how an outcome goes with predictors that stand in the lists of several parties; coefficients only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from station.alignment.field import P
from station.analyses.analysis import Analysis, Estimate, Leak, Lists, OutputColumn
from station.analyses.columns import column_of, condition_reasons
from station.analyses.joins import join_leaks, join_reasons, joins
from station.analyses.regression import plain
from station.analyses.regression.design import INTERCEPT, MARGIN, SPU_MARGIN, Design, design
from station.analyses.tabulation import DUMMIES
from station.reasons import Reason, Refused
from station.specification import ColumnRef, Condition, Key, Output, Specification, Strict, Text

MOST_ROWS = 200_000
MOST_TERMS = 12
MOST_BITS = 440  # wider numbers would not fit a message
TERM_COLUMNS = ("term", "coefficient")
FIT_COLUMNS = ("measure", "value")


class Parameters(Strict):
    """``base``: the list whose rows are looked at, of those that stand in every list. ``outcome`` and ``predictors``
    stand in any list: whole numbers, yes or no, or (predictors) categories, of which the first is compared with."""

    base: Key
    model: Literal["linear", "logistic"] = "linear"
    outcome: ColumnRef
    predictors: Annotated[list[ColumnRef], Field(min_length=1, max_length=MOST_TERMS)]
    conditions: Annotated[list[Condition], Field(max_length=40)] = []
    rows_per_coefficient: Annotated[int, Field(ge=3, le=1_000)] = 10
    decimals: Annotated[int, Field(ge=0, le=6)] = 3


class Regression(Analysis):
    key: ClassVar[str] = "regression"
    version: ClassVar[int] = 1
    engines: ClassVar[tuple[str, ...]] = ("mpyc", "spu")
    output_kinds: ClassVar[tuple[str, ...]] = ("aggregate_table", "scalar")
    parameters: ClassVar[type[Parameters]] = Parameters
    title: ClassVar[Text] = Text(nl="Regressie", en="Regression")
    summary: ClassVar[Text] = Text(
        nl="Schat hoe een uitkomst samenhangt met kenmerken die bij verschillende partijen staan. Er verschijnen "
        "alleen afgeronde coëfficiënten, het aantal rijen en hoeveel van de verschillen verklaard is. Bij te weinig "
        "rijen, een ontwerp zonder eenduidige uitkomst of een volmaakt passend model verschijnt niets.",
        en="Estimates how an outcome goes with characteristics that stand at several parties. Only rounded "
        "coefficients, the number of rows and how much of the differences is explained come out. With too few rows, a "
        "design without a single answer or a model that fits perfectly, nothing comes out.",
    )
    assumptions: ClassVar[Text] = Text(
        nl="Partijen volgen het protocol (semi-eerlijk) en van de drie rekenpartijen is er hooguit één corrupt. "
        "Een coëfficiënt zegt dat kenmerken samengaan, niet dat het een het ander veroorzaakt.",
        en="Parties follow the protocol (semi-honest) and at most one of the three computing parties is corrupt. "
        "A coefficient says that characteristics go together, not that one causes the other.",
    )

    def check(self, spec: Specification) -> list[Reason]:
        asked = self.read(spec)
        reasons = list(join_reasons(spec, asked.base))
        if spec.input(asked.base) is None:
            return reasons
        for condition in asked.conditions:
            reasons.extend(condition_reasons(spec, condition))
        reasons.extend(_column_reasons(spec, asked))
        return reasons or list(_size_reasons(spec, asked))

    def conditions(self, spec: Specification) -> list[Condition]:
        conditions: list[Condition] = self.read(spec).conditions
        return conditions

    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        return [(INTERCEPT,), *((term.label,) for term in made(spec).terms)]

    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        names = FIT_COLUMNS if output is not None and output.kind == "scalar" else TERM_COLUMNS
        return [OutputColumn(name, measure=place > 0, counts=False) for place, name in enumerate(names)]

    def table(self, spec: Specification, output: Output, values: Sequence[int]) -> dict[str, Any]:
        """Coefficients, or for an output of kind ``scalar`` the number of rows and the explained part."""
        if len(values) != len(self.cells(spec)) + 2:
            raise Refused("output.shape", output=output.name)
        *units, number, explained = values
        decimals = self.read(spec).decimals
        if output.kind == "scalar":
            part = str(Decimal(explained - 1).scaleb(-3)) if explained else None
            rows: list[list[Any]] = [["rows", number or None], ["r_squared", part]]
        else:
            shown = [f"{Decimal(unit - MARGIN).scaleb(-decimals):f}" if unit else None for unit in units]
            rows = [[label, text] for (label,), text in zip(self.cells(spec), shown, strict=True)]
        names = [column.name for column in self.columns(spec, output)]
        return {"columns": names, "rows": rows, "suppressed": sum(row[1] is None for row in rows)}

    def picture(self, output: Output) -> str:
        return "coefficients"

    def objections(self, spec: Specification, output: Output, table: Mapping[str, Any]) -> list[Reason]:
        """Fewer rows than agreed, or more than there can be."""
        if output.kind != "scalar" or (number := table["rows"][0][1]) is None:
            return []
        least, most = least_rows(spec), min(entry.padded_rows for entry in spec.inputs)
        reasons = [Reason("output.below_threshold", {"number": 1, "k": least})] if number < least else []
        return [*reasons, *([Reason("output.impossible", {"most": most})] if number > most else [])]

    def leakage(self, spec: Specification) -> list[Leak]:
        asked = self.read(spec)
        receivers = dict.fromkeys(who for output in spec.outputs for who in (output.checker, *output.recipients))
        nothing = Leak(
            Text(
                nl="Of er iets getoond wordt. Zo niet, dan niet waarom niet: te weinig rijen, te weinig ja of nee in "
                "een kolom, geen eenduidige uitkomst, of een model dat te goed past.",
                en="Whether anything is shown. If not, then not why not: too few rows, too few of yes or no in a "
                "column, no single answer, or a model that fits too well.",
            ),
            tuple(receivers),
            Text(nl="uitkomst", en="output"),
            Text(nl="een enkel ja of nee", en="a single yes or no"),
        )
        return [*join_leaks(spec, asked.base), nothing]

    def estimate(self, spec: Specification) -> Estimate:
        """From the sizes of the pieces; rough, because it is not fitted to measurements yet."""
        asked, size = self.read(spec), made(spec)
        joined = sum(size.rows + one.input.padded_rows + 2 * DUMMIES for one in joins(spec, asked.base))
        entries, wide = size.rows * (size.coefficients + 1), size.coefficients * size.bits
        seconds = 2 + 8e-6 * joined + 3e-7 * entries * size.coefficients + 8e-7 * wide * size.bits
        return Estimate(max(1, round(seconds)), max(1, round((44 * joined + 60 * entries + 40 * wide) / 1e6)))

    def plain(self, spec: Specification, lists: Lists) -> dict[str, list[int]]:
        asked, size = self.read(spec), made(spec)
        table = plain.rows(spec, size, asked.base, asked.conditions, lists)
        is_enough = plain.enough(spec, size, least_rows(spec), table)
        values = self._fitted(spec, size, table) if is_enough else [0] * (size.coefficients + 2)
        return {output.name: values for output in spec.outputs}

    def _fitted(self, spec: Specification, size: Design, table: list[list[int]]) -> list[int]:
        if self.read(spec).model == "logistic":
            return plain.fitted_logistic(size, table)
        return plain.fitted(size, table, SPU_MARGIN if spec.engine == "spu" else MARGIN)

    def agrees(self, spec: Specification, computed: Sequence[int], reference: Sequence[int]) -> bool:
        """With spu: coefficients that differ in the outcome, over a whole column, by 1 % of its range (logistic: 0.05),
        and one unit; the explained part by a hundredth."""
        if spec.engine != "spu" or not all(reference):
            return super().agrees(spec, computed, reference)
        size, unit = made(spec), 10 ** self.read(spec).decimals
        near = 0.05 if self.read(spec).model == "logistic" else 0.01 * size.outcome.span
        lengths = [min([term.span for term in size.terms]) / 100, *(term.span for term in size.terms)]
        allowed = [1 + near * unit / length for length in lengths]
        return len(computed) == len(reference) and all(
            abs(a - b) <= most for a, b, most in zip(computed, reference, [*allowed, 0, 10], strict=True)
        )


def made(spec: Specification) -> Design:
    return design(spec, ANALYSIS.read(spec))


def least_rows(spec: Specification) -> int:
    """Fewer rows than this and nothing is shown."""
    return max(spec.disclosure.k, ANALYSIS.read(spec).rows_per_coefficient * made(spec).coefficients)


def _column_reasons(spec: Specification, asked: Parameters) -> Iterator[Reason]:
    every = [asked.outcome, *asked.predictors]
    for reference in every:
        facts: dict[str, str | int] = {"input": reference.input, "column": reference.column}
        try:
            column = column_of(spec, reference.input, reference.column)
        except Refused as refusal:
            yield from refusal.reasons
            continue
        if every.count(reference) > 1:
            yield Reason("regression.twice", facts)
        kinds = ("int", "bool") if reference is asked.outcome else ("int", "bool", "code")
        if column.use not in ("measure", "group") or column.type.kind not in kinds:
            yield Reason("regression.column", facts)
    if asked.model == "logistic" and _kind_of(spec, asked.outcome) not in ("bool", ""):
        yield Reason("regression.outcome", {"input": asked.outcome.input, "column": asked.outcome.column})
    if asked.model == "logistic" and spec.engine == "mpyc":
        yield Reason("regression.engine", {"engine": spec.engine})
    if spec.disclosure.rounding_base:
        yield Reason("regression.rounding", {"base": spec.disclosure.rounding_base})


def _kind_of(spec: Specification, reference: ColumnRef) -> str:
    try:
        return column_of(spec, reference.input, reference.column).type.kind
    except Refused:
        return ""


def _size_reasons(spec: Specification, asked: Parameters) -> Iterator[Reason]:
    try:
        size = design(spec, asked)
    except Refused as refusal:
        yield from refusal.reasons
        return
    if len(size.terms) > MOST_TERMS:
        yield Reason("regression.terms", {"number": len(size.terms), "most": MOST_TERMS})
    for entry in spec.inputs:
        if entry.padded_rows > MOST_ROWS:
            yield Reason("regression.rows", {"input": entry.id, "most": MOST_ROWS})
    if spec.engine == "mpyc" and (size.largest_sum >= P or size.bits > MOST_BITS):
        yield Reason("regression.too_wide", {"bits": size.bits, "most": MOST_BITS})


ANALYSIS = Regression()
