"""The library of risks: texts to begin with, picked into the table of risks beside a drafter's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dpia.checks import CHECKS
from dpia.conditions import Form, Id
from dpia.facts import YES_NO
from dpia.labels import Label
from dpia.matrices import DATA
from dpia.reading import words
from dpia.template_file import read_yaml


class Theme(Form):
    key: Id
    label: Label


class KnownRisk(Form):
    """``when``: facts of which one has to be so for it to be suggested; ``lowers``: what usually helps, ``checks``:
    what of that the platform can verify."""

    key: Id
    theme: Id
    risk: Label
    origin: Label
    lowers: Label
    when: list[Id] = []
    checks: list[Id] = []

    def fits(self, facts: Mapping[str, Any]) -> bool:
        return not self.when or any(YES_NO[name](dict(facts)) for name in self.when)

    def cells(self) -> dict[str, str]:
        """What it fills in of a row, in the reader's language; likelihood and impact are for the drafter to judge."""
        return {"risk": words(self.risk), "origin": words(self.origin)}

    def verified(self) -> list[str]:
        return [words(CHECKS[name].wording.label) for name in self.checks]


class Library(Form):
    themes: list[Theme]
    risks: list[KnownRisk]


@dataclass(frozen=True)
class Offered:
    """``taken``: it stands in the table already."""

    known: KnownRisk
    taken: bool


@dataclass(frozen=True)
class Shelf:
    label: str
    risks: list[Offered]


@cache
def library() -> Library:
    return Library.model_validate(read_yaml((DATA / "library.yaml").read_text("utf-8")))


def shelves(facts: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[Shelf]:
    """By theme, what fits this computation."""
    taken = {str(row.get("library")) for row in rows}
    for theme in library().themes:
        found = [one for one in library().risks if one.theme == theme.key and one.fits(facts)]
        if found:
            yield Shelf(words(theme.label), [Offered(one, one.key in taken) for one in found])


def picked(keys: Sequence[str]) -> list[dict[str, str]]:
    """Rows for these risks; what is no risk of the library is left out."""
    wanted = set(keys)
    return [{**one.cells(), "library": one.key} for one in library().risks if one.key in wanted]
