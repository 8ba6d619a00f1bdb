"""What the partners agreed: arrangements of art. 26 and contracts of art. 28."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborations.models.use_cases import Collaboration, UseCase

User = settings.AUTH_USER_MODEL
Organisation = "accounts.Organisation"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def of(self, use_case: UseCase) -> AgreementQuerySet:
        """What was agreed in its collaboration between at least two partners of this use case, oldest first."""
        partners = use_case.partners.filter(state__in=["joined", "withdrawn"]).values("organisation")
        between = models.Count("parties", filter=Q(parties__in=partners))
        found = self.filter(collaboration=use_case.collaboration_id).annotate(between=between)
        return found.filter(between__gte=2).prefetch_related("parties").order_by("pk")


class Agreement(models.Model):
    """The arrangement of joint controllers (art. 26) or with a processor (art. 28), by the hash of its document."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(
        max_length=6,
        choices=[
            ("art26", _("arrangement of joint controllers (art. 26)")),
            ("art28", _("processing contract (art. 28)")),
        ],
    )
    title = models.CharField(_("title"), max_length=200)
    parties = models.ManyToManyField(Organisation, related_name="+")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    document = models.FileField(_("document"), upload_to="agreements/%Y/", max_length=255)
    document_name = models.CharField(max_length=255)
    document_sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=[("in_force", _("in force")), ("terminated", _("terminated"))], default="in_force"
    )
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="agreement_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.title

    def in_force(self, day: date) -> bool:
        return self.state == "in_force" and self.valid_from <= day <= self.valid_to
