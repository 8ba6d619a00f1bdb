"""What happened: append-only events. Actor and object are named generically, so every app can record here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

SYSTEM: Final = "system"
STATION: Final = "station"

Beside = Callable[[Any, Any], dict[str, Any]]
"""(by, organisation) -> facts that belong to every event of this person there, such as for whom they stand in."""
_beside: list[Beside] = []
Listener = Callable[[Any], None]
"""Gets the events that were just written, in their transaction."""
_listeners: list[Listener] = []
Happened = tuple[Any, Any, Any, dict[str, Any]]
"""(about, context, organisation, facts) of one event among many of the same type."""


def also(source: Beside) -> None:
    """A room above tells what else every event should say. Telling it twice does it once."""
    if source not in _beside:
        _beside.append(source)


def tell(listener: Listener) -> None:
    """A room above hears of every event in its own transaction. Telling it twice does it once."""
    if listener not in _listeners:
        _listeners.append(listener)


def record(event: str, *, by: Any, about: Any, context: Any = None, organisation: Any = None, **facts: Any) -> None:
    """Writes one event in the transaction of the action that calls it.

    ``by``: a user, ``STATION`` (then ``organisation`` says whose) or ``SYSTEM``. ``about`` and ``context``: saved
    objects, or a pair (type, id). ``facts``: JSON values that the event's sentence shows; never rows or ids of persons.
    """
    from audit.models import Event  # models can only be imported when all apps are loaded

    for source in _beside:
        facts = source(by, organisation) | facts
    _told([Event.objects.create(**_fields(event, by, about, context, organisation, facts))])


def record_all(event: str, happened: Iterable[Happened]) -> None:
    """The same event about many things at once, by the platform itself: one statement per thousand rows."""
    from audit.models import Event

    rows = (Event(**_fields(event, SYSTEM, *one)) for one in happened)
    _told(Event.objects.bulk_create(rows, batch_size=1000))


def _told(events: Any) -> None:
    for listener in _listeners:
        listener(events)


def reference(thing: Any) -> tuple[str, str]:
    """(type, id) of any saved object; an empty pair for None; a pair as it is."""
    if thing is None:
        return "", ""
    if isinstance(thing, tuple):
        return thing
    return thing._meta.label_lower, str(thing.pk)


def _actor(by: Any, organisation: Any) -> tuple[str, str]:
    if by == SYSTEM:
        return SYSTEM, ""
    if by == STATION:
        return STATION, str(getattr(organisation, "slug", organisation))
    return reference(by)


def _fields(event: str, by: Any, about: Any, context: Any, organisation: Any, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": event,
        "facts": facts,
        "organisation_key": getattr(organisation, "slug", None) or organisation or "",
        **_named("actor", _actor(by, organisation)),
        **_named("about", reference(about)),
        **_named("context", reference(context)),
    }


def _named(prefix: str, pair: tuple[str, str]) -> dict[str, str]:
    return {f"{prefix}_type": pair[0], f"{prefix}_id": pair[1]}
