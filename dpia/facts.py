"""The named facts that fill answers: small typed functions over the facts document, and nothing else.

A text that exists in both languages stays in both; a key of the specification stays a key, and the template says how
it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

Facts = dict[str, Any]
Both = dict[str, str]
Rows = list[dict[str, Any]]


def specification(facts: Facts) -> Both:
    """Version and hash of the specification that the DPIA is bound to."""
    number, sha256 = facts["specification_version"], facts["specification_sha256"]
    return {"nl": f"versie {number}, SHA-256 {sha256}", "en": f"version {number}, SHA-256 {sha256}"}


def summary(facts: Facts) -> str:
    return str(facts["use_case"]["summary"])


def purpose(facts: Facts) -> str:
    """A proposal to edit, so one text: both languages below each other unless they say the same."""
    text = facts["specification"]["purpose"]
    return str(text["nl"]) if text["nl"] == text["en"] else f"{text['nl']}\n\n{text['en']}"


def parties(facts: Facts) -> Rows:
    return [
        {"partner": p["name"], "capacity": p["capacity"], "party_roles": list(p["party_roles"])}
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
            "why": column["justification"],
        }
        for entry in facts["specification"]["inputs"]
        for column in entry["columns"]
    ]


def outputs(facts: Facts) -> Rows:
    disclosure = facts["specification"]["disclosure"]
    return [
        {
            "output": output["title"],
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
            "what": leak["what"],
            "to_whom": ", ".join(_name(facts, key) for key in leak["to_whom"]),
            "bound": leak["bound"],
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
        {"artefact": item["artefact"], "holder": _name(facts, item["holder"]), "days": str(item["days"])}
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


TEXTS: dict[str, Callable[[Facts], str | Both]] = {
    function.__name__: function for function in (specification, summary, purpose)
}
TABLES: dict[str, Callable[[Facts], Rows]] = {
    function.__name__: function for function in (parties, personal_data, outputs, leakage, legal_bases, retention)
}
YES_NO: dict[str, Callable[[Facts], bool]] = {
    function.__name__: function for function in (national_numbers, special_data)
}
FACTS: dict[str, Callable[[Facts], Any]] = {**TEXTS, **TABLES, **YES_NO}
FILLS: dict[str, Mapping[str, Callable[[Facts], Any]]] = {
    "text": TEXTS,
    "longtext": TEXTS,
    "table": TABLES,
    "bool": YES_NO,
}
"""Type of question -> the facts that can fill it."""

FROM_SPECIFICATION = _("the specification")
SOURCES = {
    "summary": _("the text of the use case"),
    "legal_bases": _("the legal bases that the partners recorded"),
    "leakage": _("the catalogue of analyses"),
}
"""Where a fact comes from, for the reader; all others come from the specification."""
