"""The events. A database trigger refuses to change, delete or truncate them (migration 0002)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now

from audit import reference


class EventQuerySet(models.QuerySet["Event"]):
    def timeline(self, context: Any) -> EventQuerySet:
        """Everything that happened in a context (a use case), newest first."""
        kind, key = reference(context)
        return self.filter(context_type=kind, context_id=key).order_by("-id")

    def about(self, thing: Any) -> EventQuerySet:
        kind, key = reference(thing)
        return self.filter(about_type=kind, about_id=key).order_by("-id")


class Event(models.Model):
    """One thing somebody did. ``facts`` fill the sentence of ``type``; names of people are looked up when shown."""

    at = models.DateTimeField(db_default=Now())
    type = models.CharField(max_length=80)
    actor_type = models.CharField(max_length=60)
    actor_id = models.CharField(max_length=64, blank=True)
    organisation_key = models.CharField(max_length=63, blank=True)
    about_type = models.CharField(max_length=60)
    about_id = models.CharField(max_length=64)
    context_type = models.CharField(max_length=60, blank=True)
    context_id = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["context_type", "context_id", "-id"], name="event_timeline"),
            models.Index(fields=["about_type", "about_id", "-id"], name="event_about"),
        ]

    def __str__(self) -> str:
        return self.type
