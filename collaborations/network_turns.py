"""Whose turn it is about answers to calls, and about a public summary that waits for a partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Prefetch
from django.urls import reverse

from accounts.turn import Turn
from collaborations.models import CallAnswer, Summary, UseCase

READS = (
    Prefetch("calls__answers", CallAnswer.objects.filter(state="offered").select_related("organisation")),
    Prefetch("summaries", Summary.objects.filter(state="proposed")),
    "summaries__agreements",
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
