"""Which station lacks an engine, by what it said last. The station itself refuses; this is so that people see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from accounts.turn import Turn
from collaborations.gate import Case
from computations.models import DataStation
from station.reasons import Fact

ALWAYS = "mpyc"  # comes along with every station


def lacking(engine: str, organisations: Iterable[str]) -> list[str]:
    """Those of these organisations (keys) whose station did not say that it has the engine."""
    wanted = list(organisations)
    if engine == ALWAYS:
        return []
    said = DataStation.objects.filter(organisation__slug__in=wanted).values_list("organisation__slug", "engines")
    having = {key for key, engines in said if engine in engines}
    return [key for key in wanted if key not in having]


def engine_everywhere(case: Case) -> Iterator[Turn]:
    """A condition of the run gate: every computing party's station has the engine of the specification."""
    for key in lacking(case.spec.engine, case.spec.with_role("computing_party")):
        party = case.spec.party(key)
        facts: dict[str, Fact] = {"organisation": party.name if party else key, "engine": case.spec.engine}
        page = reverse("computations:station", args=[key])
        yield Turn("gate.engine_missing", facts, key, "manage_station", None, page)
