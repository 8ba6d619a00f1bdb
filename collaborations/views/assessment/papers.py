"""Papers of a DPIA: given back to whoever takes part, and taken away again by a drafter."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborations.views.access import takes_part
from collaborations.views.assessment.access import opened, point_page, trail
from collaborations.views.papers import only_saved
from dpia import actions, papers
from dpia.parts import candidates
from dpia.sheet import Sheet
from web.forms import Confirm
from web.pages import act_page


@login_required
@require_safe
def assessment_paper(request: HttpRequest, pk: UUID, sha256: str) -> HttpResponse:
    """The paper as it was added. A browser only saves it."""
    use_case, assessment = opened(request, pk)
    found = assessment.papers.filter(sha256=sha256).first()
    if found is None:
        raise Http404
    if not takes_part(request.user, use_case):
        raise PermissionDenied
    return only_saved(papers.content(found), found.name)


@login_required
def assessment_paper_remove(request: HttpRequest, pk: UUID, paper: int) -> HttpResponse:
    use_case, assessment = opened(request, pk)
    found = get_object_or_404(assessment.papers.select_related("assessment", "organisation"), pk=paper)
    if not candidates(assessment, request.user, "draft_assessment"):
        raise PermissionDenied
    point = next((p for p in Sheet(assessment).form.points() if any(q.id == found.question for q in p.questions)), None)
    if point is None:
        raise Http404
    warning = _("The file is erased. It cannot be brought back.")
    if papers.frozen(found):
        warning = _("The file is no longer part of the answer. Versions that were frozen with it keep it.")
    return act_page(
        request, Confirm.of(request), lambda: actions.remove_paper(paper=found, by=request.user),
        title=_("Take “%(title)s” away") % {"title": found.name}, submit=_("Take away"), warning=warning,
        back=point_page(use_case, point), trail=trail(use_case),
    )  # fmt: skip
