"""Playing something on an earlier day: in this process alone, Django's clock and that of the runs tell another time.

For the demo's invented people only. The events keep the time at which the demo wrote them, and so do the stations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from computations import clock


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    real = timezone.now, clock.now
    timezone.now = clock.now = lambda: moment
    try:
        yield
    finally:
        timezone.now, clock.now = real
