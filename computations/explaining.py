"""What a run's page explains: the way of the messages as a picture, and how long it will still take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from computations.models import Run, Task
from dpia.drawing import Drawing, drawn
from dpia.facts_flow import flow_diagram
from station.specification import Specification

LEAST_PERCENT = 10  # before this a guess says nothing
SHORTEST, MINUTES_FROM = 3, 90  # seconds


def picture(spec: Specification, language: str) -> Drawing:
    """From sources to recipients, each arrow between two stations; the same picture that the DPIA shows."""
    facts = {"specification": spec.document(), "parties": [party.model_dump() for party in spec.parties]}
    return drawn(flow_diagram(facts), language)


def time_left(run: Run, tasks: Iterable[Task], now: datetime) -> str:
    """What the slowest station still needs, if it goes on as it did; empty when nothing can be said."""
    percents = [task.percent for task in tasks if task.percent and task.state == "running"]
    began = [datetime.fromisoformat(entry["at"]) for entry in run.history if entry["state"] == "running"]
    if run.state != "running" or not began or not percents or not LEAST_PERCENT <= min(percents) < 100:
        return ""
    left = (now - began[-1]).total_seconds() * (100 - min(percents)) / min(percents)
    if left < SHORTEST:
        return ""
    if left < MINUTES_FROM:
        return _("About %(seconds)d seconds left, if it goes on like this.") % {"seconds": left}
    return _("About %(minutes)d minutes left, if it goes on like this.") % {"minutes": round(left / 60)}
