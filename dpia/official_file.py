"""The assessment output of the official form as a file: read with care, and the mapping of our questions to its tasks.

Its structure is a public fact: ``metadata`` with a ``urn``, ``answers`` by number of the task; a task that can be
repeated is a list of elements with ``_index``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field as Given

from dpia.conditions import Form
from station.reasons import Refused

SCHEMA = "https://github.com/MinBZK/par-dpia-form/blob/main/schemas/assessment-output.v2.schema.json"
MOST_KIB, MOST_FIELDS, DEEPEST = 4_096, 20_000, 6
URN = re.compile(r"urn:nl:[a-z]+:[0-9]+\.[0-9]+")
KEY = re.compile(r"[0-9]+(\.[0-9]+)*(\[[0-9]+\])?")


class Inside(Form):
    group: str
    task: str


class Group(Form):
    group: str
    columns: dict[str, str]
    values: dict[str, dict[str, str]] = {}
    lists: list[str] = []
    joined: dict[str, list[str]] = {}
    fixed: dict[str, str] = {}


class Matrix(Form):
    rows: dict[str, str]
    columns: dict[str, str]
    said: dict[str, str]


class Mapping(Form):
    schema_: Literal["nicpet.official-mapping/1"] = Given(alias="schema")
    urn: str
    version: str
    template: str
    free: dict[str, str]
    plain: dict[str, str]
    own: dict[str, str]
    inside: dict[str, Inside]
    tables: dict[str, Group]
    matrices: dict[str, Matrix]


@dataclass(frozen=True)
class Field:
    """One value. ``group`` and ``index``: of the repetition it stands in."""

    task: str
    value: str | list[str]
    group: str = ""
    index: int = 0

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else "\n".join(self.value)


@cache
def mapping() -> Mapping:
    data = yaml.safe_load((Path(__file__).parent / "official.yaml").read_text("utf-8"))
    return Mapping.model_validate(data)


def read(content: bytes) -> list[Field]:
    """Every value in the file that says something; Refused, with the place, when it is no such file."""
    found = loaded(content, MOST_KIB)
    wrong(found)
    urn = found["metadata"]["urn"]
    ours = mapping()
    if not urn.startswith(f"{ours.urn}:"):
        raise Refused("exchange.official_kind", urn=urn[:60])
    if urn.rpartition(":")[2].split(".")[0] != ours.version.split(".")[0]:
        raise Refused("exchange.official_version", urn=urn[:60], version=ours.version)
    fields = list(_fields(found["answers"]))
    if len(fields) > MOST_FIELDS:
        raise Refused("exchange.official", place="answers")
    return fields


def loaded(content: bytes, kib: int) -> Any:
    """JSON of a size and depth that we take; the size is looked at before anything is read."""
    if len(content) > kib * 1024:
        raise Refused("exchange.large", kib=kib)
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused("exchange.not_json", line=getattr(error, "lineno", 1)) from error


def _no_number(text: str) -> Any:
    raise ValueError(text)


def wrong(found: Any) -> None:
    """Refuses what the form itself would not write, and says where."""
    for place in _places(found):
        raise Refused("exchange.official", place=place[:60])


def _places(found: Any) -> Iterator[str]:
    if not isinstance(found, dict):
        yield "$"
        return
    if found.get("$schema") != SCHEMA:
        yield "$schema"
    metadata, answers = found.get("metadata"), found.get("answers")
    if not isinstance(metadata, dict) or not URN.fullmatch(str(metadata.get("urn"))):
        yield "metadata.urn"
    elif not isinstance(metadata.get("createdAt"), str):
        yield "metadata.createdAt"
    if not isinstance(answers, dict):
        yield "answers"
        return
    for key, value in answers.items():
        if not KEY.fullmatch(key):
            yield f"answers.{key}"
        elif isinstance(value, list):
            yield from (f"answers.{key}[{n}]" for n, one in enumerate(value) if not _element(one))
        elif not _answer(value):
            yield f"answers.{key}"


def _element(one: Any) -> bool:
    if not isinstance(one, dict) or not _index(one.get("_index")):
        return False
    rest = {key: value for key, value in one.items() if key != "_index"}
    return all(KEY.fullmatch(key) and (_index(value) or _answer(value)) for key, value in rest.items())


def _index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _answer(value: Any) -> bool:
    if not isinstance(value, dict) or "value" not in value or not isinstance(value.get("lastEditedAt"), str):
        return False
    given = value["value"]
    return given is None or isinstance(given, str) or _texts(given)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _fields(answers: dict[str, Any]) -> Iterator[Field]:
    """Also where a repetition is written behind the number of the task itself (``2.1.1[0]``)."""
    for key, value in answers.items():
        if isinstance(value, list):
            for element in value:
                inside = {name: one for name, one in element.items() if name != "_index" and isinstance(one, dict)}
                yield from (
                    Field(name, one["value"], key, element["_index"]) for name, one in inside.items() if one["value"]
                )
        elif value["value"]:
            task, _bracket, index = key.partition("[")
            group = task.rpartition(".")[0] if index else ""
            yield Field(task, value["value"], group, int(index.rstrip("]")[:6] or 0) if index else 0)
