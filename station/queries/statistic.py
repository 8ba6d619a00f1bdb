"""What a contract asks of one dataset: told apart from, or recognised as, what was asked before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from station import analyses
from station.contract.canonical import digest
from station.contract.contract import Contract
from station.specification import Condition, Input


@dataclass(frozen=True)
class Statistic:
    """``sha256``: the same for the same question, in whichever contract. ``period``: inside which rows stay the same;
    None without recurrence. ``least``: 2k, the smallest number of people that two answers may differ by."""

    dataset: str
    sha256: str
    recipients: frozenset[str]
    period: str | None
    least: int
    title: str
    last_day: date


def statistic_of(contract: Contract, entry: Input, day: date) -> Statistic:
    spec = contract.specification
    asked = {
        "analysis": spec.analysis, "parameters": spec.parameters, "input": entry.id,
        "columns": sorted(column.name for column in entry.columns),
    }  # fmt: skip
    recipients = frozenset(who for output in spec.outputs for who in output.recipients)
    period = period_of(spec.schedule.recurrence, day)
    return Statistic(
        entry.dataset, digest(asked), recipients, period and f"{contract.sha256} {period}", 2 * spec.disclosure.k,
        spec.title.en, spec.schedule.last_day,
    )  # fmt: skip


def period_of(recurrence: str, day: date) -> str | None:
    """The week (ISO), month or quarter in which a day lies."""
    year, week, _weekday = day.isocalendar()
    periods = {
        "weekly": f"{year}-W{week:02}",
        "monthly": f"{day:%Y-%m}",
        "quarterly": f"{day.year}-Q{(day.month + 2) // 3}",
    }
    return periods.get(recurrence)


def boundaries(contract: Contract, entry: Input) -> dict[str, set[str]]:
    """Column -> where its values are cut in two by this contract's conditions. Categories and yes/no columns need no
    cut: each of their values stands by itself already."""
    spec = contract.specification
    found: dict[str, set[str]] = {}
    kinds = {column.name: column.type.kind for column in entry.columns}
    for condition in analyses.get(spec.analysis).conditions(spec):
        if condition.input == entry.id and kinds.get(condition.column) not in ("code", "bool"):
            found.setdefault(condition.column, set()).update(_cuts(condition))
    return found


def _cuts(condition: Condition) -> set[str]:
    """A number n stands for the cut between n and n + 1; "=text" for one text apart from all others."""
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    cuts: set[str] = set()
    for value in values:
        if not isinstance(value, int):
            cuts.add(f"={value}")
            continue
        if condition.op not in ("gt", "le"):
            cuts.add(str(value - 1))
        if condition.op not in ("lt", "ge"):
            cuts.add(str(value))
    return cuts
