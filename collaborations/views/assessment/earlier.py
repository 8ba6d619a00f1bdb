"""What stood under the questions of a point before: nothing that somebody wrote is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from collaborations.views.access import frame
from collaborations.views.assessment.access import opened, point_page, trail
from dpia.entries import Given
from dpia.models import Assessment, EarlierAnswer
from dpia.reading import shown, words
from dpia.template import Point, Question, stored_form
from web.pages import crumbs

MOST = 200


@dataclass(frozen=True)
class Earlier:
    """A text that is not the answer now. ``aside``: it never was."""

    given: Given
    aside: bool
    kept_at: datetime


@login_required
def assessment_earlier(request: HttpRequest, pk: UUID, point: str) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    asked = stored_form(assessment.template).point(point)
    if asked is None:
        raise Http404
    title = _("Earlier answers")
    page = point_page(use_case, asked)
    context = {
        "assessment": assessment, "title": title, "point": f"{asked.number}. {words(asked.title)}", "back": page,
        "questions": list(_questions(assessment, asked)), "most": MOST,
        "trail": crumbs(*trail(use_case), (words(asked.title), page), (title, "")),
    }  # fmt: skip
    return render(request, "dpia/earlier.html", frame(request, use_case, "assessment", **context))


def _questions(assessment: Assessment, point: Point) -> Iterator[tuple[str, list[Earlier]]]:
    rows = assessment.earlier_answers.filter(question__in=[question.id for question in point.questions])
    found = list(rows.select_related("by", "organisation").order_by("-kept_at", "-pk")[:MOST])
    for question in point.questions:
        if mine := [_earlier(question, row) for row in found if row.question == question.id]:
            yield words(question.label), mine


def _earlier(question: Question, row: EarlierAnswer) -> Earlier:
    whose = row.organisation.name if row.organisation else ""
    return Earlier(Given(whose, shown(question, row.value), "", row.by, row.at), row.why == "aside", row.kept_at)
