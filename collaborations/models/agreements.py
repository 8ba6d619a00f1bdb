"""What the partners agreed: arrangements of art. 26 and contracts of art. 28."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborations.models.use_cases import Collaboration, UseCase

if TYPE_CHECKING:
    from accounts import models as accounts

User = settings.AUTH_USER_MODEL
Organisation = "accounts.Organisation"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def of(self, use_case: UseCase) -> AgreementQuerySet:
        """What was agreed in its collaboration between at least two partners of this use case, oldest first."""
        partners = use_case.partners.parties().filter(state__in=["joined", "withdrawn"]).values("organisation")
        between = models.Count("parties", filter=Q(parties__in=partners))
        found = self.filter(collaboration=use_case.collaboration_id).annotate(between=between)
        return found.filter(between__gte=2).prefetch_related("parties").order_by("pk")


RIGHTS = [
    ("information", _("information about the processing (art. 13 and 14)")),
    ("access", _("access (art. 15)")),
    ("rectification", _("rectification (art. 16)")),
    ("erasure", _("erasure (art. 17)")),
    ("restriction", _("restriction (art. 18)")),
    ("objection", _("objection (art. 21)")),
    ("automated", _("automated decisions (art. 22)")),
]


class Agreement(models.Model):
    """The arrangement of joint controllers (art. 26) or with a processor (art. 28), by the hash of its document.

    Its words never change, not even of a draft (a trigger refuses it): whoever signs, signs what the others signed. A
    change is a next version, which takes the place of the old one once everybody signed it.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", _("waits for signatures")
        IN_FORCE = "in_force", _("in force")
        SUPERSEDED = "superseded", _("replaced by a next version")
        TERMINATED = "terminated", _("terminated")

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
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements")
    contact_name = models.CharField(_("contact point"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    on_paper = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_FORCE)
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="agreement_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["replaces"], condition=~Q(state="terminated"), name="one_next_version_of_an_agreement"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def in_force(self, day: date) -> bool:
        return self.state == "in_force" and self.valid_from <= day <= self.valid_to

    def unsigned(self) -> list[accounts.Organisation]:
        """The parties whose signature it still waits for; none when it was signed on paper."""
        if self.on_paper:
            return []
        signed = {signature.organisation_id for signature in self.signatures.all()}
        return [party for party in self.parties.all() if party.pk not in signed]


class AgreementRight(models.Model):
    """Which party answers people who use one of their rights. Part of the agreement's text, so it never changes."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="rights")
    right = models.CharField(max_length=13, choices=RIGHTS)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    remarks = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["agreement", "right"], name="agreement_right_once")]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.right}"


class AgreementSignature(models.Model):
    """A party's own mandated manager signed, under a mandate in force that day."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="agreement_signed_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.agreement}"
