"""What a use case is meant to bring, how that will be measured, and what came of it in the end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

THEMES = [
    ("poverty", _("poverty and debts")),
    ("entrepreneurs", _("entrepreneurs")),
    ("justice", _("justice and safety")),
    ("health", _("health and care")),
    ("energy", _("energy and housing")),
    ("service", _("service to citizens")),
    ("other", _("other theme")),
]
"""What a use case is about, for whoever looks for one. A theme in somebody's own words counts as ``other``."""
REACHED = [
    ("reached", _("reached")),
    ("partly", _("partly reached")),
    ("not", _("not reached")),
    ("unknown", _("cannot be said")),
]
LINE = 500
"""Longest of what stands on one line, such as an indicator."""


def theme_label(theme: str) -> str:
    return str(dict(THEMES).get(theme, theme))


class Planned(models.Model):
    """Written down before anything is computed, so that nobody chooses the measure after seeing the result."""

    value = models.TextField(_("expected value for society"), blank=True)
    helped = models.TextField(_("who is helped"), blank=True)
    indicator = models.CharField(_("what is measured"), max_length=LINE, blank=True)
    baseline = models.CharField(_("how it is now"), max_length=LINE, blank=True)
    target = models.CharField(_("what you aim for"), max_length=LINE, blank=True)
    measure_on = models.DateField(_("measured on"), null=True, blank=True)

    class Meta:
        abstract = True


class Concluded(models.Model):
    """What came of it, against what was planned; and what was seen when it was looked at again."""

    outcome = models.TextField(_("outcome"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    reached = models.CharField(_("compared with the plan"), max_length=7, choices=REACHED, blank=True)
    figure = models.CharField(_("measured figure"), max_length=LINE, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    evaluate_on = models.DateField(_("evaluation date"), null=True, blank=True)
    evaluation = models.TextField(_("evaluation"), blank=True)
    evaluation_reached = models.CharField(_("compared with the plan"), max_length=7, choices=REACHED, blank=True)
    evaluation_figure = models.CharField(_("measured figure"), max_length=LINE, blank=True)
    evaluated_at = models.DateTimeField(null=True, blank=True)
    evaluated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
