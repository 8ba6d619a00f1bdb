"""One point of a DPIA: its questions, filled in by the drafters and read by everybody else."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import Organisation
from collaborations.models import UseCase
from collaborations.views.access import frame
from collaborations.views.assessment.access import opened, page, trail
from discussion.models import Comment
from dpia import entries, examples, standing
from dpia.drift import since_hand_over
from dpia.models import Assessment
from dpia.parts import seat
from dpia.point_form import PointForm
from dpia.reading import words
from dpia.risk_matrix import RISKS, Matrix, matrices
from dpia.rows import changed
from dpia.sheet import Sheet
from dpia.template import Point
from dpia.uploads import BUTTON, attached
from station.reasons import Reason
from web.pages import crumbs

EDITABLE = ("draft", "response")
Added = tuple[str, int]


@login_required
def assessment_point(request: HttpRequest, pk: UUID, point: str) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    sheet = Sheet(assessment)
    asked = sheet.form.point(point)
    if asked is None:
        raise Http404
    seated = seat(assessment, request.user, sheet.controllers)
    drafting = [organisation for organisation, _permission in seated.candidates("draft_assessment")]
    if request.method == "POST":
        if not drafting:
            raise PermissionDenied
        return _post(request, use_case, sheet, asked, drafting[0])
    note = seated.obstacle("draft_assessment", drafting[0]) if drafting else None
    editing = bool(drafting) and note is None and assessment.state in EDITABLE
    form = PointForm(sheet=sheet, point=asked, organisation=drafting[0]) if editing else None
    return _page(request, use_case, sheet, asked, form, note=note)


def _post(
    request: HttpRequest, use_case: UseCase, sheet: Sheet, point: Point, organisation: Organisation
) -> HttpResponse:
    wrong = attached(request.FILES, sheet.assessment, point, request.user)
    if request.FILES:
        sheet = Sheet(sheet.assessment)
    form = PointForm(request.POST, sheet=sheet, point=point, organisation=organisation)
    if wrong or BUTTON in request.POST:
        form.errors.clear()  # nobody asked to save yet
        return _page(request, use_case, sheet, point, form, status=422 if wrong else 200, wrong=wrong)
    if with_rows := changed(request.POST, form.tables()):
        form = PointForm(with_rows[0], sheet=sheet, point=point, organisation=organisation)
        form.errors.clear()  # nobody asked to save yet
        return _page(request, use_case, sheet, point, form, added=with_rows[1])
    if not form.save(request.user):
        return _page(request, use_case, form.sheet, point, form, status=422)
    messages.success(request, _saved(sheet.assessment, point))
    if "and_back" in request.POST:
        return redirect(page(use_case))
    return redirect("collaborations:assessment_point", use_case.pk, point.id)


def _page(
    request: HttpRequest, use_case: UseCase, sheet: Sheet, point: Point, form: PointForm | None, *, status: int = 200,
    added: Added | None = None, note: Reason | None = None, wrong: dict[str, list[str]] | None = None,
) -> HttpResponse:  # fmt: skip
    title = f"{point.number}. {words(point.title)}"
    found, at = standing.points(sheet), list(sheet.form.points()).index(point)
    context = {
        "point": point, "points": found, "progress": standing.progress(sheet, point),
        "before": found[at - 1] if at else None, "after": found[at + 1] if at + 1 < len(found) else None,
        "asked": " ".join(form.fields) if form else "", "unsaved": bool(form and form.is_bound),
        "assessment": sheet.assessment, "title": title, "form": form, "note": note, "added": added,
        "guidance": point.guidance, "matrices": _matrices(sheet, point), "drifts": since_hand_over(sheet),
        "entries": list(entries.entries(sheet, point, form, added, wrong)),
        "uploads": any(question.type == "attachment" for question in point.questions),
        "trail": crumbs(*trail(use_case), (title, "")),
        "examples": examples.beside(sheet.assessment, point), "examples_at": examples.FACT,
        "discussed": Comment.objects.visible_to(request.user).open_on(sheet.assessment),
    }  # fmt: skip
    return render(request, "dpia/point.html", frame(request, use_case, "assessment", **context), status=status)


def _matrices(sheet: Sheet, point: Point) -> list[Matrix]:
    return matrices(sheet) if any(question.id == RISKS for question in point.questions) else []


def _saved(assessment: Assessment, point: Point) -> str:
    left = next(one.open for one in standing.points(Sheet(assessment)) if one.point.id == point.id)
    if not left:
        return _("Saved. This point is complete.")
    return _("Saved. Still open in this point: %(number)s.") % {"number": len(left)}
