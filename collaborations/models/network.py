"""How organisations find each other: calls for partners, interest, who is not on the platform yet, and what the
partners tell everybody together."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborations.models.plan import theme_label
from collaborations.models.use_cases import Partner
from station.contract.canonical import digest

User = settings.AUTH_USER_MODEL
Organisation, UseCase = "accounts.Organisation", "collaborations.UseCase"
SEARCHED = SearchVector("wanted", weight="A", config="dutch") + SearchVector("why", weight="B", config="dutch")
OPEN = ("draft", "proposed", "exploring", "assessing")
"""States of a use case that is still open to partners."""
KEPT = timedelta(days=90)
"""How long an address of somebody outside, or a contact of an answer, is kept at most."""


class CallQuerySet(models.QuerySet["Call"]):
    def open(self, day: date) -> CallQuerySet:
        """Not closed, not past its last day, and of a use case that still takes partners."""
        return self.filter(state="open", until__gte=day, use_case__state__in=OPEN)

    def visible_to(self, user: Any, day: date) -> CallQuerySet:
        """Open ones for everybody who works for an active organisation; ended ones for those involved."""
        if not user.is_active:
            return self.none()
        own = _own(user)
        mine = Q(Exists(CallAnswer.objects.filter(call=OuterRef("pk"), organisation__in=own)))
        mine |= Q(Exists(Interest.objects.filter(call=OuterRef("pk"), organisation__in=own)))
        mine |= Q(Exists(Partner.objects.filter(use_case=OuterRef("use_case"), organisation__in=own, state="joined")))
        return self.filter(Q(pk__in=Call.objects.open(day).values("pk")) | mine)


class Call(models.Model):
    """'Looking for an organisation that holds X'. It says all that others see: its theme is a copy, so that nothing of
    the use case shows through it. Its words never change: another text is another call."""

    STATES = [("open", _("open")), ("closed", _("closed"))]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="calls")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="calls")
    wanted = models.CharField(_("looking for"), max_length=200)
    why = models.TextField(_("why"))
    theme = models.CharField(_("theme"), max_length=100, blank=True)
    until = models.DateField(_("until"))
    state = models.CharField(max_length=6, choices=STATES, default="open")
    state_since = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    search = models.GeneratedField(expression=SEARCHED, output_field=SearchVectorField(), db_persist=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["until", "published_at"]
        indexes = [
            GinIndex(fields=["search"], name="call_search"),
            models.Index(fields=["until"], condition=Q(state="open"), name="call_open"),
        ]

    def __str__(self) -> str:
        return self.wanted

    @property
    def theme_label(self) -> str:
        return theme_label(self.theme)

    @property
    def shown_state(self) -> str:
        """``expired`` follows from the date; nothing has to mark it. It ends with the use case's search as well."""
        if self.state == "open" and self.until < timezone.localdate():
            return "expired"
        return self.state if self.use_case.state in OPEN else "closed"

    def get_shown_state_display(self) -> str:
        return str(dict([*self.STATES, ("expired", _("expired"))])[self.shown_state])


class CallAnswer(models.Model):
    """An organisation that offers itself. ``contact`` goes as soon as the answer is decided or taken back."""

    STATES = [
        ("offered", _("offered")),
        ("accepted", _("accepted")),
        ("declined", _("declined")),
        ("withdrawn", _("withdrawn")),
    ]

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="call_answers")
    text = models.TextField(_("what you offer"))
    contact = models.CharField(_("whom to reach"), max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=STATES, default="offered")
    state_since = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation"], condition=Q(state__in=["offered", "accepted"]), name="one_live_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.call}"


class Interest(models.Model):
    """Without commitment: an organisation wants to hear more of a call, or of a use case that tells of itself in
    public. Taking it back removes the row."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="interests")
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="interests")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, blank=True, related_name="interests")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "call"], name="interest_in_call_once"),
            models.UniqueConstraint(
                fields=["organisation", "use_case"], condition=Q(call=None), name="interest_in_summary_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.call or self.use_case_id}"


class Outsider(models.Model):
    """An organisation that is asked into a use case before it is on the platform. ``email`` is the only thing that is
    about a person: it goes when the first member is there, when the request ends, and after ``KEPT`` anyway."""

    STATES = [
        ("asked", _("asked")),
        ("admitted", _("on the platform")),
        ("declined", _("declined")),
        ("withdrawn", _("withdrawn")),
    ]

    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="outsiders")
    name = models.CharField(_("name of the organisation"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)
    message = models.TextField(_("message"))
    capacity = models.CharField(max_length=20, choices=Partner._meta.get_field("capacity").choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=STATES, default="asked")
    state_since = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return self.name


class SummaryQuerySet(models.QuerySet["Summary"]):
    def public(self) -> SummaryQuerySet:
        """Published, and agreed to by exactly those that take part now. Worked out at every look: who joins later or
        leaves, takes it off the public pages until all agree again."""
        joined = Partner.objects.filter(use_case=OuterRef("use_case"), state="joined")
        agreed = SummaryAgreement.objects.filter(summary=OuterRef("pk"), sha256=OuterRef("sha256"))
        same = SummaryAgreement.objects.filter(
            summary=OuterRef(OuterRef("pk")), sha256=OuterRef(OuterRef("sha256")), organisation=OuterRef("organisation")
        )
        still = Partner.objects.filter(
            use_case=OuterRef(OuterRef("use_case")), state="joined", organisation=OuterRef("organisation")
        )
        return self.filter(
            ~Exists(joined.filter(~Exists(same))),
            ~Exists(agreed.filter(~Exists(still))),
            Exists(joined),
            state="published",
        ).exclude(use_case__state__in=["draft", "rejected", "withdrawn"])


class Summary(models.Model):
    """What the partners tell everybody, on one page. Its words never change; other words are a next row."""

    STATES = [
        ("proposed", _("waits for the partners")),
        ("published", _("public")),
        ("withdrawn", _("withdrawn")),
        ("superseded", _("replaced")),
    ]

    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="summaries")
    number = models.PositiveIntegerField()
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    text_nl = models.TextField(_("text in Dutch"))
    text_en = models.TextField(_("text in English"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=STATES, default="proposed")
    state_since = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["use_case", "number"], name="summary_once"),
            models.UniqueConstraint(fields=["use_case"], condition=Q(state="proposed"), name="one_proposed_summary"),
            models.UniqueConstraint(fields=["use_case"], condition=Q(state="published"), name="one_public_summary"),
        ]

    def __str__(self) -> str:
        return self.title_nl

    def document(self) -> dict[str, str]:
        """Exactly what the partners agree to, and all that the public page shows."""
        return {name: getattr(self, name) for name in ("title_nl", "title_en", "text_nl", "text_en")}

    @property
    def intact(self) -> bool:
        return digest(self.document()) == self.sha256


class SummaryAgreement(models.Model):
    """One partner agrees to the text with this hash; taking it back removes the row."""

    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="agreements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["summary", "organisation"], name="summary_agreed_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.summary}"


def _own(user: Any) -> Any:
    """The active organisations this person works for."""
    return user.memberships.filter(active=True, organisation__state="active").values("organisation")
