"""Whose turn it is about answers to calls, and about a public summary that waits for a partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse

from accounts.turn import Turn
from collaborations.models import CallAnswer, UseCase


def turns(use_case: UseCase, day: date, found: Sequence[Turn]) -> Iterator[Turn]:
    url = reverse("collaborations:network", args=[use_case.pk])
    offered = CallAnswer.objects.filter(call__use_case=use_case, state="offered")
    for answer in offered.select_related("call", "organisation"):
        facts = {"organisation": answer.organisation.name, "wanted": answer.call.wanted}
        yield Turn("turn.decide_answer", facts, use_case.proposer.slug, "propose_use_case", answer.at, url)
    for summary in use_case.summaries.filter(state="proposed"):
        agreed = summary.agreements.values("organisation")
        for partner in use_case.joined().exclude(organisation__in=agreed):
            yield Turn("turn.agree_summary", {}, partner.organisation.slug, "join_use_case", summary.at, url)
    for shared in use_case.shared_assessments.filter(state="proposed").select_related("version"):
        here = reverse("collaborations:sharing", args=[use_case.pk, shared.pk])
        for organisation in shared.missing():
            facts = {"title": shared.title}
            yield Turn("turn.agree_sharing", facts, organisation.slug, "adopt_assessment", shared.state_since, here)
