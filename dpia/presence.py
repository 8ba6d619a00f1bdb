"""Who is typing where in a DPIA at this moment. Only a courtesy: nobody is kept out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from dpia.models import Assessment, Presence
from dpia.reading import words
from dpia.template import Point

GONE = timedelta(seconds=40)
"""A page tells every fifteen seconds that somebody is still there."""


@dataclass(frozen=True)
class Typing:
    who: str
    question: str


def here(assessment: Assessment, user: User, point: Point, question: str) -> None:
    """This person has the point open, with the cursor in this question (or in none)."""
    row = Presence(assessment=assessment, user=user, point=point.id, question=question[:60], at=timezone.now())
    Presence.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["assessment", "user"], update_fields=["point", "question", "at"]
    )


def others(assessment: Assessment, user: User, point: Point) -> Iterator[Typing]:
    """Everybody else who has this point open now."""
    rows = assessment.presences.filter(point=point.id, at__gt=timezone.now() - GONE).exclude(user=user)
    asked = {question.id: words(question.label) for question in point.questions}
    for row in rows.select_related("user").order_by("user__full_name"):
        yield Typing(row.user.full_name, asked.get(row.question, ""))
