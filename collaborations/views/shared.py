"""DPIAs that others share: the public ones for everybody, the rest for whom they are meant; and beginning from one."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from collaborations.actions import sharing as actions
from collaborations.forms_sharing import BeginFrom
from collaborations.models import SharedAssessment, UseCase
from dpia import redaction
from dpia.parts import candidates
from web.pages import crumbs, form_page

PER_PAGE, MOST = 25, 50


@require_safe
def shared_assessments(request: HttpRequest) -> HttpResponse:
    found = SharedAssessment.objects.visible_to(request.user).select_related("organisation").defer("picks", "passages")
    page = Paginator(found.order_by("-state_since", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    title = _("Shared DPIAs")
    context = {"page": page, "rows": [row for row in page if row.intact], "title": title, "trail": crumbs((title, ""))}
    return render(request, "dpia/shared_list.html", context)


@require_safe
def shared_assessment(request: HttpRequest, shared: UUID) -> HttpResponse:
    row = _seen_or_404(request.user, shared)
    context = {
        "row": row, "data": row.data, "points": list(redaction.read(row.data or {})), "title": row.data["title"],
        "trail": crumbs((_("Shared DPIAs"), reverse("collaborations:shared_assessments")), (row.data["title"], "")),
    }  # fmt: skip
    return render(request, "dpia/shared.html", context)


@login_required
def shared_begin(request: HttpRequest, shared: UUID) -> HttpResponse:
    row = _seen_or_404(request.user, shared)
    form = BeginFrom.of(request, drafts=_own_drafts(request.user))
    back = reverse("collaborations:shared_assessment", args=[row.pk])
    if form.is_valid():
        with form.accepting():
            use_case = form.cleaned_data["use_case"]
            made = actions.begin_from_shared(shared=row, assessment=use_case.assessment, by=request.user)
            return redirect("collaborations:assessment_imported", use_case.pk, made.pk)
    return form_page(
        request, form, title=_("Begin from this DPIA"), submit=_("Take its answers over"), back=back,
        intro=_("Only what is shown to you is taken over, and only where your own DPIA has no answer yet. What follows "
                "from their specification is not. Where it came from stays with your DPIA."),
        trail=[(_("Shared DPIAs"), reverse("collaborations:shared_assessments")), ((row.data or {})["title"], back)],
    )  # fmt: skip


def _own_drafts(user: User) -> QuerySet[UseCase]:
    """Use cases whose DPIA is a draft that this person fills in."""
    found = UseCase.objects.visible_to(user).filter(assessment__state="draft").select_related("assessment")[:MOST]
    may = [one.pk for one in found if one.assessment and candidates(one.assessment, user, "draft_assessment")]
    return UseCase.objects.filter(pk__in=may).select_related("assessment").order_by("title")


def _seen_or_404(user: User, pk: UUID) -> SharedAssessment:
    """What is not what its hash says is not shown either."""
    found = SharedAssessment.objects.visible_to(user).filter(pk=pk).select_related("organisation", "use_case").first()
    if found is None or not found.intact:
        raise Http404
    return found
