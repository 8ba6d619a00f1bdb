"""Every station that signed gets a task; ``hints`` does the rest when it asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import redis

import audit
from accounts.models import Organisation
from computations import clock, doorbell
from computations.backends.backend import Backend
from computations.lifecycle import move
from computations.models import Task
from station.reasons import Reason

if TYPE_CHECKING:
    from computations.models import Run

LEASE = timedelta(seconds=120)


class Stations(Backend):
    key: ClassVar[str] = "stations"

    def check(self) -> list[Reason]:
        """The doorbell is the only thing beside the database; without it stations are slower, not stuck."""
        try:
            doorbell.valkey().ping()
        except redis.RedisError:
            return [Reason("backend.no_doorbell")]
        return []

    def start(self, run: Run) -> None:
        self._begin(run, "prepare")

    def retry(self, run: Run) -> None:
        self._begin(run, "retry")

    def _begin(self, run: Run, step: str) -> None:
        """The step first: it refuses a run that is not where the step begins."""
        moment = clock.now()
        run.lease_until = moment + LEASE
        move(run, step, by=audit.SYSTEM)
        organisations = Organisation.objects.filter(slug__in=run.parties())
        tasks = [Task(run=run, attempt=run.attempt, organisation=o, at=moment) for o in organisations]
        Task.objects.bulk_create(tasks)


BACKEND = Stations()
