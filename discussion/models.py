"""Comments on any object, with notes that stay inside one organisation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit import reference


class CommentQuerySet(models.QuerySet["Comment"]):
    def about(self, thing: Any) -> CommentQuerySet:
        kind, key = reference(thing)
        return self.filter(about_type=kind, about_id=key).order_by("at", "id")

    def visible_to(self, user: Any) -> CommentQuerySet:
        """What is shared, and the notes of the user's own organisations. The object itself is not checked here."""
        own = Q(organisation__memberships__user=user, organisation__memberships__active=True)
        return self.filter(Q(internal=False) | own).distinct()


class Comment(models.Model):
    about_type = models.CharField(max_length=60)
    about_id = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=10_000)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["about_type", "about_id", "at"], name="comment_about")]

    def __str__(self) -> str:
        return f"{self.author}, {self.at:%Y-%m-%d}"
