"""A specification in the making: what people filled in so far, one per use case."""

from __future__ import annotations

from django.db import models


class SpecificationDraft(models.Model):
    """``data`` has the form of a specification, with gaps. ``revision`` goes up with every save, so that a page which
    was opened earlier notices; ``based_on`` is the version it began from."""

    use_case = models.OneToOneField(
        "collaborations.UseCase", models.CASCADE, related_name="specification_draft", primary_key=True
    )
    data = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    based_on = models.ForeignKey("collaborations.SpecificationVersion", models.PROTECT, null=True, related_name="+")
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"draft specification of {self.use_case_id}"
