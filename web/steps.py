"""The steps of a lifecycle on a page: which are open to this person, what stands in the way, and one form each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from station.reasons import Reason
from web.forms import Confirm, Form


class Transition(Protocol):
    """What a lifecycle table tells about a step."""

    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def permissions(self) -> tuple[str, ...]: ...
    @property
    def requirements(self) -> tuple[Callable[[Any], Iterable[Reason]], ...]: ...


@dataclass(frozen=True)
class Step:
    """How a step looks: its button, its form, what cannot be undone, and the action it takes.

    ``fills``: requirements that the form itself answers, so that they do not stand in the way of opening it.
    """

    label: Any
    act: Callable[..., Any]
    form: type[Form] = Confirm
    intro: Any = ""
    warning: Any = ""
    tone: str = ""
    fills: tuple[Callable[[Any], Iterable[Reason]], ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """What ``web.pages.form_page`` says of this step, in the reader's language."""
        label = str(self.label)
        return {"title": label, "submit": label, "intro": str(self.intro), "warning": str(self.warning)}


@dataclass(frozen=True)
class Offer:
    label: Any
    url: str
    tone: str
    reasons: list[Reason] = field(default_factory=list)


def offers(
    steps: Mapping[str, Step],
    table: Mapping[str, Transition],
    row: Any,
    held: set[str],
    url: Callable[[str], str],
) -> list[Offer]:
    """The steps from the row's present state for which one of the ``held`` permissions suffices."""
    found = []
    for name, step in steps.items():
        transition = table[name]
        if row.state in transition.sources and held & set(transition.permissions):
            asked = [requirement for requirement in transition.requirements if requirement not in step.fills]
            reasons = [reason for requirement in asked for reason in requirement(row)]
            found.append(Offer(step.label, url(name), step.tone, reasons))
    return found
