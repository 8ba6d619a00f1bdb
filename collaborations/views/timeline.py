"""Everything that happened in a use case, as sentences, newest first."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Organisation
from audit.models import Event
from audit.sentences import told
from collaborations.models import UseCase
from collaborations.views.access import frame, seen_or_404
from dpia.template import stored_form
from web.language import language

PER_PAGE = 50


@login_required
def timeline(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    page = Paginator(Event.objects.timeline(use_case), PER_PAGE).get_page(request.GET.get("page"))
    names = {"organisation": dict(Organisation.objects.values_list("slug", "name")), "question": _questions(use_case)}
    entries = told(page.object_list, language=language(), names=names)
    context = frame(request, use_case, "timeline", page=page, entries=entries)
    return render(request, "collaborations/timeline.html", context)


def _questions(use_case: UseCase) -> dict[str, str]:
    """How the questions of the DPIA are called."""
    if use_case.assessment is None:
        return {}
    form = stored_form(use_case.assessment.template)
    return {question.id: str(getattr(question.label, language())) for question in form.questions()}
