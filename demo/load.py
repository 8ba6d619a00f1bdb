"""Fills the demo of the browser: people, stations with their data, and a use case in every state."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation
from collaborations.models import UseCase
from demo import cast, examples, lapsed, scene, stations
from demo.kvk import generator
from demo.memory import Memory
from demo.own_data import Plan
from demo.play import needs_stations, play
from demo.scene import stage
from demo.stations import Station
from station.reasons import Refused

LANES = 2  # while one use case waits for stations, the next is written down
Result = TypeVar("Result")


def load() -> int:
    """Twice does it once; one that was interrupted goes on."""
    instance = Path(settings.VAR_DIR).resolve()
    memory = Memory(instance / "scenes.json")
    _check_database(memory)
    if memory.finished:
        return 0
    memory.begin()
    since = lapsed.FIRST.date()  # one of the use cases was played then
    cast.cast(stage()["organisations"], password=cast.password_of(instance), today=since)
    _play_lapsed(instance, memory)
    plan = examples.get(stage()["example"]).plan(instance / "inputs", timezone.localdate())
    found = scene.scenes(plan.specification, timezone.localdate())
    *others, last = (one for one in found if needs_stations(one))  # the last one made stands first in the list
    with ThreadPoolExecutor(LANES) as lanes:
        homes = lanes.submit(_in_lane, _set_up, plan, instance)
        _all(lanes.submit(_in_lane, _play, one, {}, memory) for one in found if not needs_stations(one))
        with _told("Three data stations with their data"):
            stations_ready = homes.result()
        _all(lanes.submit(_in_lane, _play, one, stations_ready, memory) for one in others)
    _play(last, stations_ready, memory)
    memory.finish()
    return 0


def _check_database(memory: Memory) -> None:
    """Demo accounts do not come into a database that somebody else uses."""
    if not memory.begun and Organisation.objects.exists():
        raise Refused("demo.database_in_use")
    wanted = memory.use_cases()
    if UseCase.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Refused("demo.other_database")


def _play(one: scene.Scene, homes: dict[str, Station], memory: Memory) -> None:
    with _told(one.specification.title.nl):
        play(one, homes, memory, lambda _text: None)


def _play_lapsed(instance: Path, memory: Memory) -> None:
    """Before anything else, since it is played on an earlier day and that is so for the whole process."""
    if memory.of(lapsed.NAME):
        return
    journey = lapsed.journey_in(instance, lambda _text: None)
    with _told(journey.specification.title.nl), transaction.atomic():
        lapsed.play(journey)
        memory.note(lapsed.NAME, use_case=str(journey.use_case.pk))


def _set_up(plan: Plan, instance: Path) -> dict[str, Station]:
    fill = partial(_fill, plan, instance / "inputs")
    return stations.set_up(stage()["stations"], instance / "stations", settings.BASE_URL, fill)


def _in_lane(work: Callable[..., Result], *given: Any) -> Result:
    """In a thread, with a database connection of its own."""
    try:
        return work(*given)
    finally:
        connection.close()


def _all(lanes: Iterable[Future[None]]) -> None:
    for one in list(lanes):
        one.result()


def _fill(plan: Plan, inputs: Path, station: Station) -> None:
    """The data of the example, a smaller part of the same kind, and rows that the station invents itself."""
    stations.fill(plan, station)
    for entry in scene.example_datasets(plan.specification).values():
        copy = entry.dataset.rpartition("_")[2]
        if entry.organisation != station.organisation or copy not in stage()["copies"]:
            continue
        recipe = stage()["copies"][copy]
        if copy == "synthetic":
            rows = {"rows": recipe["rows"][station.organisation], "population": recipe["population"]}
            stations.add_synthetic(station, entry, rows)
        else:
            folder = inputs / copy / station.organisation
            files = generator.write(folder, seed=recipe["seed"], rows=recipe["rows"])
            stations.add_dataset(station, entry, files[station.organisation])


@contextmanager
def _told(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 0.05:
        print(f"  {what}: {took:.1f} s", file=sys.stderr, flush=True)
