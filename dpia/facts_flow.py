"""Facts about the way of the data: every step from source to recipient, who reads what there, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dpia.facts_data import Both, Facts, Rows, both, name, names

PREPARE = both(
    "Rijen kiezen uit de eigen bron en de lijst aanvullen tot de openbare omvang.",
    "Selecting rows from its own source and filling the list up to the public size.",
)
CONTRIBUTE = both(
    "Gegevens splitsen in delen die afzonderlijk niets zeggen, en die verzenden.",
    "Splitting data into shares that tell nothing alone, and sending those.",
)
LINK = both(
    "De lijsten in dezelfde volgorde leggen zonder te tonen wie overeenkomt.",
    "Bringing the lists into the same order without showing who matches.",
)
COMPUTE = both(
    "Rekenen op de delen, met de regels voor kleine aantallen erbij.",
    "Computing on the shares, the rules for small numbers included.",
)
RELEASE = both(
    "De uitkomst controleren en vrijgeven of tegenhouden.", "Checking the outcome, and releasing or withholding it."
)
NOBODY = both("niemand anders", "nobody else")
PLATFORM = both(
    "Specificatie, DPIA, grondslagen, contract en toestand van runs. "
    "Geen rijen en geen uitkomst die niet is vrijgegeven.",
    "Specification, DPIA, legal bases, contract and state of runs. No rows, and no outcome that was not released.",
)
AT_STATION = {
    "input_party": both("de eigen gegevens", "its own data"),
    "computing_party": both("rekenen op delen", "computing on shares"),
    "result_party": both("de vrijgegeven uitkomst", "the released outcome"),
}


def operations(facts: Facts) -> Rows:
    """Every step from source to result: who does it, and who can read what in it."""
    return list(_operations(facts))


def _operations(facts: Facts) -> Iterator[dict[str, Any]]:
    spec = facts["specification"]
    givers = names(facts, list(dict.fromkeys(entry["organisation"] for entry in spec["inputs"])))
    computing = names(facts, computing_parties(facts))
    yield _step("prepare", givers, PREPARE)
    yield _step("contribute", givers, CONTRIBUTE)
    if len(spec["inputs"]) > 1:
        yield _step("link", computing, LINK)
    yield _step("compute", computing, COMPUTE)
    for output in spec["outputs"]:
        checker, readers = name(facts, output["checker"]), names(facts, output["recipients"])
        yield _step("release", checker, RELEASE, both(checker, checker))
        yield _step("use", readers, output["use"], both(readers, readers))


def places(facts: Facts) -> Rows:
    """What runs or stays where: every partner at its own station, the platform without rows."""
    rows = [
        {"partner": party["name"], "what": _at(party["party_roles"]), "managed_by": party["name"]}
        for party in facts["specification"]["parties"]
    ]
    manager = both("de beheerder van het platform", "the platform's administrator")
    return [*rows, {"partner": both("Het platform", "The platform"), "what": PLATFORM, "managed_by": manager}]


def flow_diagram(facts: Facts) -> dict[str, Any]:
    """Boxes and arrows from source to recipient, for ``dpia.drawing``."""
    inputs, computing, checks, receivers = _columns(facts)
    ways = [(one, two) for one in inputs for two in computing] + [(one, two) for one in computing for two in checks]
    ways += [(one, two) for one in checks for two in receivers if two["id"].startswith(f"{one['id']}.")]
    boxes = [
        {**box, "column": number}
        for number, column in enumerate((inputs, computing, checks, receivers))
        for box in column
    ]
    return {"boxes": boxes, "arrows": [{"from": one["id"], "to": two["id"]} for one, two in ways]}


def _columns(facts: Facts) -> tuple[list[dict[str, Any]], ...]:
    spec = facts["specification"]
    under = both("rekent op delen", "computes on shares")
    releases = both("controleert en geeft vrij", "checks and releases")
    return (
        [_box(facts, f"in.{e['id']}", e["organisation"], both(e["dataset"], e["dataset"])) for e in spec["inputs"]],
        [_box(facts, f"compute.{key}", key, under) for key in computing_parties(facts)],
        [_box(facts, f"out.{o['name']}", o["checker"], releases) for o in spec["outputs"]],
        [_box(facts, f"out.{o['name']}.{key}", key, o["title"]) for o in spec["outputs"] for key in o["recipients"]],
    )


def computing_parties(facts: Facts) -> list[str]:
    parties = facts["specification"]["parties"]
    return [party["organisation"] for party in parties if "computing_party" in party["party_roles"]]


def _box(facts: Facts, key: str, organisation: str, under: Both) -> dict[str, Any]:
    return {"id": key, "title": name(facts, organisation), "under": under}


def _step(operation: str, who: str, what: Both, readers: Both = NOBODY) -> dict[str, Any]:
    return {"operation": operation, "partner": who, "what": what, "who_reads": readers}


def _at(roles: list[str]) -> Both:
    return both("; ".join(AT_STATION[one]["nl"] for one in roles), "; ".join(AT_STATION[one]["en"] for one in roles))
