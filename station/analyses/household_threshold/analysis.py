"""Household threshold: whose household has less, over all lists together, than the amount agreed for its kind.

The list of those found goes to the owner of the base list alone; the checker sees how many there are of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from station.analyses import derived as deriving
from station.analyses.analysis import Analysis, Estimate, Leak, Lists, OutputColumn
from station.analyses.columns import categories, column_of, condition_reasons, input_of
from station.analyses.joins import join_leaks, join_reasons, joins
from station.analyses.tabulation import COUNT, DUMMIES, rounded
from station.reasons import Reason, Refused
from station.specification import Category, ColumnRef, Condition, Key, Output, Specification, Strict, Text

MOST_HOUSEHOLDS = 200_000


class Norm(Strict):
    """An amount per kind of household: part of the contract, never a column, so that nobody can probe with it."""

    category: Category
    amount: deriving.Whole


class Parameters(Strict):
    """``base``: a list of people with the household of each. A household of more than ``persons`` people is refused.
    It is looked at when all its rows meet ``conditions``. ``others``: the amounts of the joined lists."""

    base: Key
    household: ColumnRef
    household_kind: ColumnRef
    own_amount: ColumnRef
    others: Annotated[list[ColumnRef], Field(min_length=1, max_length=7)]
    norms: Annotated[list[Norm], Field(min_length=1, max_length=20)]
    conditions: Annotated[list[Condition], Field(max_length=10)] = []
    persons: Annotated[int, Field(ge=1, le=8)] = 2
    households: Annotated[int, Field(ge=1, le=MOST_HOUSEHOLDS)]
    most_selected: Annotated[int, Field(ge=1, le=MOST_HOUSEHOLDS)]


class HouseholdThreshold(Analysis):
    key: ClassVar[str] = "household_threshold"
    version: ClassVar[int] = 1
    engines: ClassVar[tuple[str, ...]] = ("mpyc", "spu")
    parameters: ClassVar[type[Parameters]] = Parameters
    output_kinds: ClassVar[tuple[str, ...]] = ("record_list", "aggregate_table")
    title: ClassVar[Text] = Text(nl="Huishoudens onder een norm", en="Households below a norm")
    summary: ClassVar[Text] = Text(
        nl="Vindt de huishoudens waarvan het inkomen over alle lijsten samen onder de norm voor hun soort ligt. Alleen "
        "de eigenaar van de basislijst krijgt de gevonden huishoudens, op het eigen station; verder verschijnen alleen "
        "aantallen vanaf de drempel.",
        en="Finds the households whose income over all lists together is below the norm for their kind. Only the owner "
        "of the base list gets the households found, at its own station; beside that only counts from the threshold.",
    )

    def conditions(self, spec: Specification) -> list[Condition]:
        """None that leave a row out by itself: they say of a whole household whether it is looked at."""
        return []

    def check(self, spec: Specification) -> list[Reason]:
        asked = self.read(spec)
        reasons = list(join_reasons(spec, asked.base))
        if spec.input(asked.base) is None:
            return reasons
        for condition in asked.conditions:
            reasons.extend(condition_reasons(spec, condition))
            if condition.input != asked.base:
                reasons.append(Reason("household.condition", {"input": condition.input, "base": asked.base}))
        reasons.extend(_column_reasons(spec, asked))
        reasons.extend(_output_reasons(spec, input_of(spec, asked.base).organisation))
        return reasons

    def columns(self, spec: Specification, output: Output | None = None) -> list[OutputColumn]:
        return [OutputColumn(self.read(spec).household_kind.column, measure=False), OutputColumn(COUNT, measure=True)]

    def cells(self, spec: Specification) -> list[tuple[str, ...]]:
        return [(kind,) for kind in kinds(spec, self.read(spec))]

    def checked_size(self, spec: Specification, output: Output) -> int | None:
        return len(self.cells(spec)) if output.kind == "record_list" else None

    def objections(self, spec: Specification, output: Output, table: Mapping[str, Any]) -> list[Reason]:
        total, most = sum(row[-1] or 0 for row in table["rows"]), self.read(spec).most_selected
        return [Reason("household.most_selected", {"number": total, "most": most})] if total > most else []

    def records(self, spec: Specification, output: Output, values: Sequence[int], index: Sequence[str]) -> list[str]:
        flags = values[len(self.cells(spec)) :]
        return [name for name, flag in zip(index, flags, strict=False) if flag]

    def leakage(self, spec: Specification) -> list[Leak]:
        asked = self.read(spec)
        owner = input_of(spec, asked.base).organisation
        when, bound = Text(nl="na de vrijgave", en="after the release"), Text(nl="bedoeld", en="intended")
        size = f"{asked.households} x {asked.persons}"
        public = Leak(
            Text(nl=f"Het aangevulde aantal huishoudens en personen ({size}).",
                 en=f"The padded number of households and people ({size})."),
            tuple(party.organisation for party in spec.parties),
            Text(nl="voor de start", en="before the start"),
            Text(nl="openbaar in de specificatie", en="public in the specification"),
        )  # fmt: skip
        found = Leak(
            Text(nl="Van elk gevonden huishouden: het inkomen ligt onder de norm.",
                 en="Of each household found: its income is below the norm."), (owner,), when, bound)  # fmt: skip
        rest = Leak(
            Text(nl="Van elk bekeken huishouden dat niet is gevonden: het inkomen ligt op of boven de norm.",
                 en="Of each household that was looked at and not found: its income is at or above the norm."),
            (owner,), when,
            Text(nl="niet te vermijden: wie niet op de lijst staat, staat er niet op",
                 en="cannot be avoided: who is not on the list, is not on it"),
        )  # fmt: skip
        return [*join_leaks(spec, asked.base), public, found, rest]

    def estimate(self, spec: Specification) -> Estimate:
        asked = self.read(spec)
        bits = max(map(abs, limits(spec, asked))).bit_length() + 1
        people = asked.households * asked.persons
        joined = sum(people + one.input.padded_rows + 2 * DUMMIES for one in joins(spec, asked.base))
        seconds = 1.5 + 8e-6 * joined + 3e-8 * asked.households * bits
        return Estimate(max(1, round(seconds)), max(1, round((44 * joined + asked.households * (100 + bits)) / 1e6)))

    def plain(self, spec: Specification, lists: Lists) -> dict[str, list[int]]:
        asked, k = self.read(spec), spec.disclosure.k
        amounts = {norm.category: norm.amount for norm in asked.norms}
        flags: list[int] = []
        found = dict.fromkeys(kinds(spec, asked), 0)
        looked_at = dict(found)
        for members in _households(asked, lists).values():
            kind = _text(members[0][1][asked.household_kind.column])
            is_looked_at = all(_meets(c, row) for _key, row in members for c in asked.conditions)
            total = sum(_amount(asked, lists, key, row) for key, row in members)
            flags.append(int(is_looked_at and total < amounts[kind]))
            found[kind] += flags[-1]
            looked_at[kind] += is_looked_at
        two_sided = spec.disclosure.two_sided
        counts = [n if n >= k and (not two_sided or looked_at[c] - n >= k) else 0 for c, n in found.items()]
        counts = rounded(counts, spec.disclosure.rounding_base)
        padded = flags + [0] * (asked.households - len(flags))
        return {o.name: counts + (padded if o.kind == "record_list" else []) for o in spec.outputs}


def kinds(spec: Specification, asked: Parameters) -> list[str]:
    return categories(spec, asked.household_kind.input, asked.household_kind.column)


def limits(spec: Specification, asked: Parameters) -> tuple[int, int]:
    """The least and the greatest that a household's amounts beyond its norm can be."""
    terms = [deriving.Term(input=ref.input, column=ref.column) for ref in [asked.own_amount, *asked.others]]
    low, high = deriving.span(spec, terms)
    amounts = [norm.amount for norm in asked.norms]
    return asked.persons * low - max(0, *amounts), asked.persons * high - min(0, *amounts)


