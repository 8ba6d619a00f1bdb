"""When runs of a contract start by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from computations import planning
from computations.models.runs import read_terms
from station.reasons import Reason

STATES = (("active", _("planned")), ("suspended", _("suspended")), ("ended", _("ended")))
LIVING = ("active", "suspended")


class Schedule(models.Model):
    """The recurrence, the window and the number of runs are the contract's; first day and time of day are chosen.

    ``next_at`` is the moment the next run is due, and stays where it is while the schedule is suspended.
    ``checked_at``: when the gate was last asked.
    """

    contract = models.ForeignKey("collaborations.Contract", models.PROTECT, related_name="schedules")
    first_day = models.DateField(_("first day"))
    at = models.TimeField(_("time of day"))
    state = models.CharField(max_length=9, choices=STATES, default="active")
    state_since = models.DateTimeField()
    reasons = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=Q(state__in=LIVING), name="schedule_one_living"),
            models.CheckConstraint(
                condition=Q(state="ended", next_at=None) | Q(state__in=LIVING, next_at__isnull=False),
                name="schedule_due_while_living",
            ),
        ]

    def __str__(self) -> str:
        return f"schedule {self.pk}"

    @property
    def recurrence(self) -> str:
        return read_terms(self.contract.data).specification.schedule.recurrence

    @property
    def why(self) -> list[Reason]:
        """Why it is suspended or ended, for showing."""
        return [Reason.from_document(entry) for entry in self.reasons]

    def due(self, *, after: datetime | None = None) -> Iterator[datetime]:
        """The moments at which a run is due, inside the window of the contract; only those after a moment, if given."""
        window = read_terms(self.contract.data).specification.schedule
        return planning.moments(window.recurrence, self.first_day, window.last_day, self.at, after=after)

    def coming(self, slots: int, most: int = 6) -> list[datetime]:
        """The next moments, as many as there are ``slots`` left for, at most ``most``."""
        if self.next_at is None:
            return []
        later = islice(self.due(after=self.next_at), max(0, min(slots, most) - 1))
        return [self.next_at, *later] if slots else []
