"""Why and with whom: collaborations, use cases, their partners and what is to be computed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborations.models.plan import Concluded, Planned, theme_label
from station.contract.contract import read_specification
from station.specification import Specification

User = settings.AUTH_USER_MODEL
Organisation = "accounts.Organisation"
ADVISER = "adviser"
"""The capacity of a knowledge partner: it reads and discusses, and is never a party."""
SEARCHED = SearchVector("title", weight="A", config="dutch") + SearchVector(
    "summary", "value", "helped", weight="B", config="dutch"
)


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


class UseCase(Planned, Concluded, models.Model):
    """One question, one purpose. ``revision`` counts the changes of its text, so that a form that was opened earlier is
    noticed; ``origin`` is the use case it started from as an example."""

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
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers")
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=10_000, blank=True)
    theme = models.CharField(_("theme"), max_length=100, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField(default=timezone.now)
    held_from = models.CharField(max_length=12, blank=True)
    assessment = models.OneToOneField(
        "dpia.Assessment", on_delete=models.PROTECT, null=True, blank=True, related_name="use_case"
    )
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)
    search = models.GeneratedField(expression=SEARCHED, output_field=SearchVectorField(), db_persist=True)

    objects = UseCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [GinIndex(fields=["search"], name="use_case_search")]

    def __str__(self) -> str:
        return self.title or str(_("(no title yet)"))

    @property
    def theme_label(self) -> str:
        return theme_label(self.theme)

    @property
    def specification(self) -> SpecificationVersion | None:
        """The newest version, which is the current one."""
        if self._read_together("specifications"):
            return max(self.specifications.all(), key=lambda version: version.number, default=None)
        return self.specifications.order_by("-number").first()

    def everybody(self) -> list[Partner]:
        """Every partner, whatever became of it, with its organisation."""
        found = self.partners.all()
        return list(found if self._read_together("partners") else found.select_related("organisation"))

    def _read_together(self, name: str) -> bool:
        """Whether these rows were read before, together with those of other use cases."""
        return name in getattr(self, "_prefetched_objects_cache", {})

    def joined(self) -> PartnerQuerySet:
        return self.partners.filter(state="joined").select_related("organisation")

    def parties(self) -> PartnerQuerySet:
        """Those that joined and decide about the processing; whoever only advises is not among them."""
        return self.joined().parties()


class PartnerQuerySet(models.QuerySet["Partner"]):
    def parties(self) -> PartnerQuerySet:
        """Without advisers: the one rule for whatever asks for data, a legal basis, a decision or a signature."""
        return self.exclude(capacity=ADVISER)


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
            (ADVISER, _("knowledge partner, advises without data")),
        ],
    )
    party_roles = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    state_since = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    act_by = models.DateField(null=True, blank=True)  # asked by another partner, about what waited at ``asked_at``
    asked_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["use_case", "organisation"], name="partner_once")]

    def __str__(self) -> str:
        return str(self.organisation)

    def asked_about(self, since: datetime | None) -> bool:
        """Whether what waits since then is what the partner was asked to do."""
        return self.act_by is not None and self.asked_at is not None and since is not None and since <= self.asked_at

    @property
    def advises(self) -> bool:
        return self.capacity == ADVISER


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
