"""Looking on while stations and worker do a run, with the same view of it as the pages have."""

from __future__ import annotations

import time
from collections.abc import Callable

from computations.models import Run, Task
from station.reasons import Refused

PAUSE = 0.25
PATIENCE = 600.0  # seconds; the platform's own time-outs end a run long before


class NotThere(Exception):
    """The run ended somewhere else, or takes too long; the message says why, as the run page does."""


def wait_for(run: Run, state: str, say: Callable[[str], None], *, patience: float = PATIENCE) -> None:
    """Waits until the run is in ``state``; says what the stations report meanwhile."""
    deadline, said = time.monotonic() + patience, ""
    while run.state != state:
        if run.ended:
            raise NotThere(f"The run is {run.state}: {Refused(*run.why)}" if run.why else f"The run is {run.state}.")
        if time.monotonic() > deadline:
            raise NotThere(f"The run was still {run.state} after {patience:.0f} s.")
        time.sleep(PAUSE)
        run.refresh_from_db()
        if (report := _report(run)) != said:
            say(said := report)


def _report(run: Run) -> str:
    tasks = Task.objects.filter(run=run, attempt=run.attempt).select_related("organisation")
    return f"{run.state} " + ", ".join(f"{t.organisation.slug} {t.phase or t.state} {t.percent}%" for t in tasks)
