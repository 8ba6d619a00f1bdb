"""What went wrong: a personal-data breach in a use case, with the clock of the notification."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HOURS = 72
"""A controller notifies the Dutch data protection authority within this many hours of the discovery."""


class Incident(models.Model):
    """An organisation's own record. What happened and when it was discovered never change (a trigger refuses it)."""

    use_case = models.ForeignKey("collaborations.UseCase", models.PROTECT, related_name="incidents")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="incidents")
    runs = models.ManyToManyField("computations.Run", related_name="incidents")
    title = models.CharField(_("title"), max_length=200)
    what = models.TextField(_("what happened"), max_length=10_000)
    discovered_at = models.DateTimeField(_("discovered at"))
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    notified_at = models.DateTimeField(_("notified at"), null=True)
    not_notified = models.TextField(_("why it is not notified"), blank=True)
    measures = models.TextField(_("measures"), blank=True)
    state = models.CharField(
        max_length=6, choices=[("open", _("incident is open")), ("closed", _("incident is closed"))], default="open"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-discovered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(notified_at__gte=F("discovered_at")),
                name="incident_notified_after_discovery",
            ),
            models.CheckConstraint(
                condition=Q(state="open")
                | (Q(closed_at__isnull=False) & (Q(notified_at__isnull=False) | ~Q(not_notified=""))),
                name="incident_closed_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def deadline(self) -> datetime:
        return self.discovered_at + timedelta(hours=HOURS)

    @property
    def decided(self) -> bool:
        """Notified, or recorded why not."""
        return self.notified_at is not None or bool(self.not_notified)

    @property
    def hours_left(self) -> int:
        """Whole hours until the deadline; below zero once it passed."""
        return int((self.deadline - timezone.now()).total_seconds() // 3600)

    @property
    def late(self) -> bool:
        """The deadline passed, or passed before it was notified. Who does not notify, with a reason, is not late."""
        if self.notified_at is None and self.not_notified:
            return False
        return (self.notified_at or timezone.now()) > self.deadline
