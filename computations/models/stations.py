"""The stations that enrolled and the datasets they announced. Descriptions only: rows stay at the station."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from station.contract.signatures import import_public

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

    from accounts.models import User
    from station.specification import Input


class DataStation(models.Model):
    """``key`` is the public JWK that every request and statement is verified against."""

    organisation = models.OneToOneField("accounts.Organisation", models.PROTECT, related_name="station")
    key = models.JSONField()
    thumbprint = models.CharField(max_length=43, unique=True)
    version = models.CharField(max_length=300)
    enrolled_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    engines = models.JSONField(default=list)  # as it said last; empty: it did not say yet

    class Meta:
        ordering = ["organisation__slug"]

    def __str__(self) -> str:
        return f"station {self.organisation.slug}"

    def verifying_key(self, kid: str) -> ECKey | None:
        """This station's key when ``kid`` names it; the shape that ``signatures.verify`` asks for."""
        return import_public(self.key) if kid == self.thumbprint else None


class EnrolmentToken(models.Model):
    """A one-time word to enrol with. Only its hash is kept."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"enrolment token for {self.organisation.slug}"


class Nonce(models.Model):
    """A request that was seen. A row per request for two minutes; the unique key is what stops a replay."""

    thumbprint = models.CharField(max_length=43)
    nonce = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thumbprint", "nonce"], name="nonce_once")]

    def __str__(self) -> str:
        return f"nonce of {self.thumbprint}"


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, user: User) -> DatasetQuerySet:
        """Of the user's organisations and of those they share a use case with: enough to specify together."""
        from accounts.models import Organisation
        from collaborations.models import Partner, UseCase

        partners = Partner.objects.filter(use_case__in=UseCase.objects.visible_to(user)).values("organisation")
        return self.filter(
            models.Q(organisation__in=partners) | models.Q(organisation__in=Organisation.objects.of(user))
        )


class Dataset(models.Model):
    """``sha256`` is the hash of {dataset, columns, synthetic}; ``statement`` is what the station signed."""

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="datasets")
    key = models.CharField(max_length=63)
    description = models.JSONField()
    columns = models.JSONField()
    sha256 = models.CharField(max_length=64)
    synthetic = models.BooleanField()
    rows_rounded_up = models.BigIntegerField()
    statement = models.TextField()
    at = models.DateTimeField()

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__slug", "key"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="dataset_once")]

    def __str__(self) -> str:
        return f"{self.organisation.slug}/{self.key}"

    def strange_columns(self, entry: Input) -> list[str]:
        """Columns that a specification uses and the station did not announce, or announced with another type."""
        announced = {column["name"]: column["type"] for column in self.columns}
        wanted = {column.name: column.type.model_dump(mode="json") for column in entry.columns}
        return sorted(name for name, kind in wanted.items() if announced.get(name) != kind)
