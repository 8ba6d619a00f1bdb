"""The first page of a DPIA: how far it is, whose turn it is, what this person can do, and what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from audit.sentences import told
from collaborations.models import UseCase
from collaborations.views.access import frame, seen_or_404
from collaborations.views.assessment.access import names, of
from collaborations.views.assessment.steps import STEPS
from dpia import standing
from dpia.chances import chances
from dpia.drift import since_hand_over
from dpia.measures import verified
from dpia.models import Assessment
from dpia.parts import candidates, obstacle
from dpia.reading import words
from dpia.review_dates import review_turns
from dpia.risk_matrix import matrices
from dpia.sheet import Sheet
from dpia.turns import turns
from station.contract.canonical import digest
from web.language import language
from web.steps import Offer


@login_required
def assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    use_case = seen_or_404(request.user, pk)
    if use_case.assessment_id is None:
        return render(request, "dpia/none.html", frame(request, use_case, "assessment"))
    row = of(use_case)
    sheet, called = Sheet(row), names()
    found = [*turns(row), *review_turns(row, timezone.localdate())]
    context = {
        "assessment": row,
        "road": [
            {"label": str(Assessment.State(state).label), "status": mark} for state, mark in standing.road(row.state)
        ],
        "back": _turned_back(row, sheet, called),
        "turns": [(turn, called.get(turn.who, turn.who)) for turn in found],
        "offers": _offers(use_case, row, request.user),
        "controllers": standing.controllers(row, sheet),
        "points": standing.points(sheet),
        "drifts": since_hand_over(sheet),
        "matrices": matrices(sheet),
        "verified": list(verified(sheet)),
        "drafting": row.state == "draft" and bool(candidates(row, request.user, "draft_assessment")),
        "may_respond": _may_respond(row, request.user),
        **_said(row),
    }
    return render(request, "dpia/overview.html", frame(request, use_case, "assessment", **context))


def _said(row: Assessment) -> dict[str, Any]:
    """Advice and consultations of this round, all versions, and the hash that goes into the contract."""
    submitted = row.submitted_version
    advices = submitted.advices.select_related("organisation", "by").order_by("organisation__name") if submitted else []
    versions = row.versions.order_by("-number").prefetch_related(
        "reviews__organisation", "advices__organisation", "adoptions__organisation"
    )
    return {
        "advices": [
            (advice, list(advice.items.select_related("response__by"))) for advice in advices
        ],
        "consultations": row.consultations.order_by("pk"),
        "versions": versions,
        "document_sha256": digest(row.document()) if row.state == "adopted" else "",
    }


def _offers(use_case: UseCase, row: Assessment, user: User) -> list[Offer]:
    def url(name: str) -> str:
        return reverse("collaborations:assessment_step", args=[use_case.pk, name.replace("_", "-")])

    return [
        Offer(STEPS[one.name].label, url(one.name), STEPS[one.name].tone, one.reasons) for one in chances(row, user)
    ]


def _may_respond(row: Assessment, user: User) -> bool:
    found = candidates(row, user, "draft_assessment") if row.state == "response" else []
    return any(obstacle(p, assessment=row, organisation=o, user=user) is None for o, p in found)


def _turned_back(row: Assessment, sheet: Sheet, called: dict[str, str]) -> dict[str, Any] | None:
    """Why it is where it is now: the step back with its reason, and which answers changed with the facts."""
    event: Event | None = standing.turned_back(row)
    if event is None:
        return None
    changed = [q for q in sheet.form.questions() if q.id in event.facts.get("questions", [])]
    return {
        "entry": told([event], language=language(), names={"organisation": called})[0],
        "specification": event.facts.get("specification"),
        "sha256": event.facts.get("sha256"),
        "questions": [words(question.label) for question in changed],
        "stopped": row.state in ("suspended", "withdrawn"),
    }
