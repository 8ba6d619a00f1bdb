"""What happened, in words: one template per type of event (``sentences.yaml``), filled when it is shown.

Names are looked up now, not stored then. This room knows no other room: whoever asks says how organisations are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import yaml
from django.contrib.auth import get_user_model

from audit import STATION, SYSTEM
from audit.models import Event
from station.reasons import Reason, said

Names = Mapping[str, Mapping[str, str]]
"""Fact -> value -> how it is called. ``organisation`` also serves whoever is blamed."""


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: the sentence, when, by whom, and the reasons that were given."""

    sentence: str
    at: datetime
    who: str
    why: list[str] = field(default_factory=list)


def told(
    events: Iterable[Event], *, language: str, names: Names, people: Mapping[str, str] | None = None
) -> list[Entry]:
    """The events in words, in the order given. ``people``: how persons are called, of whom that is known already."""
    events = list(events)
    people = _people(events, people or {})
    everything = {**names, "blamed": names.get("organisation", {}), "member": people, "absent": people, "actor": people}
    return [_entry(event, language, everything) for event in events]


def told_each(groups: Mapping[Any, Iterable[Event]], *, language: str, names: Names) -> dict[Any, list[Entry]]:
    """The same for several lists of events, with the names of all persons in one query."""
    lists = {key: list(events) for key, events in groups.items()}
    entries = iter(told([event for events in lists.values() for event in events], language=language, names=names))
    return {key: list(islice(entries, len(events))) for key, events in lists.items()}


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Event type -> {nl, en}."""
    return _read("sentences.yaml")


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Fact -> value -> {nl, en}, for facts that hold a key instead of a text."""
    return _read("words.yaml")


def _entry(event: Event, language: str, names: Names) -> Entry:
    organisation = _word("organisation", event.organisation_key, language, names)
    facts = {name: said(_word(name, value, language, names), language) for name, value in event.facts.items()}
    actor = _actor(event, language, organisation, names)
    template = sentences().get(event.type, {}).get(language, event.type)
    sentence = template.format_map(_Readable(facts | {"organisation": organisation, "actor": actor}))
    by_person = event.actor_type not in (STATION, SYSTEM) and organisation
    return Entry(sentence, event.at, f"{actor}, {organisation}" if by_person else actor, _why(event, language))


def _why(event: Event, language: str) -> list[str]:
    given = [str(event.facts["reason"])] if event.facts.get("reason") else []
    return given + [Reason.from_document(document).text(language) for document in event.facts.get("reasons", [])]


def _actor(event: Event, language: str, organisation: str, names: Names) -> str:
    if event.actor_type in (STATION, SYSTEM):
        return words()["actor"][event.actor_type][language].format(organisation=organisation)
    somebody = words()["actor"]["somebody"][language]
    actor = names["actor"].get(event.actor_id) or somebody
    if event.facts.get("support"):
        return words()["actor"]["support"][language].format(actor=actor)
    absent = [names["actor"].get(str(one)) or somebody for one in event.facts.get("deputy_for", ())]
    return words()["actor"]["deputy"][language].format(actor=actor, absent=", ".join(absent)) if absent else actor


def _people(events: list[Event], known: Mapping[str, str]) -> dict[str, str]:
    """The names of all persons in these events, in one query at most."""
    user = get_user_model()
    ids = {event.actor_id for event in events if event.actor_type == user._meta.label_lower}
    ids |= {str(event.facts[fact]) for event in events for fact in ("member", "absent") if fact in event.facts}
    ids |= {str(one) for event in events for one in event.facts.get("deputy_for", ())}
    found = user._default_manager.in_bulk(ids - known.keys())
    return {**known, **{str(key): str(row) for key, row in found.items()}}


def _word(name: str, value: Any, language: str, names: Names) -> Any:
    found = words().get(name, {}).get(str(value))
    return found[language] if found else names.get(name, {}).get(str(value), value)


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(files("audit").joinpath(name).read_text("utf-8"))
    return loaded


class _Readable(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
