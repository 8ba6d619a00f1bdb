"""The worker's side of documents. A message may be lost or doubled: the row is the truth, and the page asks again."""

from __future__ import annotations

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from dpia.actions.reporting import make_report

log = logging.getLogger(__name__)


@shared_task(name="dpia.report", ignore_result=True)
def report(report_id: int) -> None:
    make_report(report_id=report_id)


def nudge(report_id: int) -> None:
    """Tells a worker that a document waits."""
    try:
        report.apply_async([report_id], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("report: nudge lost (%s)", type(error).__name__)
