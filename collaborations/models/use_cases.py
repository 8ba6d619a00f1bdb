"""Why and with whom: collaborations, use cases, their partners and what is to be computed."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from station.contract.contract import read_specification
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
        """The use cases of the user's organisations: proposed by, invited to or joined by one of them. Whoever is in
        support sees what the organisation that allowed it sees, and nothing else meanwhile."""
        inside: dict[str, Any] = {
            "organisation__memberships__user_id": user.pk,
            "organisation__memberships__active": True,
        }
        if user.support is not None:
            inside = {"organisation": user.support.organisation_id}
        involved = Partner.objects.filter(
            use_case=models.OuterRef("pk"), state__in=["invited", "joined"], organisation__state="active", **inside
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
