"""The worker's side. A message may be lost or doubled: the row is the truth and the sweep the guarantee."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from kombu.exceptions import OperationalError

from computations import actions

log = logging.getLogger(__name__)


@shared_task(name="computations.dispatch", ignore_result=True)
def dispatch(run_id: str) -> None:
    actions.start_run(run_id=UUID(run_id))


@shared_task(name="computations.sweep", ignore_result=True, expires=10)
def sweep() -> None:
    actions.sweep()


def nudge(run_id: UUID) -> None:
    """Tells a worker that a run waits; without a broker the sweep finds it."""
    try:
        dispatch.apply_async([str(run_id)], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("dispatch: nudge lost (%s)", type(error).__name__)
