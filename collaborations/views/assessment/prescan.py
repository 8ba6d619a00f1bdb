"""The pre-scan of a use case: whether a DPIA is needed, why, and which sister duties there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

import audit
from accounts.models import Organisation, User
from accounts.roles import permissions_of
from collaborations.facts import facts_document
from collaborations.models import UseCase
from collaborations.views.access import acting_for, frame, permissions, seen_or_404, takes_part, trail_to
from dpia import actions
from dpia.models import PreScan
from dpia.prescan import shipped
from dpia.prescan_form import DecisionForm, PreScanPage
from dpia.reading import shown, words
from station.reasons import Reason
from web.pages import crumbs, form_page


@login_required
def prescan(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = _of_partner(request.user, pk)
    may = permissions(request.user, use_case)
    context = {
        "title": _("Pre-scan"), "trail": crumbs(*trail_to(use_case), (_("Pre-scan"), "")),
        "rows": [_read(row, request.user) for row in _rows(use_case)],
        "may_fill_in": "draft_assessment" in may and use_case.specification is not None,
        "missing": None if use_case.specification else Reason("prescan.not_specified"),
    }  # fmt: skip
    return render(request, "dpia/prescan.html", frame(request, use_case, "assessment", **context))


@login_required
def prescan_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = _of_partner(request.user, pk)
    organisation = acting_for(request.user, use_case, "draft_assessment")
    if use_case.specification is None:
        return redirect(_page(use_case))
    facts = facts_document(use_case)
    form = PreScanPage.of(request, asked=shipped(), facts=facts)
    if form.is_valid():
        with form.accepting():
            actions.prescan(
                context=use_case, facts=facts, answers=form.answers(), text=form.cleaned_data["text"],
                organisation=organisation, by=request.user,
            )  # fmt: skip
            return redirect(_page(use_case))
    return form_page(
        request, form, title=words(shipped().title), submit=_("Judge the answers"), back=_page(use_case),
        intro=_("What follows from the specification is ticked already. The outcome is kept with its reasons."),
        trail=[*trail_to(use_case), (_("Pre-scan"), _page(use_case))],
    )  # fmt: skip


@login_required
def prescan_decide(request: HttpRequest, pk: UUID, prescan: int) -> HttpResponse:
    use_case = _of_partner(request.user, pk)
    row = get_object_or_404(_rows(use_case), pk=prescan)
    if "advise_assessment" not in permissions_of(request.user, row.organisation):
        raise PermissionDenied
    form = DecisionForm.of(request)
    if form.is_valid():
        with form.accepting():
            needed = form.cleaned_data["needed"] == "yes"
            actions.decide_prescan(prescan=row, needed=needed, reasons=form.cleaned_data["reasons"], by=request.user)
            return redirect(_page(use_case))
    return form_page(
        request, form, title=_("Decide whether a DPIA is needed"), submit=_("Record the decision"),
        back=_page(use_case), trail=[*trail_to(use_case), (_("Pre-scan"), _page(use_case))],
        intro=_("It stays with the pre-scan, with your reasons. All partners can read it."),
    )  # fmt: skip


def _of_partner(user: User, pk: UUID) -> UseCase:
    use_case = seen_or_404(user, pk)
    if not takes_part(user, use_case):
        raise PermissionDenied
    return use_case


def _rows(use_case: UseCase) -> Any:
    kind, key = audit.reference(use_case)
    found = PreScan.objects.filter(context_type=kind, context_id=key)
    return found.select_related("organisation", "by", "decision__by")


def _read(row: PreScan, user: User) -> dict[str, Any]:
    """What was answered and found then, in the reader's language."""
    form, found = shipped(), row.found
    answers = [(words(q.label), shown(q, row.answers.get(q.id))) for q in form.questions]
    return {
        "row": row, "answers": answers, "decision": getattr(row, "decision", None),
        "reasons": [words(one["because"]) for one in found["reasons"]],
        "duties": [(words(one["title"]), words(one["because"])) for one in found["duties"]],
        "left_out": [words(one) for one in found["left_out"]],
        "decide": _may_decide(row, row.organisation, user),
    }  # fmt: skip


def _may_decide(row: PreScan, organisation: Organisation, user: User) -> bool:
    asked = row.result == "dpo_decides" and not hasattr(row, "decision")
    return asked and "advise_assessment" in permissions_of(user, organisation)


def _page(use_case: UseCase) -> str:
    return reverse("collaborations:prescan", args=[use_case.pk])
