"""A step in a lifecycle: from where to where, who may take it, what must hold, and which event tells of it.

Each app's ``lifecycle.py`` is a table of these. The same reasons that refuse a step are shown on the page before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

import audit
from station.reasons import Reason, Refused

Requirement = Callable[[Any], Iterable[Reason]]


@dataclass(frozen=True)
class Transition:
    """``permissions``: any one of them will do; empty when the platform itself takes the step. ``target`` empty: a
    step back to where it came from. The first line of a requirement's docstring says what must hold."""

    sources: tuple[str, ...]
    target: str
    event: str
    permissions: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()


def missing(transition: Transition, thing: Any) -> list[Reason]:
    """Why this step cannot be taken now; an empty list means that it can."""
    if thing.state not in transition.sources:
        return [Reason("lifecycle.state", {"state": str(thing.get_state_display())})]
    return [reason for requirement in transition.requirements for reason in requirement(thing)]


def check(transition: Transition, thing: Any) -> None:
    reasons = missing(transition, thing)
    if reasons:
        raise Refused(*reasons)


def move(
    transition: Transition, thing: Any, *, by: Any, context: Any, organisation: Any = None, to: str = "", **facts: Any
) -> None:
    """Takes the step on a locked row and records its event; all fields are saved, so set others before."""
    check(transition, thing)
    thing.state, thing.state_since = to or transition.target, timezone.now()
    thing.save()
    audit.record(transition.event, by=by, about=thing, context=context, organisation=organisation, **facts)
