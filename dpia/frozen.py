"""The answers that stand in a version, or in the sheet as it would be frozen now, as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dpia.models import AdviceItem, Version
from dpia.reading import Shown, shown, source, words
from dpia.template import Point, Question, TemplateForm


@dataclass(frozen=True)
class Answered:
    """``whose``: empty for a joint answer."""

    question: Question
    label: str
    whose: str
    value: Any
    shown: Shown
    source: str


@dataclass(frozen=True)
class AnsweredPoint:
    point: Point
    answers: list[Answered]

    @property
    def title(self) -> str:
        return f"{self.point.number}. {words(self.point.title)}"


def points(form: TemplateForm, data: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[AnsweredPoint]:
    """Under their points, labelled as they were then. ``called``: organisation key to name."""
    for point in form.points():
        asked = {question.id: question for question in point.questions}
        given = [answer for answer in data["answers"] if answer["question"] in asked]
        yield AnsweredPoint(point, [_answered(asked[answer["question"]], answer, called) for answer in given])


def _answered(question: Question, answer: Mapping[str, Any], called: Mapping[str, str]) -> Answered:
    whose = answer["organisation"]
    return Answered(
        question, words(answer["label"]), called.get(whose, whose or ""), answer["value"],
        shown(question, answer["value"]), source(answer["source"]),
    )  # fmt: skip


def said_about(version: Version) -> dict[str, Any]:
    """Reviews, advice and decisions; about a version that was put up for adoption also what was said in its round."""
    submitted = version
    if version.reason == "adoption":
        earlier = version.assessment.versions.filter(round=version.round, reason="submitted", number__lt=version.number)
        submitted = earlier.order_by("-number").first() or version
    rows = AdviceItem.objects.select_related("response__by", "response__mandate")
    advices = submitted.advices.select_related("organisation", "by").order_by("organisation__name")
    return {
        "submitted": submitted,
        "summary": submitted.summaries.select_related("organisation", "by").first(),
        "reviews": submitted.reviews.select_related("organisation", "by").order_by("organisation__name", "pk"),
        "advices": [(advice, list(rows.filter(advice=advice))) for advice in advices],
        "adoptions": version.adoptions.select_related("organisation", "by", "mandate").order_by("organisation__name"),
    }
