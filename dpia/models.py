"""May we: the DPIA, its answers, who reviewed, advised and adopted which version.

Nothing here is ever deleted: going back starts a new round, and what was said about an earlier version stays with it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

User = settings.AUTH_USER_MODEL
Organisation = "accounts.Organisation"


class Template(models.Model):
    """A set of questions. A published template never changes: a change is a new version."""

    key = models.CharField(max_length=63)
    version = models.CharField(max_length=20)
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=[("published", _("published")), ("retired", _("retired"))])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class TemplateDraft(models.Model):
    """A template being written. It may hold mistakes; what is published is checked, and by somebody else than whoever
    wrote it."""

    STATES = [("open", _("being written")), ("published", _("published")), ("dropped", _("dropped"))]
    text = models.TextField()
    state = models.CharField(max_length=10, choices=STATES, default="open")
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class FactsDocument(models.Model):
    """Canonical JSON about the use case, handed in by the app above; prefilling reads only this."""

    sha256 = models.CharField(max_length=64, unique=True)
    data = models.JSONField()

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def specification_sha256(self) -> str:
        return str(self.data["specification_sha256"])


class Assessment(models.Model):
    """One DPIA. ``context`` names what it is about (a use case) without knowing it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PRIVACY_REVIEW = "privacy_review", _("review per controller")
        DPO_ADVICE = "dpo_advice", _("advice of the DPOs")
        RESPONSE = "response", _("response to the advice")
        PRIOR_CONSULTATION = "prior_consultation", _("prior consultation of the authority")
        ADOPTION = "adoption", _("adoption by the controllers")
        ADOPTED = "adopted", _("adopted")
        UNDER_REVIEW = "under_review", _("being reconsidered")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=300)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="+")
    facts = models.ForeignKey(FactsDocument, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField(default=timezone.now)
    coordinator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    suspended_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    suspended_from = models.CharField(max_length=20, choices=State.choices, blank=True)
    coordinating_dpo = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # whose DPO coordinates; ``coordinator`` drafts
    doubted_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField(default=1)
    review_on = models.DateField(null=True, blank=True)  # only of one that was adopted
    measures_due = models.DateField(null=True, blank=True)  # the first day of what still has to come
    context_type = models.CharField(max_length=60)
    context_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_by__isnull=False)
                | Q(~Q(state="suspended"), suspended_by__isnull=True),
                name="suspended_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="under_review") | Q(doubted_by__isnull=False), name="doubted_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def context(self) -> tuple[str, str]:
        return self.context_type, self.context_id

    @property
    def current_version(self) -> Version | None:
        return self.versions.order_by("-number").first()

    @property
    def submitted_version(self) -> Version | None:
        """The version of this round that the reviewers and DPOs look at."""
        return self.versions.filter(reason="submitted", round=self.round).order_by("-number").first()

    def document(self) -> dict[str, Any]:
        """The adopted DPIA as canonical JSON; its digest stands in the contract."""
        from dpia.documents import adopted_document  # it reads these models

        return adopted_document(self)


class Controller(models.Model):
    """A controller of the joint DPIA: it reviews, advises and adopts through its own people."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="controllers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["organisation__slug"]
        constraints = [models.UniqueConstraint(fields=["assessment", "organisation"], name="controller_once")]

    def __str__(self) -> str:
        return str(self.organisation)


class Part(models.Model):
    """The part somebody plays in one DPIA, for one organisation: four eyes by constraint. A privacy officer may also be
    the lawyer or the security officer; every other part is that of one person alone."""

    PARTS = [
        ("drafter", _("drafter")),
        ("privacy_officer", _("privacy officer")),
        ("lawyer", _("lawyer")),
        ("security_officer", _("security officer")),
        ("dpo", _("DPO")),
        ("manager", _("mandated manager")),
    ]
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="parts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=16, choices=PARTS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user", "part"], name="part_once"),
            models.UniqueConstraint(
                fields=["assessment", "user"], condition=~Q(part="privacy_officer"),
                name="one_part_beside_privacy_officer",
            ),
            models.UniqueConstraint(
                fields=["assessment", "user"], condition=~Q(part__in=["lawyer", "security_officer"]),
                name="one_part_beside_reviewers",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user}: {self.part}"


class Answer(models.Model):
    """The answer to one question: of all controllers together (``organisation`` empty) or of one of them."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    value = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "organisation"], name="answer_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.question


