"""Plays a scene to its end. What the platform alone does is one transaction; what stations do is taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from collaborations.models import UseCase
from computations.models import Run
from demo import road, runs
from demo.acts import ACTS, INSTEAD
from demo.memory import Memory
from demo.road import Journey, Say
from demo.scene import Scene
from demo.stations import Station

Step = tuple[str, Any]


def needs_stations(scene: Scene) -> bool:
    """Whether a contract is drafted in it, which takes the keys and datasets of stations."""
    names = list(road.STEPS)
    reached = [names.index(facts) for act, facts in scene.steps if act == "to"]
    return max(reached) >= names.index("contract") or any(act in runs.AT_STATIONS for act, _facts in scene.steps)


def play(scene: Scene, stations: dict[str, Station], memory: Memory, say: Say) -> None:
    """Takes the steps that were not taken yet."""
    journey = Journey(scene.specification, scene.dossier, stations=stations, say=say)
    steps, known = list(_steps(scene)), memory.of(scene.key)
    first = next((place for place, step in enumerate(steps) if _is_at_stations(step)), len(steps))
    if not known:
        with transaction.atomic():
            for step in _placed(steps[:first]):
                _take(journey, step)
        memory.note(scene.key, use_case=str(journey.use_case.pk), done=first)
    else:
        journey.take_up(UseCase.objects.get(pk=known["use_case"]))
    for place in range(memory.of(scene.key)["done"], len(steps)):
        _take_at_stations(journey, steps[place], scene.key, memory)
        memory.note(scene.key, done=place + 1, runs=None)


def _steps(scene: Scene) -> Iterator[Step]:
    """Signing is a step of its own: everything before it is the platform's alone."""
    for act, facts in scene.steps:
        if (act, facts) == ("to", "sign"):
            yield from (("to", "contract"), ("sign", {}))
        else:
            yield act, facts


def _placed(steps: list[Step]) -> Iterator[Step]:
    """Stretches of the road as (after, until)."""
    reached: str | None = None
    for act, facts in steps:
        if act == "to":
            yield act, (reached, facts)
            reached = facts
        else:
            yield act, facts
            reached = INSTEAD.get(act, reached)


def _is_at_stations(step: Step) -> bool:
    return step[0] in runs.AT_STATIONS or step[0] == "run"


def _take(journey: Journey, step: Step) -> None:
    act, facts = step
    if act == "to":
        road.walk(journey, after=facts[0], until=facts[1])
    else:
        ACTS[act](journey, facts)


def _take_at_stations(journey: Journey, step: Step, scene: str, memory: Memory) -> None:
    act, facts = step
    if act == "run":
        former = memory.of(scene).get("runs")
        if former is None:
            former = Run.objects.filter(contract=journey.contract).count()
            memory.note(scene, runs=former)
        runs.run(journey, facts, former=former)
    elif act in runs.AT_STATIONS:
        runs.AT_STATIONS[act](journey, facts)
    else:
        with transaction.atomic():
            _take(journey, step)
