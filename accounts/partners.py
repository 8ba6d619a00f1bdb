"""Beside who works where: whom to reach at an organisation, and who stands in for whom while somebody is away."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Contact(models.Model):
    """Whom to write to, in which function; not an account."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=150)
    function = models.CharField(_("function"), max_length=150)
    email = models.EmailField(_("e-mail address"))

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "email", "function"], name="contact_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def on(self, day: date) -> DeputyQuerySet:
        """Those who stand in that day: the absent still holds the role, and both still work there."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=day),
            first_day__lte=day,
            last_day__gte=day,
            membership__active=True,
            absent__active=True,
            absent__user__is_active=True,
            absent__roles__role=F("role"),
        )

    def not_over(self, day: date) -> DeputyQuerySet:
        return self.filter(ended_on=None, last_day__gte=day)


class Deputy(models.Model):
    """``membership`` may do what ``role`` allows instead of ``absent``, from the first to the last day, days included.

    A deputy gets the role, not the mandate: who binds the organisation needs a mandate in their own name.
    """

    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="stands_in")
    absent = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="deputies")
    role = models.CharField(max_length=40)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300)
    named_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="deputy_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(membership=F("absent")), name="deputy_is_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} for {self.absent}: {self.role}"
