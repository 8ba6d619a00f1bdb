"""How long a run will still take, and the picture of its messages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from computations.explaining import picture, time_left
from computations.models import Run, Task
from tests.station.example import read, specification

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(state: str = "running") -> Run:
    return Run(state=state, history=[{"state": "running", "at": BEGAN.isoformat(), "attempt": 1}])


def tasks(*percents: int) -> list[Task]:
    return [Task(state="running", percent=percent) for percent in percents]


@pytest.mark.parametrize(
    ("percents", "seconds", "said"),
    [
        ((50, 25, 80), 10, "About 30 seconds left"),
        ((50,), 300, "About 5 minutes left"),
        ((5, 80), 10, ""),  # too early to say
        ((90,), 9, ""),  # nearly there
        ((100, 100), 9, ""),
        ((), 9, ""),
    ],
)
def test_the_slowest_station_says_how_long(percents, seconds, said):
    with override("en"):
        left = time_left(run(), tasks(*percents), BEGAN + timedelta(seconds=seconds))
    assert left.startswith(said) and bool(left) == bool(said)


@pytest.mark.parametrize("state", ["preparing", "checking", "released"])
def test_nothing_is_said_when_nobody_computes(state):
    assert time_left(run(state), tasks(50), BEGAN + timedelta(seconds=60)) == ""


def test_the_picture_shows_every_way_between_stations():
    spec = read(specification())
    said = picture(spec, "en").said
    assert ("Kvk (register)", "Gemeenten (computes on shares)") in said
    assert ("Belastingdienst (checks and releases)", "Kvk (invented)") in said
    assert len(said) == 2 * 3 + 3 * 1 + 1
