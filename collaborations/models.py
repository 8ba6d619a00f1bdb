"""Why and with whom: use cases, partners, specifications, legal bases, agreements and contracts."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dpia.models import Advice
from station.contract.contract import Contract as ContractDocumentForm
from station.contract.contract import read_contract, read_specification
from station.specification import Specification

User = settings.AUTH_USER_MODEL
Organisation = "accounts.Organisation"


class Collaboration(models.Model):
    """Groups use cases and holds agreements. A first use case makes its own."""

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class UseCaseQuerySet(models.QuerySet["UseCase"]):
    def visible_to(self, user: Any) -> UseCaseQuerySet:
        """The use cases of the user's organisations: proposed by, invited to or joined by one of them."""
        involved = Partner.objects.filter(
            use_case=models.OuterRef("pk"),
            state__in=["invited", "joined"],
            organisation__state="active",
            organisation__memberships__user_id=user.pk,
            organisation__memberships__active=True,
        )
        own_drafts = ~Q(state="draft") | Q(models.Exists(involved.filter(state="joined")))
        return self.filter(models.Exists(involved)).filter(own_drafts) if user.is_active else self.none()


class UseCase(models.Model):
    """One question, one purpose."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed")
        EXPLORING = "exploring", _("exploring")
        ASSESSING = "assessing", _("assessing")
        AUTHORISED = "authorised", _("authorised")
        ON_HOLD = "on_hold", _("on hold")
        CLOSED = "closed", _("closed")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="use_cases")
    proposer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="proposed")
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=10_000)
    theme = models.CharField(_("theme"), max_length=100, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField(default=timezone.now)
    held_from = models.CharField(max_length=12, blank=True)
    assessment = models.OneToOneField(
        "dpia.Assessment", on_delete=models.PROTECT, null=True, blank=True, related_name="use_case"
    )
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    outcome = models.TextField(_("outcome"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    evaluate_on = models.DateField(_("evaluation date"), null=True, blank=True)

    objects = UseCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def specification(self) -> SpecificationVersion | None:
        """The newest version, which is the current one."""
        return self.specifications.order_by("-number").first()

    def joined(self) -> models.QuerySet[Partner]:
        return self.partners.filter(state="joined").select_related("organisation")


class Partner(models.Model):
    """An organisation in a use case. Capacity and party roles follow from the specification once there is one."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        JOINED = "joined", _("joined")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("left")

    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    capacity = models.CharField(
        max_length=20,
        choices=[
            ("controller", _("controller")),
            ("joint_controller", _("joint controller")),
            ("processor", _("processor")),
            ("provider", _("provider")),
        ],
    )
    party_roles = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    state_since = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["use_case", "organisation"], name="partner_once")]

    def __str__(self) -> str:
        return str(self.organisation)


class SpecificationVersion(models.Model):
    """What is to be computed, as agreed at one moment. The newest version is the current one; none ever changes."""

    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="specifications")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["use_case", "number"], name="specification_version_once")]

    def __str__(self) -> str:
        return f"{self.use_case} v{self.number}"

    def read(self) -> Specification:
        return read_specification(self.data)


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
        ("use", _("use")),
    ]
    REGIMES = [("gdpr", _("GDPR")), ("wpg", _("Police Data Act (Wpg)")), ("wjsg", _("Judicial Data Act (Wjsg)"))]
    GROUNDS = [
        ("6.1.a", _("consent (art. 6(1)(a))")),
        ("6.1.b", _("contract (art. 6(1)(b))")),
        ("6.1.c", _("legal obligation (art. 6(1)(c))")),
        ("6.1.d", _("vital interest (art. 6(1)(d))")),
        ("6.1.e", _("task in the public interest (art. 6(1)(e))")),
        ("6.1.f", _("legitimate interest (art. 6(1)(f))")),
        ("wpg", _("ground in the Wpg")),
        ("wjsg", _("ground in the Wjsg")),
    ]

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="bases")
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )
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


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: Any) -> ContractQuerySet:
        return self.filter(use_case__in=UseCase.objects.visible_to(user))

    def current(self) -> ContractQuerySet:
        return self.filter(state__in=["drafted", "signed"])


class Contract(models.Model):
    """The frozen text that every station signs. ``data`` is its canonical JSON, ``keys`` the stations' public keys."""

    class State(models.TextChoices):
        DRAFTED = "drafted", _("waiting for signatures")
        SIGNED = "signed", _("signed by every station")
        SUPERSEDED = "superseded", _("superseded")
        REVOKED = "revoked", _("revoked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="contracts")
    kind = models.CharField(
        max_length=14, choices=[("contract", _("contract")), ("trial_contract", _("trial contract"))]
    )
    data = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=40)
    keys = models.JSONField()  # [{organisation, jwk}], the thumbprints of which stand in the text
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    state_since = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["use_case", "kind"], condition=Q(state__in=["drafted", "signed"]), name="one_current_contract"
            )
        ]

    def __str__(self) -> str:
        return f"{self.use_case}: {self.code}"

    def read(self) -> ContractDocumentForm:
        return read_contract(json.loads(self.data))


class ContractDocument(models.Model):
    """A document the contract rests on, kept whole so that every station can download it and check its hash."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="documents")
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    data = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "sha256"], name="contract_document_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"


class Signature(models.Model):
    """A station's signed approval of a contract, or the revocation of it."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[("approval", _("approval")), ("revocation", _("revocation"))])
    jws = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "organisation", "kind"], name="one_signature_per_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.kind}"