class EarlierAnswer(models.Model):
    """What stood under a question before somebody else or another sitting replaced it, or what somebody wrote at the
    same time as another (``aside``). Never changed, never removed: no text is lost by who came last."""

    WHY = [("replaced", _("replaced")), ("aside", _("written at the same time, not taken over"))]
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="earlier_answers")
    question = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    value = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=8, choices=WHY)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["assessment", "question"], name="earlier_answers")]

    def __str__(self) -> str:
        return f"{self.question}, {self.at:%Y-%m-%d}"


class Paper(models.Model):
    """A file under a question, kept as it came. A frozen version names it by its hash, and holds on to it: a trigger
    refuses to remove it then, and to change it ever."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="papers")
    question = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file = models.FileField(upload_to="dpia-papers/%Y/", max_length=255)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "organisation", "sha256"], name="paper_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class MeasureNote(models.Model):
    """How far a measure is, told by the organisation that sees to it, beside the DPIA: an adopted one does not change
    for it. Never changed, never removed; the newest counts, until the table itself is answered again."""

    STATES = [
        ("proposed", _("put forward")), ("planned", _("planned")), ("implemented", _("implemented")),
        ("verified", _("verified")), ("rejected", _("rejected")),
    ]  # fmt: skip
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="measure_notes")
    measure = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=STATES)
    due = models.DateField(null=True, blank=True)
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["assessment", "measure"], name="measure_notes")]

    def __str__(self) -> str:
        return f"{self.measure}: {self.state}"


class Presence(models.Model):
    """Where somebody is typing now. Overwritten every few seconds; says nothing about what they did."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    point = models.CharField(max_length=60)
    question = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.point}"


class Version(models.Model):
    """The DPIA as it was at a hand-over: answers, facts hash and template, frozen (a trigger refuses changes)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    round = models.PositiveIntegerField()
    reason = models.CharField(
        max_length=12,
        choices=[
            ("submitted", _("submitted")), ("adoption", _("put up for adoption")),
            ("moved", _("put on another template")),
        ],
    )  # fmt: skip
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.assessment} v{self.number}"

    def items(self) -> models.QuerySet[AdviceItem]:
        """What the DPOs' advice on this version asks, in the order in which it was given."""
        found = AdviceItem.objects.filter(advice__version=self).select_related("advice__organisation", "response__by")
        return found.order_by("advice__pk", "number")


class Review(models.Model):
    """What a controller's privacy officer, lawyer or security officer found."""

    KINDS = [("privacy", _("privacy officer")), ("law", _("lawyer")), ("security", _("security officer"))]
    VERDICTS = [("positive", _("ready for the DPO")), ("negative", _("back to the drafter"))]
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS, default="privacy")
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "organisation", "kind"], name="review_of_a_kind_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.verdict}"


class Advice(models.Model):
    """What a controller's DPO advises. The DPO advises and never approves."""

    VERDICTS = [
        ("positive", _("positive")),
        ("conditional", _("positive with conditions")),
        ("negative", _("negative")),
        ("refrained", _("no advice")),
    ]
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="advices")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, choices=VERDICTS)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "organisation"], name="advice_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.verdict}"


