"""What every station signs: contracts, the documents they rest on, and signatures."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborations.models.use_cases import UseCase
from station.contract.contract import Contract as ContractDocumentForm
from station.contract.contract import read_contract

User = settings.AUTH_USER_MODEL
Organisation = "accounts.Organisation"


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
