"""The states of a run. The way between them is in ``lifecycle.py``."""

BEFORE_OPEN = ("queued", "preparing", "running")
ACTIVE = (*BEFORE_OPEN, "checking", "releasing")
STOPPED = ("refused", "cancelled", "failed", "uncertain")
ENDED = ("released", "withheld", *STOPPED)
ALL = (*ACTIVE, *ENDED)

MOST_ATTEMPTS = 3