class AdviceItem(models.Model):
    """One thing that a DPO advises: how heavy it weighs, and which question it is about (none: the whole DPIA)."""

    WEIGHTS = [
        ("condition", _("condition: has to be met first")),
        ("recommendation", _("recommendation")),
        ("remark", _("remark")),
    ]
    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    weight = models.CharField(max_length=14, choices=WEIGHTS, default="recommendation")
    question = models.CharField(max_length=60, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["advice", "number"], name="advice_item_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class AdviceSummary(models.Model):
    """What the coordinating DPO wrote about all advice on one version. The newest counts; none ever changes."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="summaries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.organisation}"


class ItemResponse(models.Model):
    """Comply or explain, per item of the advice. A drafter prepares it; it counts when the mandated manager of the
    organisation whose DPO advised has decided it."""

    DECISIONS = [("follow", _("followed")), ("partly", _("partly followed")), ("deviate", _("not followed"))]
    item = models.OneToOneField(AdviceItem, on_delete=models.PROTECT, related_name="response")
    decision = models.CharField(max_length=10, choices=DECISIONS)
    reasons = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    mandate = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.item.number}: {self.decision}"

    @property
    def decided(self) -> bool:
        """By a manager under this mandate; else it is only prepared."""
        return self.mandate_id is not None


class Adoption(models.Model):
    """The decision of one controller, by its mandated manager."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="adoptions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "organisation"], name="adoption_once")]

    def __str__(self) -> str:
        return str(self.organisation)


class AuthorityConsultation(models.Model):
    """A prior consultation of the supervisory authority (GDPR art. 36), in one round of the DPIA. ``due_on``: the last
    day of its term; empty while the authority waits for information (``ConsultationPause``)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="consultations")
    round = models.PositiveIntegerField(default=1)
    reference = models.CharField(max_length=200)
    asked_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    extended_on = models.DateField(null=True, blank=True)
    extension = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "round"], condition=Q(answered_on=None), name="one_open_consultation"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class ConsultationPause(models.Model):
    """From ``begin`` to ``end`` the authority waits for information, and its term stands still."""

    consultation = models.ForeignKey(AuthorityConsultation, on_delete=models.PROTECT, related_name="pauses")
    begin = models.DateField()
    end = models.DateField(null=True, blank=True)
    what = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["begin", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation"], condition=Q(end=None), name="one_open_pause"),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=models.F("begin")), name="pause_ends_after_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation}, {self.begin}"


class Report(models.Model):
    """A document of a DPIA that a worker makes: of a frozen version, or of the DPIA as it was when it was asked."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for a worker")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reports")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="dpia-reports/%Y/", max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    no_pango = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.kind}"


class Import(models.Model):
    """One file whose answers were taken over. ``left``: what had no place here (``task``, ``text``, ``reason``), so
    that nothing of it is lost. Never changed."""

    FORMS = [("own", _("answers of this platform")), ("official", _("the official DPIA form")),
             ("shared", _("a shared DPIA"))]  # fmt: skip
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="imports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=10, choices=FORMS)
    origin = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    left = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.form}"


class PreScan(models.Model):
    """One answer to the question whether a DPIA is needed, with the reasons that were found then. Never changed: a
    later one stands beside it."""

    RESULTS = [
        ("required", _("a DPIA is needed")),
        ("dpo_decides", _("the DPO decides")),
        ("not_required", _("no DPIA is needed")),
        ("not_applicable", _("not applicable: no personal data")),
    ]
    context_type = models.CharField(max_length=60)
    context_id = models.CharField(max_length=64)
    facts = models.ForeignKey(FactsDocument, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=90)
    answers = models.JSONField()
    result = models.CharField(max_length=16, choices=RESULTS)
    found = models.JSONField()
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["context_type", "context_id"], name="prescan_context")]

    def __str__(self) -> str:
        return f"{self.form}: {self.result}"


class PreScanDecision(models.Model):
    """What the DPO decided where the pre-scan leaves it to the DPO."""

    prescan = models.OneToOneField(PreScan, on_delete=models.PROTECT, related_name="decision")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    needed = models.BooleanField()
    reasons = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.prescan}: {self.needed}"
