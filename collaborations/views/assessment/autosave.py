"""What a point's page asks while somebody types: save this, and who else is here? Answers are JSON with ready text."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collaborations.views.assessment.access import seen_key
from dpia import presence
from dpia.autosave import Outcome, Saved, autosave
from dpia.entries import given
from dpia.models import Assessment
from dpia.risk_matrix import RISKS, matrices
from dpia.sheet import Sheet
from dpia.standing import progress
from dpia.template import Point, stored_form


@login_required
@require_POST
def assessment_autosave(request: HttpRequest, pk: UUID, point: str) -> JsonResponse:
    saved = autosave(assessment=seen_key(request, pk), point=point, data=request.POST, by=request.user)
    if saved is None:
        raise Http404
    assessment, asked, outcomes = saved.assessment, saved.point, saved.outcomes
    told: dict[str, Any] = {"questions": {one.question.id: _told(one) for one in outcomes}}
    if any(one.state == "saved" and _changes_page(one, assessment) for one in outcomes):
        told |= _page_now(request, saved)
    return JsonResponse(told | _others(request, assessment, asked))


def _changes_page(outcome: Outcome, assessment: Assessment) -> bool:
    """Whether more than this answer looks different now."""
    read = any(outcome.question.id in question.reads() for question in stored_form(assessment.template).questions())
    return read or outcome.filled or outcome.question.tabular


def _told(one: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {"state": one.state}
    if one.seen:
        told["seen"] = one.seen
    if one.levels:
        told["levels"] = [render_to_string("dpia/levels.html", {"computed": levels}) for levels in one.levels]
    if one.ids:
        told["ids"] = one.ids
    if one.state == "saved":
        told["said"] = _("Saved at %(time)s.") % {"time": format_date(timezone.localtime(), "H:i")}
    elif one.state == "refused":
        told["said"] = " ".join(one.said)
    else:
        told["theirs"] = render_to_string("dpia/theirs.html", {"theirs": one.theirs, "question": one.question})
    return told


def _page_now(request: HttpRequest, saved: Saved) -> dict[str, Any]:
    """Progress, what is computed from the answers, and whether other questions have come up or gone."""
    sheet, point, organisation = Sheet(saved.assessment), saved.point, saved.organisation
    here = {question.id for question in point.questions}
    shown = [question for question in sheet.shown(organisation) if question.id in here]
    typed = " ".join(question.id for question in shown if not question.locked and question.type != "attachment")
    return {
        "progress": render_to_string("dpia/progress.html", {"progress": progress(sheet, point)}),
        "computed": {
            question.id: render_to_string("dpia/given.html", {"answer": given(sheet, question, None)})
            for question in shown
            if question.type == "computed"
        },
        "other_questions": request.POST.get("asked", typed) != typed,
        **_matrices(sheet, saved),
    }


def _matrices(sheet: Sheet, saved: Saved) -> dict[str, str]:
    """The picture of the risks, where one of them was saved."""
    if not any(one.question.id == RISKS for one in saved.outcomes):
        return {}
    return {"matrices": render_to_string("dpia/matrix.html", {"matrices": matrices(sheet)})}


def _others(request: HttpRequest, assessment: Assessment, point: Point) -> dict[str, str]:
    """Only when the page asks: every few seconds, not with every word."""
    if "here" not in request.POST:
        return {}
    presence.here(assessment, request.user, point, request.POST["here"])
    found = list(presence.others(assessment, request.user, point))
    return {"others": render_to_string("dpia/others.html", {"others": found})}
