"""``objection add``, ``objection remove`` and ``objection list``: whose rows stay out of every run (GDPR art. 21)."""

from __future__ import annotations

import argparse
from pathlib import Path

from station.cli.words import Voice
from station.datasets.objections import Objections
from station.home import Home
from station.reasons import Refused
from station.specification import ColumnType

LARGEST = 64 << 20


def add(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    lists, kind = _of(home, given)
    new = lists.add(given.column, kind, _ids(given.file))
    voice.say("objections_added", number=new, dataset=given.dataset, column=given.column)


def remove(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    lists, kind = _of(home, given)
    gone = lists.remove(given.column, kind, _ids(given.file))
    voice.say("objections_removed", number=gone, dataset=given.dataset, column=given.column)


def show(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """How many, never who: a terminal is read over shoulders and kept in scroll-back."""
    found = False
    for dataset in home.datasets.all():
        for column, number in dataset.objections.counts().items() if dataset.objections else ():
            found = True
            voice.say("objection_line", dataset=dataset.schema.dataset, column=column, number=number)
    if not found:
        voice.say("no_objections")


def _of(home: Home, given: argparse.Namespace) -> tuple[Objections, ColumnType]:
    dataset = home.datasets.get(given.dataset)
    column = dataset.schema.column(given.column)
    if column is None or dataset.objections is None:
        raise Refused("dataset.column_missing", column=given.column, dataset=given.dataset)
    return dataset.objections, column.type


def _ids(path: Path) -> list[str]:
    """One id on each line; empty lines do not count."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("objection.file_too_large", path=str(path), most=LARGEST >> 20)
        lines = path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise Refused("file.missing", path=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("file.unreadable", path=str(path)) from error
    ids = [line.strip() for line in lines if line.strip()]
    if not ids:
        raise Refused("objection.nothing", path=str(path))
    return ids
