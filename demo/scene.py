"""A scene of the browser's demo: one use case, how far it came, and what happened to it. Data, in ``scenes/``.

Most scenes ask their question about datasets that ``stage.yaml`` describes; one is the worked example as it is.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from demo.dossier import Dossier
from demo.references import columns_used
from station.contract.contract import read_specification
from station.specification import Column, Input, Specification

DAYS = 365
K = 15
SINGLE = "join_key"


@dataclass(frozen=True)
class Scene:
    """``steps``: what is done, in order; each is one act with its details."""

    key: str
    steps: list[tuple[str, Any]]
    specification: Specification
    dossier: Dossier


@cache
def stage() -> dict[str, Any]:
    """Organisations, which of them have a station, and the datasets they describe."""
    found: dict[str, Any] = yaml.safe_load(files("demo").joinpath("stage.yaml").read_text("utf-8"))
    return found


def scenes(example: Specification, today: date) -> list[Scene]:
    """All of them, in the order of their names. ``example``: the worked example, whose datasets they also use."""
    library = {**_described(), **example_datasets(example)}
    found = sorted(files("demo").joinpath("scenes").iterdir(), key=lambda file: file.name)
    return [_scene(file.name, yaml.safe_load(file.read_text("utf-8")), example, library, today) for file in found]


def example_datasets(example: Specification) -> dict[str, Input]:
    """organisation.dataset -> description: those of the example, and its smaller copies."""
    named = {f"{entry.organisation}.{entry.dataset}": entry for entry in example.inputs}
    for copy, how in stage()["copies"].items():
        for entry in example.inputs:
            dataset, padded = f"{entry.dataset}_{copy}", how["padded_rows"][entry.organisation]
            named[f"{entry.organisation}.{dataset}"] = entry.model_copy(
                update={"dataset": dataset, "padded_rows": padded}
            )
    return named


def _described() -> dict[str, Input]:
    """The datasets without a file; the first column joins."""
    return {
        f"{organisation}.{dataset}": Input(
            id=organisation,
            organisation=organisation,
            dataset=dataset,
            subject_category=described["about"],
            padded_rows=described["padded_rows"],
            columns=[
                _column(name, column, "condition" if place else SINGLE)
                for place, (name, column) in enumerate(described["columns"].items())
            ],
        )
        for organisation, datasets in stage()["datasets"].items()
        for dataset, described in datasets.items()
    }


def _column(name: str, column: dict[str, Any], use: str) -> Column:
    return Column.model_validate({"name": name, "use": use, "justification": stage()["reasons"][use], **column})


def _scene(
    name: str, document: dict[str, Any], example: Specification, library: dict[str, Input], today: date
) -> Scene:
    steps = [next(iter(step.items())) for step in document["steps"]]
    key = name.removesuffix(".yaml")
    if "example" in document:
        return Scene(key, steps, example, Dossier(document["example"]))
    texts = {"theme": document["theme"], **document.get("dossier", {})}
    return Scene(key, steps, _specification(document, library, today), Dossier(own=texts))


def _specification(document: dict[str, Any], library: dict[str, Input], today: date) -> Specification:
    question, partners = document["question"], document["partners"]
    base = library[question["base"]]
    conditions = [_condition(entry, base) for entry in question.get("conditions", [])]
    parameters = {
        "base": base.organisation,
        "group_by": [{"input": base.organisation, "column": name} for name in question["group_by"]],
        "conditions": [condition for _dataset, condition in conditions],
    }
    datasets = dict.fromkeys([question["base"], *(dataset for dataset, _condition in conditions)])
    inputs = [_used(library[name], parameters) for name in datasets]
    givers = {entry.organisation for entry in inputs}
    return read_specification({
        "schema": "nicpet.specification/1",
        "title": document["title"],
        "purpose": document["purpose"],
        "asker": document["asker"],
        "parties": [
            _party(key, capacity, key in givers, key in question["recipients"]) for key, capacity in partners.items()
        ],
        "inputs": [entry.model_dump(mode="json") for entry in inputs],
        "analysis": "grouped_counts",
        "engine": "mpyc",
        "parameters": parameters,
        "disclosure": {"k": question.get("k", K), "two_sided": True, "rounding_base": 0},
        "outputs": [_output(document)],
        "retention": [
            {"artefact": _both("Tabel bij de ontvanger", "Table at the recipient"), "holder": key, "days": 365}
            for key in question["recipients"]
        ],
        "schedule": {
            "recurrence": "once" if question.get("slots", 1) == 1 else "quarterly", "start": today.isoformat(),
            "end": (today + timedelta(days=DAYS)).isoformat(), "slots": question.get("slots", 1),
        },
    })  # fmt: skip


def _condition(entry: dict[str, Any], base: Input) -> tuple[str, dict[str, Any]]:
    """(dataset, condition): a column without a dataset is one of the base's own."""
    *place, column = entry["column"].split(".")
    organisation = place[0] if place else base.organisation
    dataset = ".".join(place) or f"{base.organisation}.{base.dataset}"
    return dataset, {**entry, "input": organisation, "column": column}


def _used(entry: Input, parameters: dict[str, Any]) -> Input:
    """Only the columns that the question uses, each with what for."""
    uses = columns_used(parameters, entry.organisation)
    key = next(column for column in entry.columns if column.use == SINGLE)
    named = {column.name: column for column in entry.columns}
    columns = [key, *(_for(named[name], use) for name, use in uses.items())]
    return entry.model_copy(update={"columns": columns})


def _for(column: Column, use: str) -> Column:
    return Column.model_validate(column.model_dump() | {"use": use, "justification": stage()["reasons"][use]})


def _party(key: str, capacity: str, gives: bool, receives: bool) -> dict[str, Any]:
    roles = [*(["input_party"] if gives else []), "computing_party", *(["result_party"] if receives else [])]
    return {
        "organisation": key, "name": stage()["organisations"][key], "capacity": capacity, "party_roles": roles
    }  # fmt: skip


def _output(document: dict[str, Any]) -> dict[str, Any]:
    question = document["question"]
    return {
        "name": "table",
        "kind": "aggregate_table",
        "title": deepcopy(document["title"]),
        "recipients": question["recipients"],
        "checker": question["checker"],
        "shown_on_platform": True,
        "use": _both(
            "Alleen om hulp en voorlichting te richten. Niet voor besluiten over personen of bedrijven. (voorbeeld)",
            "Only to direct help and information. Not for decisions on persons or businesses. (example)",
        ),
    }


def _both(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en}
