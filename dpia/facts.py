"""The named facts that fill answers: small typed functions over the facts document, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]
Rows = list[dict[str, str]]


def specification(facts: Facts) -> str:
    """Version and hash of the specification that the DPIA is bound to."""
    return f"versie/version {facts['specification_version']}, SHA-256 {facts['specification_sha256']}"


def summary(facts: Facts) -> str:
    return str(facts["use_case"]["summary"])


def purpose(facts: Facts) -> str:
    text = facts["specification"]["purpose"]
    return f"{text['nl']}\n\n{text['en']}"


def parties(facts: Facts) -> Rows:
    return [
        {"partner": p["name"], "capacity": p["capacity"], "party_roles": ", ".join(p["party_roles"])}
        for p in facts["parties"]
    ]


def personal_data(facts: Facts) -> Rows:
    """One row per column of every input, as the partners described it."""
    return [
        {
            "partner": _name(facts, entry["organisation"]),
            "dataset": entry["dataset"],
            "attribute": column["name"],
            "data_class": column["data_class"],
            "use": column["use"],
            "why": column["justification"]["nl"],
        }
        for entry in facts["specification"]["inputs"]
        for column in entry["columns"]
    ]


def outputs(facts: Facts) -> Rows:
    disclosure = facts["specification"]["disclosure"]
    return [
        {
            "output": output["title"]["nl"],
            "recipients": ", ".join(_name(facts, key) for key in output["recipients"]),
            "checker": _name(facts, output["checker"]),
            "threshold": str(disclosure["k"]),
        }
        for output in facts["specification"]["outputs"]
    ]


def leakage(facts: Facts) -> Rows:
    """What parties learn beside the output."""
    return [
        {
            "what": leak["what"]["nl"],
            "to_whom": ", ".join(_name(facts, key) for key in leak["to_whom"]),
            "bound": leak["bound"]["nl"],
        }
        for leak in facts["leakage"]
    ]


def legal_bases(facts: Facts) -> Rows:
    return [
        {
            "partner": _name(facts, basis["organisation"]),
            "data_category": basis["data_category"],
            "operation": basis["operation"],
            "ground": basis["ground"],
            "provision": f"{basis['law_id']} {basis['article']}",
            "valid_to": basis["valid_to"],
        }
        for basis in facts["bases"]
    ]


def retention(facts: Facts) -> Rows:
    return [
        {"artefact": item["artefact"]["nl"], "holder": _name(facts, item["holder"]), "days": str(item["days"])}
        for item in facts["specification"]["retention"]
    ]


def national_numbers(facts: Facts) -> bool:
    """Whether a national identification number is among the columns."""
    return any(row["data_class"] == "national_id" for row in personal_data(facts))


def special_data(facts: Facts) -> bool:
    """Whether special or criminal data are among the columns."""
    return any(row["data_class"] in ("special", "criminal") for row in personal_data(facts))


def _name(facts: Facts, organisation: str) -> str:
    return next((str(p["name"]) for p in facts["parties"] if p["organisation"] == organisation), organisation)


FACTS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        specification, summary, purpose, parties, personal_data, outputs, leakage, legal_bases, retention,
        national_numbers, special_data,
    )
}  # fmt: skip
