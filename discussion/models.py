"""Threads of comments on any object or on a spot within it, with notes that stay inside one organisation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Membership
from audit import reference


class CommentQuerySet(models.QuerySet["Comment"]):
    def about(self, thing: Any, spot: str = "") -> CommentQuerySet:
        """What was said about an object itself, or about one spot in it."""
        kind, key = reference(thing)
        return self.filter(about_type=kind, about_id=key, spot=spot).order_by("at", "id")

    def within(self, thing: Any) -> CommentQuerySet:
        """Everything in the dossier of an object, whatever part of it it is about."""
        kind, key = reference(thing)
        return self.filter(context_type=kind, context_id=key)

    def visible_to(self, user: Any) -> CommentQuerySet:
        """What is shared, and the notes of the user's own organisations. The object itself is not checked here."""
        own = Membership.objects.filter(user=user.pk, active=True).values("organisation")
        return self.filter(Q(internal=False) | Q(organisation__in=own))

    def threads(self) -> CommentQuerySet:
        """The comments that began a thread, the one with the newest word first."""
        last = Coalesce(Max("replies__at"), "at")
        return self.filter(reply_to=None).annotate(last=last, said=Count("replies") + 1).order_by("-last", "-id")

    def open_on(self, thing: Any) -> dict[str, int]:
        """Spot in an object to the number of open threads on it; the object itself is under ``""``."""
        kind, key = reference(thing)
        found = self.filter(about_type=kind, about_id=key, reply_to=None, resolved_at=None)
        return dict(found.values_list("spot").annotate(number=Count("id")))


class Comment(models.Model):
    """One thing that somebody said. Without ``reply_to`` it begins a thread; threads are one level deep."""

    about_type = models.CharField(max_length=60)
    about_id = models.CharField(max_length=64)
    spot = models.CharField(max_length=100, blank=True, default="")  # within the object, such as a question of a DPIA
    context_type = models.CharField(max_length=60, default="")
    context_id = models.CharField(max_length=64, default="")
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=10_000)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about_type", "about_id", "at"], name="comment_about"),
            models.Index(fields=["context_type", "context_id", "at"], name="comment_context"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(reply_to=None) | Q(resolved_at=None), name="only_a_thread_is_resolved")
        ]

    def __str__(self) -> str:
        return f"{self.author}, {self.at:%Y-%m-%d}"

    @property
    def thread(self) -> Comment:
        return self.reply_to or self


class MentionQuerySet(models.QuerySet["Mention"]):
    def unseen(self, user: Any) -> MentionQuerySet:
        """What this person was mentioned in and did not look at yet, oldest first."""
        found = self.filter(user=user, seen_at=None).filter(comment__in=Comment.objects.visible_to(user))
        return found.select_related("comment__author", "comment__organisation").order_by("comment__at")


class Mention(models.Model):
    """Somebody whose attention was asked for in a comment, until they have seen it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.comment}"
