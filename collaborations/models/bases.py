"""On what ground: the rows of the legal-basis register."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborations.models import grounds
from collaborations.models.use_cases import Partner, SpecificationVersion
from dpia.models import Advice

User = settings.AUTH_USER_MODEL


class LegalBasisQuerySet(models.QuerySet["LegalBasis"]):
    def replacing(self, basis: LegalBasis) -> LegalBasisQuerySet:
        """Its next version, when there is one that was not withdrawn."""
        return self.filter(replaces=basis).exclude(state="withdrawn")


class LegalBasis(models.Model):
    """On what ground a partner performs one operation on one category of data for one purpose.

    What an approved row says never changes (a trigger refuses it): a change is a new version of the row.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LEGAL_REVIEW = "legal_review", _("with the DPO for advice")
        DPO_ADVISED = "dpo_advised", _("advised by the DPO")
        APPROVED = "approved", _("approved")
        SUSPENDED = "suspended", _("suspended")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SUPERSEDED = "superseded", _("superseded")

    OPERATIONS = [
        ("prepare", _("prepare")),
        ("contribute", _("contribute")),
        ("link", _("link")),
        ("compute", _("compute")),
        ("receive", _("receive")),
        ("release", _("check and release")),
        ("use", _("use")),
    ]
    REGIMES, GROUNDS = grounds.REGIMES, grounds.GROUNDS

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="bases")
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements")
    specification = models.ForeignKey(SpecificationVersion, on_delete=models.PROTECT, related_name="bases")
    purpose = models.TextField(_("purpose"), max_length=10_000)
    data_category = models.CharField(_("data category"), max_length=100)
    operation = models.CharField(_("operation"), max_length=12, choices=OPERATIONS)
    regime = models.CharField(_("regime"), max_length=5, choices=REGIMES)
    ground = models.CharField(_("ground"), max_length=6, choices=GROUNDS)
    provision = models.TextField(_("provision"), max_length=10_000)
    law_id = models.CharField(_("law"), max_length=100)
    article = models.CharField(_("article"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    special = models.CharField(_("exception for special categories"), max_length=6, choices=grounds.SPECIAL, blank=True)
    criminal = models.CharField(_("ground for criminal data"), max_length=6, choices=grounds.CRIMINAL, blank=True)
    number = models.CharField(_("ground for the national number"), max_length=8, choices=grounds.NUMBER, blank=True)
    side = models.CharField(_("side"), max_length=9, choices=grounds.SIDES, blank=True)
    counterpart = models.CharField(_("other side"), max_length=63, blank=True)  # an organisation's key
    secrecy = models.CharField(_("secrecy duty"), max_length=11, choices=grounds.SECRECY, blank=True)
    secrecy_provision = models.CharField(_("provision of the secrecy duty"), max_length=200, blank=True)
    secrecy_lifted_by = models.CharField(_("what lifts the secrecy duty"), max_length=1_000, blank=True)
    further_use = models.CharField(_("purpose compared"), max_length=7, choices=grounds.FURTHER_USE, blank=True)
    collected_for = models.TextField(_("purpose of the collection"), max_length=2_000, blank=True)
    compatibility = models.JSONField(_("compatibility test"), default=dict, blank=True)  # answers to the QUESTIONS
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    authors = models.ManyToManyField(User, related_name="+")  # everybody who wrote in it: none of them decides
    advised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    advice_verdict = models.CharField(max_length=12, choices=Advice.VERDICTS, blank=True)
    advice = models.TextField(blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField(null=True, blank=True)
    mandate = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approval_reasons = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # of the present state: why suspended, sent back, withdrawn

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        ordering = ["partner_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"], condition=~Q(state="withdrawn"), name="one_next_version_of_a_basis"
            ),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="basis_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")), name="basis_drafter_never_approves"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, mandate__isnull=False, advised_by__isnull=False),
                name="basis_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.law_id} {self.article}"

    @property
    def cited(self) -> str:
        return grounds.cited(self.law_id, self.article)

    def compatible(self) -> list[tuple[str, str]]:
        """The questions of the compatibility test that were answered."""
        answers = self.compatibility
        return [(str(label), answers[key]) for key, label in grounds.QUESTIONS.items() if key in answers]

    def versions(self) -> list[LegalBasis]:
        """All versions of this row, the newest first."""
        rows = {row.pk: row for row in LegalBasis.objects.filter(partner=self.partner_id).order_by("pk")}
        first = self.pk
        while rows[first].replaces_id:
            first = rows[first].replaces_id
        family = {first}
        for key, row in rows.items():
            if row.replaces_id in family:
                family.add(key)
        return sorted((rows[key] for key in family), key=lambda row: -row.version)
