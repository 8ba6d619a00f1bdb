"""Whose turn it is about answers to calls, and about a summary or a shared DPIA that waits for a partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import F, Prefetch
from django.urls import reverse

from accounts.turn import Turn
from collaborations.models import CallAnswer, SharedAssessment, Summary, UseCase

PROPOSED = (
    SharedAssessment.objects.filter(state="proposed").defer("data", "picks", "passages")
    .annotate(controllers=F("version__data__controllers"))
)  # fmt: skip
READS = (
    Prefetch("calls__answers", CallAnswer.objects.filter(state="offered").select_related("organisation")),
    Prefetch("summaries", Summary.objects.filter(state="proposed")),
    "summaries__agreements",
    Prefetch("shared_assessments", PROPOSED),
    "shared_assessments__agreements__organisation",
)


def turns(use_case: UseCase, day: date, found: Sequence[Turn]) -> Iterator[Turn]:
    url = reverse("collaborations:network", args=[use_case.pk])
    for answer in (answer for call in use_case.calls.all() for answer in call.answers.all()):
        facts = {"organisation": answer.organisation.name, "wanted": answer.call.wanted}
        yield Turn("turn.decide_answer", facts, use_case.proposer.slug, "propose_use_case", answer.at, url)
    for summary in use_case.summaries.all():
        agreed = {agreement.organisation_id for agreement in summary.agreements.all()}
        for partner in use_case.everybody():
            if partner.state == "joined" and partner.organisation_id not in agreed:
                yield Turn("turn.agree_summary", {}, partner.organisation.slug, "join_use_case", summary.at, url)
    for shared in use_case.shared_assessments.all():
        here = reverse("collaborations:sharing", args=[use_case.pk, shared.pk])
        agreed_keys = {one.organisation.slug for one in shared.agreements.all() if one.sha256 == shared.sha256}
        for key in sorted(set(shared.controllers) - agreed_keys):
            facts = {"title": shared.title}
            yield Turn("turn.agree_sharing", facts, key, "adopt_assessment", shared.state_since, here)
