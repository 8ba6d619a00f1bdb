"""Whose turn it is about incidents: the DPO of the organisation that recorded it decides, and closes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from accounts.turn import Turn
from collaborations.models import UseCase
from computations.actions.incidents import DECIDES, moment
from computations.models import Incident

READS = (Prefetch("incidents", Incident.objects.filter(state="open").select_related("organisation")),)


def turns(use_case: UseCase, day: date, found: Sequence[Turn]) -> Iterator[Turn]:
    for row in sorted(use_case.incidents.all(), key=lambda row: row.discovered_at):
        code = "turn.close_incident" if row.decided else "turn.incident"
        deadline = moment(row.deadline)
        url = reverse("computations:incident", args=[use_case.pk, row.pk])
        last = None if row.decided else timezone.localdate(row.deadline)
        facts = {"title": row.title, "deadline": deadline}
        yield Turn(code, facts, row.organisation.slug, DECIDES, row.discovered_at, url, last)
