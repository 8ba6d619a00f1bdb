"""Reading a DPIA whole: as it is now, or as it was frozen, with what was said about that version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from audit.models import Event
from audit.sentences import told
from collaborations.views.access import frame
from collaborations.views.assessment.access import names, opened, trail
from dpia.documents import form_of
from dpia.drift import since_hand_over
from dpia.frozen import points, said_about
from dpia.sheet import Sheet
from station.contract.canonical import canonical
from web.language import language
from web.pages import crumbs


@login_required
def assessment_whole(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    sheet, title = Sheet(assessment), _("The DPIA as it is now")
    context = {
        "assessment": assessment, "title": title, "points": list(points(sheet.form, sheet.frozen(), names())),
        "trail": crumbs(*trail(use_case), (title, "")),
    }  # fmt: skip
    return render(request, "dpia/whole.html", frame(request, use_case, "assessment", **context))


@login_required
def assessment_changes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the specification and the register say now, beside what they said at the last hand-over."""
    use_case, assessment = opened(request, pk)
    title = _("What changed in the specification and the register")
    context = {
        "assessment": assessment, "title": title, "since": since_hand_over(Sheet(assessment)),
        "trail": crumbs(*trail(use_case), (title, "")),
    }  # fmt: skip
    return render(request, "dpia/changes.html", frame(request, use_case, "assessment", **context))


@login_required
def assessment_version(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    version = get_object_or_404(assessment.versions, number=number)
    title, called = _("Version %(number)s of the DPIA") % {"number": number}, names()
    events = Event.objects.about(assessment).filter(facts__version=number).order_by("id")
    form = form_of(version)
    context = {
        "assessment": assessment, "version": version, "title": title,
        "points": list(points(form, version.data, called)),
        "questions": {question.id: question for question in form.questions()},
        "history": told(events, language=language(), names={"organisation": called}),
        "trail": crumbs(*trail(use_case), (title, "")), **said_about(version),
    }  # fmt: skip
    return render(request, "dpia/version.html", frame(request, use_case, "assessment", **context))


@login_required
def assessment_version_text(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The exact bytes that the version's hash is of."""
    _use_case, assessment = opened(request, pk)
    version = get_object_or_404(assessment.versions, number=number)
    return _json(version.data, f"dpia-{assessment.pk}-{number}.json")


@login_required
def assessment_document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The adopted DPIA, whose hash stands in the contract."""
    _use_case, assessment = opened(request, pk)
    if assessment.state != "adopted":
        raise Http404
    return _json(assessment.document(), f"dpia-{assessment.pk}.json")


def _json(document: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(canonical(document), content_type="application/json", headers=headers)
