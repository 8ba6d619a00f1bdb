"""The worker's side: turns are written down every ten seconds, reminders and letters every minute; the rows say what
was done."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from collaborations import kept
from computations import clock
from inbox import letters, reminders, telling

SECONDS = 5
"""So long at a time: what is left is for the next round, and the worker looks after runs meanwhile."""


@shared_task(name="inbox.keep_turns", ignore_result=True, expires=10)
def keep_turns() -> None:
    kept.keep_all(seconds=SECONDS)


@shared_task(name="inbox.remind", ignore_result=True, expires=60)
def remind() -> None:
    moment = clock.now()
    day = timezone.localdate(moment)
    reminders.remind(day)
    telling.tell(moment, day)
    letters.post(moment)
