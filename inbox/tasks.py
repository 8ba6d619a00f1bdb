"""The worker's side: reminders are made and posted every minute; the rows say what was done."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from computations import clock
from inbox import letters, reminders


@shared_task(name="inbox.remind", ignore_result=True, expires=60)
def remind() -> None:
    moment = clock.now()
    reminders.remind(timezone.localdate(moment))
    letters.post(moment)
