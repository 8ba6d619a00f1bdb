"""The first page of a DPIA: how far it is, whose turn it is, what this person can do, and what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
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
from dpia.models import Advice, AdviceItem, Assessment
from dpia.parts import candidates, obstacle
from dpia.reading import Shown, shown, words
from dpia.review_dates import review_turns
from dpia.risk_matrix import matrices
from dpia.sheet import Sheet
from dpia.since import last_said
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
        "advices": _advices(row, request.user),
        "representatives": _representatives(sheet),
        "spoke": last_said(row, request.user),
        "questions": {question.id: question for question in sheet.form.questions()},
        **_said(row),
    }
    return render(request, "dpia/overview.html", frame(request, use_case, "assessment", **context))


def _representatives(sheet: Sheet) -> list[tuple[str, Shown]]:
    """What stands under the questions about the opinion of data subjects or their representatives."""
    asked = [question for question in sheet.form.questions() if question.id in sheet.form.representatives]
    return [(words(one.label), shown(one, sheet.values().get(one.id))) for one in asked]


def _said(row: Assessment) -> dict[str, Any]:
    """Consultations, the joint summary, all versions, and the hash that goes into the contract."""
    submitted = row.submitted_version
    versions = row.versions.order_by("-number").prefetch_related(
        "reviews__organisation", "advices__organisation", "adoptions__organisation"
    )
    return {
        "origins": row.imports.filter(form="shared").values_list("origin", flat=True),
        "consultations": row.consultations.order_by("pk").prefetch_related("pauses"),
        "summary": submitted.summaries.select_related("organisation", "by").first() if submitted else None,
        "versions": versions,
        "document_sha256": digest(row.document()) if row.state == "adopted" else "",
    }


def _offers(use_case: UseCase, row: Assessment, user: User) -> list[Offer]:
    def url(name: str) -> str:
        return reverse("collaborations:assessment_step", args=[use_case.pk, name.replace("_", "-")])

    return [
        Offer(STEPS[one.name].label, url(one.name), STEPS[one.name].tone, one.reasons) for one in chances(row, user)
    ]


def _advices(row: Assessment, user: User) -> list[tuple[Advice, list[AdviceItem]]]:
    """Of this round, each item with whether this person responds to it now (``mine``)."""
    submitted = row.submitted_version
    if submitted is None:
        return []
    found = [
        (advice, list(advice.items.select_related("response__by", "response__mandate")))
        for advice in submitted.advices.select_related("organisation", "by").order_by("organisation__name")
    ]
    may = _responding(row, user)
    for advice, items in found:
        for item in items:
            decided = item.response.decided if hasattr(item, "response") else False
            prepares = bool(may["draft_assessment"]) and not decided
            item.mine = prepares or advice.organisation in may["adopt_assessment"]
    return found


def _responding(row: Assessment, user: User) -> dict[str, list[Organisation]]:
    """Where this person may prepare or decide a response now."""
    asked = ("draft_assessment", "adopt_assessment")
    found = candidates(row, user, *asked) if row.state == "response" else []
    free = [(o, p) for o, p in found if obstacle(p, assessment=row, organisation=o, user=user) is None]
    return {permission: [o for o, p in free if p == permission] for permission in asked}


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
