"""One walk without a browser: from idea to released table on a fresh instance, told as one JSON object."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import sys
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from computations.models import Result, Run
from demo import cast, examples, own_data, road, stations
from demo.dossier import Dossier
from demo.own_data import Plan
from demo.road import Journey


def run(name: str | None, spec: Path | None, *, as_json: bool, engine: str = "") -> int:
    """Walks the road of an example or of a specification file; 0 only when the result was released. What went wrong
    with a run is raised when the run has been told."""
    instance = Path(settings.VAR_DIR).resolve()
    plan, dossier = _subject(name, spec, instance / "inputs")
    if engine:
        plan = replace(plan, specification=plan.specification.model_copy(update={"engine": engine}))
    cast.cast(_organisations(plan), password=None, today=timezone.localdate())
    journey = Journey(plan.specification, dossier, say=_say)
    try:
        with contextlib.redirect_stdout(sys.stderr):  # standard output is for the result alone
            _walk(journey, plan, instance)
    finally:
        report = _report(journey, plan) if journey.begun else None
        if report is not None:
            print(json.dumps(report, ensure_ascii=False) if as_json else _readable(report))
    return 0 if report and report["state"] == "released" else 1


def _walk(journey: Journey, plan: Plan, instance: Path) -> None:
    _say("setting up the stations")
    fill = partial(stations.fill, plan)
    journey.stations = stations.set_up(journey.parties, instance / "stations", settings.BASE_URL, fill)
    road.walk(journey)


def _subject(name: str | None, spec: Path | None, inputs: Path) -> tuple[Plan, Dossier]:
    inputs.mkdir(parents=True, exist_ok=True)
    if spec is None:
        example = examples.get(name or "")
        return example.plan(inputs, timezone.localdate()), Dossier(example.name)
    plan = own_data.read(spec, today=timezone.localdate())
    kept = {key: inputs / f"{key}{file.suffix}" for key, file in plan.files.items()}
    for key, file in plan.files.items():
        shutil.copyfile(file, kept[key])
    return replace(plan, files=kept), Dossier()


def _organisations(plan: Plan) -> dict[str, str]:
    return {party.organisation: party.name for party in plan.specification.parties}


def _report(journey: Journey, plan: Plan) -> dict[str, Any]:
    run = journey.run
    run.refresh_from_db()
    return {
        "use_case": str(journey.use_case.pk),
        "run": str(run.pk),
        "state": run.state,
        "states": [entry["state"] for entry in run.history],
        "phases": journey.seconds | _state_seconds(run),
        "engine": journey.specification.engine,
        "result": _table(journey, 0) if run.state == "released" else None,
        "results": _tables(journey) if run.state == "released" else None,
        "inputs": {party: str(file) for party, file in plan.files.items()},
    }


def _tables(journey: Journey) -> dict[str, Any]:
    """Every output by its name."""
    return {output.name: _table(journey, place) for place, output in enumerate(journey.specification.outputs)}


def _table(journey: Journey, place: int) -> dict[str, Any]:
    """One output, from the platform; one that is not shown there, from the station of a recipient."""
    output = journey.specification.outputs[place]
    result = Result.objects.filter(run=journey.run, output=output.name).first()
    if result is not None:
        return dict(result.table)
    kept = json.loads(journey.stations[output.recipients[0]]("output", "show", str(journey.run.pk), "--json"))
    return next(dict(entry["table"]) for entry in kept if entry["output"] == output.name and entry["table"])


def _state_seconds(run: Run) -> dict[str, float]:
    """How long the run was in each state, by the platform's own history."""
    moments = [(entry["state"], datetime.fromisoformat(entry["at"])) for entry in run.history]
    return {
        f"run_{state}": round((after - at).total_seconds(), 3)
        for (state, at), (_next, after) in itertools.pairwise(moments)
    }


def _readable(report: dict[str, Any]) -> str:
    lines = [" -> ".join(report["states"])]
    for name, table in (report["results"] or {}).items():
        lines += [f"[{name}]"]
        lines += ["\t".join(table["columns"])]
        lines += ["\t".join(map(str, row)) for row in table["rows"] if any(cell is not None for cell in row[1:])]
        lines += [f"{table['suppressed']} cells are below the threshold and were not shown."]
    return "\n".join(lines)


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
