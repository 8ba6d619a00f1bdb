"""A request for support access and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SupportAccessQuerySet(models.QuerySet["SupportAccess"]):
    def in_force(self) -> SupportAccessQuerySet:
        """Granted and not over: counted by the clock, whether or not somebody marked the end."""
        return self.filter(state="granted", until__gt=timezone.now(), organisation__state="active")


class SupportAccess(models.Model):
    """``asked_by`` administers the platform; ``answered_by`` and ``until`` say who of the organisation allowed it, and
    until when. ``answer`` is why it was refused or ended early."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for an answer")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", _("not answered in time")
        ENDED = "ended", _("ended early")
        EXPIRED = "expired", _("over")

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="support")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="support_asked")
    reason = models.CharField(_("reason"), max_length=500)
    hours = models.PositiveSmallIntegerField(_("hours"))
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    state_since = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    objects = SupportAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(answered_by=models.F("asked_by")), name="support_takes_two"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=8), name="support_some_hours"),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(until__isnull=False, answered_by__isnull=False),
                name="support_granted_by_somebody_until",
            ),
            models.UniqueConstraint(
                fields=["organisation", "asked_by"], condition=Q(state="asked"), name="support_asked_once"
            ),
            models.UniqueConstraint(fields=["asked_by"], condition=Q(state="granted"), name="support_at_one_place"),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(state="granted"), name="support_running")]

    def __str__(self) -> str:
        return f"{self.asked_by} @ {self.organisation}"

    @property
    def runs(self) -> bool:
        return self.state == "granted" and self.until is not None and self.until > timezone.now()
