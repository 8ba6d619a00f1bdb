"""Whose turn it is, written down, so that nobody works it out again for everybody who asks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.turn import Turn
from collaborations.models.use_cases import UseCase


class TurnsWanted(models.Model):
    """Something happened in this use case that may have changed its turns. Written in the transaction of the event, and
    deleted by who works them out. Only inserted, without a foreign key: an action never waits here for another one."""

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="turns_wanted", db_constraint=False)

    def __str__(self) -> str:
        return str(self.use_case_id)


class TurnsKept(models.Model):
    """On which day, and how many times, the turns of a use case were written down."""

    use_case = models.OneToOneField(UseCase, on_delete=models.CASCADE, primary_key=True, related_name="turns_kept")
    day = models.DateField(null=True)
    times = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.use_case_id}: {self.day}"


class WaitingTurn(models.Model):
    """One turn of a use case, as ``collaborations.turns`` worked it out. Rows come and go; nothing points at them."""

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="waiting")
    code = models.CharField(max_length=80)
    facts = models.JSONField()
    facts_en = models.JSONField()
    who = models.CharField(max_length=63)
    permission = models.CharField(max_length=40)
    since = models.DateTimeField()
    url = models.CharField(max_length=300)
    deadline = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)  # when those whose turn it is were written down for a letter

    class Meta:
        ordering = [F("deadline").asc(nulls_last=True), "since", "pk"]
        indexes = [
            models.Index(fields=["who", "permission"], name="turn_of"),
            models.Index(fields=["made_at"], condition=Q(told_at=None), name="turn_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.use_case}: {self.code}"

    @property
    def identity(self) -> tuple[Any, ...]:
        facts = tuple(sorted(self.facts.items())), tuple(sorted(self.facts_en.items()))
        return self.code, facts, self.who, self.permission, self.since, self.url, self.deadline

    def turn(self, language: str) -> Turn:
        facts = self.facts_en if language == "en" else self.facts
        return Turn(self.code, facts, self.who, self.permission, self.since, self.url, self.deadline)
