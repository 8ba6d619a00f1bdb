"""What the specification and the register say now, beside what they said when the DPIA was last handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.models import Event
from dpia.models import Assessment, FactsDocument
from dpia.reading import Shown, shown, words
from dpia.sheet import Sheet, facts_of
from dpia.template import Point, Question

BOUND = ("assessment.facts_changed", "assessment.facts_bound")


@dataclass(frozen=True)
class Drift:
    """One answer that follows from the facts, before and now."""

    question: Question
    point: Point
    before: Shown
    now: Shown

    @property
    def label(self) -> str:
        return words(self.question.label)


@dataclass(frozen=True)
class Since:
    """Since when: ``version`` of the DPIA, or 0 when it was never handed over."""

    version: int
    drifts: list[Drift]

    @property
    def material(self) -> list[Drift]:
        """Those for which advice and adoption are asked again."""
        return [one for one in self.drifts if one.question.material]

    def by_question(self) -> dict[str, Drift]:
        return {one.question.id: one for one in self.drifts}


def since_hand_over(sheet: Sheet) -> Since:
    version, before = _before(sheet.assessment)
    if before is None or before.sha256 == sheet.assessment.facts.sha256:
        return Since(version, [])
    old, new = facts_of(sheet.form, before.data), sheet.facts
    return Since(version, [
        Drift(question, point, shown(question, old[question.id]), shown(question, new[question.id]))
        for point in sheet.form.points()
        for question in point.questions
        if question.id in new and old[question.id] != new[question.id]
    ])  # fmt: skip


def _before(assessment: Assessment) -> tuple[int, FactsDocument | None]:
    version = assessment.current_version
    if version is not None:
        return version.number, _document(version.data["facts_sha256"])
    bound = Event.objects.about(assessment).filter(type__in=BOUND, facts__has_key="facts_before").order_by("id").first()
    return 0, _document(bound.facts["facts_before"]) if bound else None


def _document(sha256: Any) -> FactsDocument | None:
    return FactsDocument.objects.filter(sha256=sha256).first()
