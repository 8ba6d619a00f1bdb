"""What a trial on synthetic data let through, beside the question about outputs: an example, never an answer.

It is read when a page or a document is made, and is no part of what is frozen, reviewed or signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dpia.models import Assessment
from dpia.template import Point, Question

FACT = "outputs"
"""The question that shows what comes out, whatever a template calls it."""


@dataclass(frozen=True)
class Table:
    """One released table. ``template`` shows it, from ``picture``, ``meanings`` and ``cross``."""

    title: Any
    sha256: str
    template: str
    picture: str
    table: dict[str, Any]
    meanings: Any
    cross: Any


@dataclass(frozen=True)
class Example:
    """The trial that the tables came from: its contract by hash and its run; ``url`` is the page of that run."""

    contract: str
    run: str
    slot: int
    at: datetime | None
    url: str
    other_specification: bool
    """The trial computed another specification than the present one."""
    tables: list[Table]


Source = Callable[[Assessment], Example | None]
_sources: list[Source] = []


def also(source: Source) -> None:
    """A room above tells which trial there was. Telling it twice does it once."""
    if source not in _sources:
        _sources.append(source)


def shows(question: Question) -> bool:
    return question.autofill is not None and question.autofill.fact == FACT


def beside(assessment: Assessment, point: Point) -> list[Example]:
    """Nothing is looked up for a point that is not about outputs."""
    return examples(assessment) if any(shows(question) for question in point.questions) else []


def examples(assessment: Assessment) -> list[Example]:
    return [found for source in _sources if (found := source(assessment)) is not None]
