"""Facts about the data: what goes in, about whom, how it is linked, what comes out, how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Facts = dict[str, Any]
Both = dict[str, str]
Rows = list[dict[str, Any]]
LARGE = 10_000


def name(facts: Facts, organisation: str) -> str:
    return next((str(p["name"]) for p in facts["parties"] if p["organisation"] == organisation), organisation)


def names(facts: Facts, organisations: list[str]) -> str:
    return ", ".join(name(facts, key) for key in organisations)


def both(nl: Any, en: Any) -> Both:
    return {"nl": str(nl), "en": str(en)}


def filled(text: Mapping[str, str], **values: Both) -> Both:
    """A sentence in both languages, with texts that exist in both."""
    return {key: text[key].format(**{what: value[key] for what, value in values.items()}) for key in ("nl", "en")}


def personal_data(facts: Facts) -> Rows:
    """One row per column of every input, as the partners described it."""
    return [
        {
            "partner": name(facts, entry["organisation"]),
            "dataset": entry["dataset"],
            "subjects": entry["subject_category"],
            "attribute": column["name"],
            "description": column["description"],
            "data_class": column["data_class"],
            "use": column["use"],
            "why": column["justification"],
        }
        for entry in facts["specification"]["inputs"]
        for column in entry["columns"]
    ]


def subjects(facts: Facts) -> Rows:
    """Whose data: a group per input, and at most how many. The padded size is public; the real one stays unknown."""
    return [
        {
            "partner": name(facts, entry["organisation"]),
            "dataset": entry["dataset"],
            "subjects": entry["subject_category"],
            "at_most": str(entry["padded_rows"]),
        }
        for entry in facts["specification"]["inputs"]
    ]


def rows_at_most(facts: Facts) -> int:
    """How many rows of all lists together at most take part."""
    return sum(entry["padded_rows"] for entry in facts["specification"]["inputs"])


def linking(facts: Facts) -> Rows:
    """By which column each list is linked."""
    return [
        {
            "partner": name(facts, entry["organisation"]),
            "dataset": entry["dataset"],
            "attribute": column["name"],
            "data_class": column["data_class"],
        }
        for entry in facts["specification"]["inputs"]
        for column in entry["columns"]
        if column["use"] == "join_key"
    ]


def outputs(facts: Facts) -> Rows:
    disclosure = facts["specification"]["disclosure"]
    return [
        {
            "output": output["title"],
            "recipients": names(facts, output["recipients"]),
            "checker": name(facts, output["checker"]),
            "threshold": str(disclosure["k"]),
        }
        for output in facts["specification"]["outputs"]
    ]


def uses(facts: Facts) -> Rows:
    """What each outcome is for, as the recipients agreed it."""
    return [
        {"output": output["title"], "recipients": names(facts, output["recipients"]), "use": output["use"]}
        for output in facts["specification"]["outputs"]
    ]


def retention(facts: Facts) -> Rows:
    return [
        {"artefact": item["artefact"], "holder": name(facts, item["holder"]), "days": str(item["days"])}
        for item in facts["specification"]["retention"]
    ]


def data_classes(facts: Facts) -> set[str]:
    return {row["data_class"] for row in personal_data(facts)}


def several_sources(facts: Facts) -> bool:
    """Whether lists of two or more organisations are put together."""
    return len({entry["organisation"] for entry in facts["specification"]["inputs"]}) > 1


def confidential_data(facts: Facts) -> bool:
    """Whether sensitive, special or criminal data or a national number are among the columns."""
    return bool(data_classes(facts) & {"sensitive", "special", "criminal", "national_id"})


def large_scale(facts: Facts) -> bool:
    """Whether a list may hold ten thousand rows or more: many people, whatever the share of the real ones."""
    return any(entry["padded_rows"] >= LARGE for entry in facts["specification"]["inputs"])


def shared_confidential_data(facts: Facts) -> bool:
    """Whether organisations put such data together: a partnership on the authority's list."""
    return several_sources(facts) and confidential_data(facts)


def pet_used(_facts: Facts) -> bool:
    """Everything that runs here is computed on secret shares: a new technique."""
    return True


def persons_in_outcome(facts: Facts) -> bool:
    """Whether an outcome names persons or cases."""
    return any(output["kind"] == "record_list" for output in facts["specification"]["outputs"])


def national_numbers(facts: Facts) -> bool:
    """Whether a national identification number is among the columns."""
    return "national_id" in data_classes(facts)


def special_data(facts: Facts) -> bool:
    """Whether special or criminal data are among the columns."""
    return bool(data_classes(facts) & {"special", "criminal"})


def special_categories(facts: Facts) -> bool:
    """Whether special categories (health, religion and the like) are among the columns."""
    return "special" in data_classes(facts)


def criminal_data(facts: Facts) -> bool:
    """Whether criminal data are among the columns."""
    return "criminal" in data_classes(facts)


def personal_data_used(facts: Facts) -> bool:
    """Whether anything personal goes in: a pseudonym is personal data as well."""
    return bool(data_classes(facts) - {"non_personal"})
