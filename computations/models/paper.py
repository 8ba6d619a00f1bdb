"""The code of a contract, compared on paper: what a person of the organisation confirmed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class CodeCompared(models.Model):
    """Somebody read the code on the station's own screen or print and typed it here: both show the same contract."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="codes_compared")
    contract = models.ForeignKey("collaborations.Contract", models.PROTECT, related_name="codes_compared")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["organisation", "contract"], name="code_compared_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.contract.code}"
