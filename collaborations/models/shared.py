"""A DPIA, or a part of it, that others may read: chosen answers of an adopted version, with passages blacked out."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from collaborations.models.use_cases import Partner
from station.contract.canonical import digest

User = settings.AUTH_USER_MODEL


class SharedAssessmentQuerySet(models.QuerySet["SharedAssessment"]):
    def visible_to(self, user: Any) -> SharedAssessmentQuerySet:
        """Public ones for everybody; others for who works for an organisation that they are meant for."""
        seen, found = Q(audience="public"), self.filter(state="shared")
        if not user.is_authenticated or not user.is_active:
            return found.filter(seen)
        own = Organisation.objects.read_by(user)
        together = Partner.objects.filter(
            use_case__collaboration=OuterRef("use_case__collaboration"), state="joined", organisation__in=own
        )
        if own.exists():
            seen |= Q(audience="partners")
        return found.filter(seen | (Q(audience="collaboration") & Exists(together)))


class SharedAssessment(models.Model):
    """``picks`` and ``passages`` say what is chosen and blacked out while it is a draft. From the proposal on ``data``
    is all that others see, and never changes; what was blacked out is not in it, and the passages are gone."""

    AUDIENCES = [
        ("collaboration", _("the partners in this collaboration")),
        ("partners", _("all organisations on the platform")),
        ("public", _("everybody, also without logging in")),
    ]
    STATES = [
        ("draft", _("being prepared")),
        ("proposed", _("waits for the controllers")),
        ("shared", _("shared")),
        ("withdrawn", _("withdrawn")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    use_case = models.ForeignKey("collaborations.UseCase", on_delete=models.PROTECT, related_name="shared_assessments")
    version = models.ForeignKey("dpia.Version", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=13, choices=AUDIENCES)
    title = models.CharField(max_length=200)
    picks = models.JSONField(default=list)
    passages = models.JSONField(default=list)
    data = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=9, choices=STATES, default="draft")
    state_since = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = SharedAssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["audience"], condition=Q(state="shared"), name="shared_assessments")]

    def __str__(self) -> str:
        return self.title

    @property
    def intact(self) -> bool:
        """Whether what is stored is what everybody agreed to."""
        return self.data is not None and digest(self.data) == self.sha256

    def missing(self) -> models.QuerySet[Organisation]:
        """The controllers that did not agree to exactly this yet."""
        agreed = self.agreements.filter(sha256=self.sha256).values("organisation")
        controllers = Organisation.objects.filter(slug__in=self.version.data["controllers"])
        return controllers.exclude(pk__in=agreed).order_by("name")


class SharingAgreement(models.Model):
    """A controller's mandated manager agrees that exactly this is shared with these readers."""

    shared = models.ForeignKey(SharedAssessment, on_delete=models.PROTECT, related_name="agreements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shared", "organisation"], name="sharing_agreed_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.shared}"
