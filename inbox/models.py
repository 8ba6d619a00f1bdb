"""What one person was told, looked at and wants by e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

User = settings.AUTH_USER_MODEL


class Reminder(models.Model):
    """Something this person is responsible for ends soon. The row says that it was told; there is one per moment."""

    KINDS = [
        ("basis", _("legal basis")),
        ("agreement", _("agreement")),
        ("mandate", _("mandate")),
        ("assessment", _("review of the DPIA")),
        ("measure", _("measure of the DPIA")),
        ("advice", _("advice on the DPIA")),
        ("authority", _("term of the prior consultation")),
    ]

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=KINDS)
    about_id = models.CharField(max_length=64)
    days = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    ends_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "about_id", "ends_on", "days"], name="reminded_once")
        ]
        indexes = [models.Index(fields=["made_at"], condition=models.Q(mailed_at=None), name="reminder_unmailed")]

    def __str__(self) -> str:
        return f"{self.user}: {self.title}"


class Notice(models.Model):
    """That it is this person's turn, or that somebody mentioned them: what a letter says. Made once per ``key``, so
    that no letter says it twice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    use_case = models.ForeignKey("collaborations.UseCase", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    mention = models.ForeignKey("discussion.Mention", on_delete=models.CASCADE, null=True, related_name="+")
    url = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="noticed_once")]
        indexes = [models.Index(fields=["made_at"], condition=models.Q(mailed_at=None), name="notice_unmailed")]

    def __str__(self) -> str:
        return f"{self.user}: {self.use_case}"


class StandInTold(models.Model):
    """That a deputy was told what already waited on their first day."""

    deputy = models.OneToOneField("accounts.Deputy", on_delete=models.CASCADE, related_name="stand_in_told")

    def __str__(self) -> str:
        return str(self.deputy)


class Looked(models.Model):
    """Up to which event this person looked at a use case."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    use_case = models.ForeignKey("collaborations.UseCase", on_delete=models.CASCADE, related_name="+")
    event = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "use_case"], name="looked_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.use_case}"


class MailWish(models.Model):
    """When this person gets e-mail; whoever never chose gets it immediately."""

    WHEN = [("now", _("immediately")), ("daily", _("once a day, at 07:00")), ("none", _("no e-mail"))]

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail_wish")
    when = models.CharField(_("when"), max_length=5, choices=WHEN, default="now")

    def __str__(self) -> str:
        return f"{self.user}: {self.when}"