def _households(asked: Parameters, lists: Lists) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """The people of each household, in the order in which households occur."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for key, row in lists[asked.base].items():
        found.setdefault(row[asked.household.column], []).append((key, row))
    return found


def _amount(asked: Parameters, lists: Lists, key: str, row: Mapping[str, Any]) -> int:
    others = (lists[ref.input].get(key, {}).get(ref.column, 0) for ref in asked.others)
    return int(row[asked.own_amount.column]) + sum(map(int, others))


def _meets(condition: Condition, row: Mapping[str, Any]) -> bool:
    return deriving.COMPARE[condition.op](row[condition.column], condition.value)


def _text(cell: Any) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _column_reasons(spec: Specification, asked: Parameters) -> Iterator[Reason]:
    own = [(asked.household, "record"), (asked.household_kind, "group"), (asked.own_amount, "measure")]
    uses = [*((ref, use, True) for ref, use in own), *((ref, "measure", False) for ref in asked.others)]
    try:
        for ref, use, at_base in uses:
            facts: dict[str, str | int] = {"input": ref.input, "column": ref.column}
            if column_of(spec, ref.input, ref.column).use != use:
                yield Reason("specification.column_use", {**facts, "use": use})
            if (ref.input == asked.base) != at_base:
                yield Reason("household.column", {**facts, "base": asked.base})
        if sorted(norm.category for norm in asked.norms) != sorted(kinds(spec, asked)):
            yield Reason("household.norms", {"kinds": ", ".join(kinds(spec, asked))})
        if max(map(abs, limits(spec, asked))) > deriving.LARGEST:
            yield Reason("derived.too_large", {"name": asked.own_amount.column})
    except Refused as refusal:
        yield from refusal.reasons


def _output_reasons(spec: Specification, owner: str) -> Iterator[Reason]:
    for output in spec.outputs:
        if output.kind == "record_list" and output.recipients != [owner]:
            yield Reason("household.recipient", {"output": output.name, "organisation": owner})


ANALYSIS = HouseholdThreshold()
