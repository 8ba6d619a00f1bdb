"""``dataset add``, ``dataset list`` and ``dataset announce``."""

from __future__ import annotations

import argparse
import time

from station.agent.platform import Away
from station.cli.setting_up import platform_of
from station.cli.words import Voice
from station.contract.signatures import sign
from station.datasets.files import format_of
from station.datasets.infer import infer_schema
from station.datasets.registry import Dataset, file_sha256
from station.datasets.schema import Schema, load_yaml, read_schema
from station.datasets.synthetic import generate
from station.home import Home
from station.reasons import Refused
from station.rendering import render_document

ROUNDED_TO = 1_000


def add(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """Registered only after the whole file was read and every cell fits."""
    dataset, rows = _synthetic(home, given) if given.synthetic else _real(home, voice, given)
    home.datasets.put(dataset, replace=given.replace)
    voice.say("dataset_added", dataset=dataset.schema.dataset, rows=rows, columns=len(dataset.schema.columns))
    if not given.offline:
        _announce(home, voice, dataset, rows)


def show(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    if not (known := home.datasets.all()):
        voice.say("no_datasets")
    for dataset in known:
        kind = voice.text("synthetic" if dataset.synthetic else "real")
        voice.say(
            "dataset_line", dataset=dataset.schema.dataset, kind=kind, path=dataset.path, sha256=dataset.sha256[:12]
        )


def announce(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    for dataset in home.datasets.all():
        _announce(home, voice, dataset, dataset.check())


def _real(home: Home, voice: Voice, given: argparse.Namespace) -> tuple[Dataset, int]:
    path = given.file.resolve()
    if not path.is_file():
        raise Refused("file.missing", path=str(given.file))
    kind = format_of(path)
    schema = read_schema(load_yaml(given.schema)) if given.schema else infer_schema(path, kind, given.name or path.stem)
    home.datasets.check_free(schema.dataset, replace=given.replace)
    dataset = Dataset(schema, path, kind)
    rows = dataset.check()
    if not given.schema:
        _confirm(voice, schema, given.yes)
    return dataset, rows


def _confirm(voice: Voice, schema: Schema, yes: bool) -> None:
    print("\n".join(render_document(schema.model_dump(mode="json"), voice.language)))
    if not yes and not voice.confirm("ask_schema"):
        raise Refused("dataset.not_confirmed", dataset=schema.dataset)


def _synthetic(home: Home, given: argparse.Namespace) -> tuple[Dataset, int]:
    """The rows take the place of former ones only when every cell fits."""
    document = load_yaml(given.file)
    recipe, columns = document.pop("synthetic", None) or {}, document.get("columns")
    declared = [_declared(column) for column in columns] if isinstance(columns, list) else columns
    schema = read_schema({**document, "columns": declared})
    home.datasets.check_free(schema.dataset, replace=given.replace)
    folder = home.root / "synthetic"
    folder.mkdir(mode=0o700, exist_ok=True)
    path, draft = folder / f"{schema.dataset}.csv", folder / f"{schema.dataset}.draft"
    try:
        generate(draft, schema, recipe, {c["name"]: c.get("synthetic") or {} for c in document["columns"]})
        rows = Dataset(schema, draft, "csv").check()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Dataset(schema, path.resolve(), "csv", file_sha256(path)), rows


def _declared(column: object) -> object:
    """A column of the schema file without its recipe for invented values."""
    return {k: v for k, v in column.items() if k != "synthetic"} if isinstance(column, dict) else column


def _announce(home: Home, voice: Voice, dataset: Dataset, rows: int) -> None:
    """Announces the description; the number of rows is told rounded up to thousands."""
    schema = dataset.schema
    payload = {
        "organisation": home.organisation, "dataset": schema.dataset,
        "description": schema.description.model_dump(), "columns": schema.column_documents(),
        "sha256": dataset.sha256, "synthetic": dataset.synthetic,
        "rows_rounded_up": -(-rows // ROUNDED_TO) * ROUNDED_TO, "at": int(time.time()),
    }  # fmt: skip
    try:
        platform_of(home).announce(schema.dataset, sign("dataset", payload, home.key))
    except Away:
        voice.say("announce_later")
        return
    voice.say("dataset_announced", dataset=schema.dataset)
