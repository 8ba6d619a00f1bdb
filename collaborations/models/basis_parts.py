"""What belongs to a row of the legal-basis register: the provisions it cites and the papers it rests on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborations.models.bases import LegalBasis
from collaborations.models.grounds import cited


class BasisCitation(models.Model):
    """One provision, the main one first. ``verified``: its lawyer compared it with the published text."""

    basis = models.ForeignKey(LegalBasis, on_delete=models.PROTECT, related_name="citations")
    number = models.PositiveSmallIntegerField()
    law_id = models.CharField(_("law"), max_length=100)
    article = models.CharField(_("article"), max_length=60)
    version_date = models.DateField(_("text as of"), null=True, blank=True)
    quote = models.TextField(_("quotation"), max_length=2_000, blank=True)
    remark = models.TextField(_("remark"), max_length=2_000, blank=True)
    verified = models.BooleanField(_("compared with the published text"), default=False)

    class Meta:
        ordering = ["basis_id", "number"]
        constraints = [models.UniqueConstraint(fields=["basis", "number"], name="one_citation_per_number")]

    def __str__(self) -> str:
        return cited(self.law_id, self.article)


class BasisDocument(models.Model):
    """A paper under a row, kept as it was uploaded."""

    basis = models.ForeignKey(LegalBasis, on_delete=models.PROTECT, related_name="documents")
    file = models.FileField(_("document"), upload_to="legal-bases/%Y/", max_length=255)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["basis", "sha256"], name="a_paper_once_per_basis")]

    def __str__(self) -> str:
        return self.name
