"""One execution of a contract (run), each station's share of it (task), and what they stated and sent."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import models

from computations import states
from station.contract.canonical import load
from station.contract.contract import Contract as Terms
from station.contract.contract import read_contract
from station.reasons import Reason

if TYPE_CHECKING:
    from accounts.models import User


@lru_cache(maxsize=64)
def read_terms(text: str) -> Terms:
    """The typed contract behind its canonical text."""
    return read_contract(load(text))


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> RunQuerySet:
        from collaborations.models import UseCase

        return self.filter(contract__use_case__in=UseCase.objects.visible_to(user))

    def active(self) -> RunQuerySet:
        return self.filter(state__in=states.ACTIVE)

    def of_station(self, organisation_key: str) -> RunQuerySet:
        """Runs in which this organisation's station has a task."""
        tasks = Task.objects.filter(run=models.OuterRef("pk"), organisation__slug=organisation_key)
        return self.filter(models.Exists(tasks))


class Run(models.Model):
    """``slot`` is its number within the contract; a run that ended before OPEN gives its slot back (``holds_slot``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey("collaborations.Contract", models.PROTECT, related_name="runs")
    slot = models.PositiveIntegerField()
    holds_slot = models.BooleanField(default=True)
    state = models.CharField(max_length=12, choices=[(state, state) for state in states.ALL], default="queued")
    attempt = models.PositiveSmallIntegerField(default=1)
    opened = models.BooleanField(default=False)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    blamed = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    history = models.JSONField(default=list)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at"]
        indexes = [models.Index(fields=["state", "changed_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "slot"], condition=models.Q(holds_slot=True), name="slot_held_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=states.ALL), name="run_state_known"),
            models.CheckConstraint(condition=models.Q(attempt__range=(1, 3)), name="run_attempts"),
        ]

    def __str__(self) -> str:
        return f"run {self.id}"

    @property
    def terms(self) -> Terms:
        """The contract that this run executes, typed."""
        return read_terms(self.contract.data)

    @property
    def use_case(self) -> models.Model:
        return self.contract.use_case

    @property
    def why(self) -> list[Reason]:
        """Why it ended, for showing."""
        return [Reason.from_document(entry) for entry in self.reasons]

    @property
    def ended(self) -> bool:
        return self.state in states.ENDED

    def slot_taken(self) -> bool:
        """Whether another run holds this slot by now."""
        others = Run.objects.filter(contract=self.contract_id, slot=self.slot).exclude(pk=self.pk)
        return others.filter(holds_slot=True).exists()

    def parties(self) -> list[str]:
        """Organisation keys of every signatory, sorted."""
        return [entry.organisation for entry in self.terms.stations]

    def computing(self) -> list[str]:
        """The three computing parties, sorted."""
        return sorted(self.terms.specification.with_role("computing_party"))

    def statements_of(self, kind: str, attempt: int | None = None) -> list[Statement]:
        """This attempt's statements of one type, sorted by organisation."""
        found = self.statements.filter(attempt=attempt or self.attempt, type=kind).select_related("organisation")
        return sorted(found, key=lambda statement: statement.organisation.slug)


class Task(models.Model):
    """One station's part in one attempt. ``phase`` and ``percent`` are what its engine last said."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="tasks")
    attempt = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="waiting")
    phase = models.CharField(max_length=40, default="")
    percent = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["organisation__slug"]
        constraints = [models.UniqueConstraint(fields=["run", "attempt", "organisation"], name="task_once")]

    def __str__(self) -> str:
        return f"task of {self.organisation.slug} in {self.run_id}"


class Statement(models.Model):
    """What a station signed about an attempt, as it came in."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="statements")
    attempt = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    type = models.CharField(max_length=20)
    output = models.CharField(max_length=63, default="", blank=True)
    payload = models.JSONField()
    jws = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["run", "attempt", "organisation", "type", "output"], name="statement_once"),
            models.UniqueConstraint(
                fields=["run", "output"], condition=models.Q(type__in=["release", "withhold"]), name="decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} of {self.organisation.slug} in {self.run_id}"


class Share(models.Model):
    """A sealed share of an output on its way: ciphertext that only ``receiver``'s station can open."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="shares")
    attempt = models.PositiveSmallIntegerField()
    output = models.CharField(max_length=63)
    stage = models.CharField(max_length=7, choices=[("check", "check"), ("release", "release")])
    sender = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    receiver = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    jwe = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "attempt", "output", "stage", "sender", "receiver"], name="share_once"
            )
        ]

    def __str__(self) -> str:
        return f"share of {self.output} in {self.run_id}"


class Result(models.Model):
    """A released table that the contract shows on the platform; its hash is the one the checker signed."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    output = models.CharField(max_length=63)
    table = models.JSONField()
    sha256 = models.CharField(max_length=64)
    received_from = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "output"], name="result_once")]

    def __str__(self) -> str:
        return f"result {self.output} of {self.run_id}"
