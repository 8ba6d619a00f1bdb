"""What happened, in words: one template per type of event (``sentences.yaml``), filled when it is shown.

Names are looked up now, not stored then. This room knows no other: the caller says how organisations are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.apps import apps

from audit import STATION, SYSTEM
from audit.models import Event
from station.reasons import Reason

Words = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One line of a timeline; ``why`` holds the reasons that came with the event."""

    sentence: str
    at: datetime
    who: str
    why: list[str]


def told(events: Iterable[Event], *, language: str, organisations: Mapping[str, str]) -> list[Entry]:
    """The events as entries, in the order given. ``organisations``: key to name."""
    events = list(events)
    people = _people(events)
    return [_entry(event, language, organisations, people) for event in events]


def sentence(event: Event, *, language: str, organisations: Mapping[str, str], actor: str = "") -> str:
    """The event's sentence; a type without a template still yields its name."""
    template = sentences().get(event.type, {}).get(language, event.type)
    facts = {name: _word(name, value, language, organisations) for name, value in event.facts.items()}
    facts["organisation"] = organisations.get(event.organisation_key, event.organisation_key)
    return template.format_map(_Readable(facts | {"actor": actor}))


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Event type -> {nl, en}."""
    return _read("sentences.yaml")


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Fact -> value -> {nl, en}, for facts that hold a key instead of a text."""
    return _read("words.yaml")


def _entry(event: Event, language: str, organisations: Mapping[str, str], people: Mapping[str, str]) -> Entry:
    organisation = organisations.get(event.organisation_key, event.organisation_key)
    actor = _actor(event, language, organisation, people)
    text = sentence(event, language=language, organisations=organisations, actor=actor)
    known = event.actor_type not in (STATION, SYSTEM) and organisation
    who = f"{actor}, {organisation}" if known else actor
    why = [Reason.from_document(document).text(language) for document in event.facts.get("reasons", [])]
    return Entry(text, event.at, who, why)


def _actor(event: Event, language: str, organisation: str, people: Mapping[str, str]) -> str:
    if event.actor_type == SYSTEM:
        return words()["actor"]["system"][language]
    if event.actor_type == STATION:
        return words()["actor"]["station"][language].format(organisation=organisation)
    return people.get(event.actor_id, words()["actor"]["somebody"][language])


def _people(events: list[Event]) -> dict[str, str]:
    """The names of all actors, in one query per type of actor."""
    found: dict[str, str] = {}
    kinds = {event.actor_type for event in events} - {STATION, SYSTEM}
    for kind in kinds:
        ids = {event.actor_id for event in events if event.actor_type == kind}
        found |= {str(key): str(row) for key, row in apps.get_model(kind)._default_manager.in_bulk(ids).items()}
    return found


def _word(name: str, value: Any, language: str, organisations: Mapping[str, str]) -> Any:
    if name == "blamed":
        return organisations.get(value, value)
    if isinstance(value, str) and value in words().get(name, {}):
        return words()[name][value][language]
    return value


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(files("audit").joinpath(name).read_text("utf-8"))
    return loaded


class _Readable(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
