"""A specification file (YAML) becomes a full specification: what is left out is filled in by fixed rules.

The file names parties, their CSV files, the analysis, its parameters and the recipients; docs/own-data.md explains it.
Only the columns that the parameters use end up in the specification.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from demo import inference
from demo.references import columns_used, full_references
from station.contract.contract import read_specification, validation_reasons
from station.contract.rules import specification_reasons
from station.datasets import read_input
from station.datasets.files import format_of
from station.policy import DEFAULT
from station.reasons import Reason, Refused
from station.specification import (
    Capacity,
    ColumnName,
    ColumnType,
    DataClass,
    Disclosure,
    Key,
    Line,
    PartyRole,
    Retention,
    Schedule,
    Specification,
    Strict,
    Text,
)

DAYS = 365  # the window, when the file gives none
PAD = 100  # a list is filled up to the next multiple of this, when the file gives no size


def _both(words: Any) -> Any:
    return {"nl": words, "en": words} if isinstance(words, str) else words


def _iso(day: Any) -> Any:
    return day.isoformat() if isinstance(day, date) else day


Words = Annotated[Text, BeforeValidator(_both)]
Day = Annotated[str | None, BeforeValidator(_iso)]


class OwnColumn(Strict):
    name: ColumnName
    type: ColumnType | None = None
    data_class: DataClass = "ordinary"
    description: Words | None = None
    justification: Words | None = None


class OwnParty(Strict):
    """A party; one without ``file`` only computes. ``least_k``: the lowest threshold its station will accept."""

    organisation: Key
    name: Line | None = None
    file: str | None = None
    join_key: ColumnName | None = None
    dataset: Key | None = None
    padded_rows: int | None = None
    subject_category: Words | None = None
    capacity: Capacity = "joint_controller"
    party_roles: list[PartyRole] | None = None
    columns: list[OwnColumn] = []
    least_k: int | None = None


class OwnOutput(Strict):
    name: Key = "result"
    kind: Literal["aggregate_table", "scalar", "record_list"] = "aggregate_table"
    title: Words | None = None
    recipients: list[Key]
    checker: Key | None = None
    shown_on_platform: bool = True
    use: Words | None = None


class OwnSchedule(Strict):
    recurrence: str = "once"
    start: Day = None
    end: Day = None
    slots: int = 1


class OwnData(Strict):
    """The specification file as it is written; everything with a default may be left out."""

    title: Words = Text(nl="Eigen gegevens", en="Own data")
    purpose: Words = Text(nl="Uitproberen met eigen bestanden.", en="Trying it on one's own files.")
    asker: Key | None = None
    parties: Annotated[list[OwnParty], Field(min_length=3, max_length=10)]
    analysis: Key
    engine: Key = "mpyc"
    parameters: dict[str, object]
    disclosure: Disclosure = Disclosure(k=10)
    recipients: list[Key] | None = None
    checker: Key | None = None
    outputs: list[OwnOutput] | None = None
    schedule: OwnSchedule = OwnSchedule()
    retention: list[Retention] = []


@dataclass(frozen=True)
class Plan:
    """What the road needs: the specification, and per organisation its file and what its station demands."""

    specification: Specification
    files: dict[str, Path]
    least_k: dict[str, int]


def read(path: Path, *, today: date, folder: Path | None = None) -> Plan:
    """Reads a specification file; ``folder`` is where its CSV files are (beside it, when not given).

    Raises Refused with every reason found: in the file, in the specification it makes, or in a CSV file."""
    own = _parse(path)
    files = _files(own, folder or path.resolve().parent)
    parameters = full_references(own.parameters)
    keys = inference.join_keys({p.organisation: p.join_key for p in own.parties if p.file}, files)
    inputs = [_input(party, files[party.organisation], keys, parameters) for party in own.parties if party.file]
    spec = read_specification(
        {
            "schema": "nicpet.specification/1",
            "title": own.title.model_dump(),
            "purpose": own.purpose.model_dump(),
            "asker": own.asker or own.parties[0].organisation,
            "parties": [_party(own, party, place) for place, party in enumerate(own.parties)],
            "inputs": inputs,
            "analysis": own.analysis,
            "engine": own.engine,
            "parameters": parameters,
            "disclosure": own.disclosure.model_dump(),
            "outputs": [_output(own, output) for output in _outputs(own)],
            "retention": [entry.model_dump() for entry in own.retention],
            "schedule": _schedule(own.schedule, today).model_dump(),
        }
    )
    if reasons := [*specification_reasons(spec), *_threshold_reasons(own, spec)] or _window_reasons(spec, today):
        raise Refused(*reasons)
    return Plan(spec, files, {p.organisation: p.least_k for p in own.parties if p.least_k is not None})


def check_files(plan: Plan) -> None:
    """Reads every file as its station will when it computes. Raises Refused with every reason found."""
    reasons: list[Reason] = []
    for entry in plan.specification.inputs:
        file = plan.files[entry.organisation]
        try:
            read_input({"path": str(file), "format": format_of(file)}, entry)
        except Refused as refusal:
            reasons += refusal.reasons
    if reasons:
        raise Refused(*reasons)


def _threshold_reasons(own: OwnData, spec: Specification) -> Iterator[Reason]:
    """What the stations would refuse when they sign, told before anything starts."""
    for party in own.parties:
        least = party.least_k or int(tomllib.loads(DEFAULT)["least_k"])
        if spec.disclosure.k < least:
            facts: dict[str, str | int] = {"k": spec.disclosure.k, "organisation": party.organisation, "least": least}
            yield Reason("own_data.least_k", facts)


def _window_reasons(spec: Specification, today: date) -> list[Reason]:
    """The run is asked for at once."""
    window = spec.schedule
    if window.first_day <= today <= window.last_day:
        return []
    return [Reason("own_data.window", {"today": today.isoformat(), "start": window.start, "end": window.end})]


def _parse(path: Path) -> OwnData:
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Refused("file.missing", path=str(path)) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise Refused("file.unreadable", path=str(path)) from None
    try:
        return OwnData.model_validate(document)
    except ValidationError as error:
        raise Refused(*validation_reasons("own_data.field", error)) from error


def _files(own: OwnData, folder: Path) -> dict[str, Path]:
    files = {party.organisation: folder / party.file for party in own.parties if party.file}
    for organisation, file in files.items():
        if not file.is_file():
            raise Refused("own_data.no_file", organisation=organisation, path=str(file))
    return files


def _party(own: OwnData, party: OwnParty, place: int) -> dict[str, Any]:
    receivers = {key for output in _outputs(own) for key in output.recipients}
    derived = [
        *(["input_party"] if party.file else []),
        *(["computing_party"] if place < 3 else []),
        *(["result_party"] if party.organisation in receivers else []),
    ]
    return {
        "organisation": party.organisation,
        "name": party.name or party.organisation,
        "capacity": party.capacity,
        "party_roles": party.party_roles or derived,
    }


def _input(party: OwnParty, file: Path, keys: inference.JoinKeys, parameters: dict[str, Any]) -> dict[str, Any]:
    key, uses = keys.column[party.organisation], columns_used(parameters, party.organisation)
    declared = {column.name: column for column in party.columns}
    for name in declared:
        if name != key and name not in uses:
            raise Refused("own_data.column_unused", organisation=party.organisation, column=name)
    table = inference.Table(party.organisation, file)
    columns = [_column(declared.get(key) or OwnColumn(name=key, data_class="pseudonymous"), "join_key", keys.type)]
    for name, use in uses.items():
        column = declared.get(name) or OwnColumn(name=table.checked_name(name))
        columns.append(_column(column, use, None if column.type else table.type_of(name, use)))
    return {
        "id": party.organisation,
        "organisation": party.organisation,
        "dataset": party.dataset or party.organisation,
        "subject_category": (
            party.subject_category or Text(nl="Rijen van het bestand", en="Rows of the file")
        ).model_dump(),
        "padded_rows": party.padded_rows or max(PAD, -(-table.rows // PAD) * PAD),
        "columns": columns,
    }


def _column(column: OwnColumn, use: str, inferred: ColumnType | None) -> dict[str, Any]:
    kind = column.type or inferred
    description = column.description or Text(nl=f"Kolom {column.name}", en=f"Column {column.name}")
    justification = column.justification or Text(nl="Nodig voor de berekening", en="Needed for the computation")
    return {
        "name": column.name,
        "type": kind.model_dump() if kind else None,
        "data_class": column.data_class,
        "use": use,
        "description": description.model_dump(),
        "justification": justification.model_dump(),
    }


def _outputs(own: OwnData) -> list[OwnOutput]:
    if (own.outputs is None) == (own.recipients is None):
        raise Refused("own_data.recipients")
    return own.outputs or [OwnOutput(recipients=own.recipients or [], checker=own.checker)]


def _output(own: OwnData, output: OwnOutput) -> dict[str, Any]:
    asker = own.asker or own.parties[0].organisation
    other = next((party.organisation for party in own.parties if party.organisation != asker), asker)
    use = output.use or Text(nl="Alleen voor dit doel", en="For this purpose only")
    return {
        "name": output.name,
        "kind": output.kind,
        "title": (output.title or own.title).model_dump(),
        "recipients": output.recipients,
        "checker": output.checker or other,
        "shown_on_platform": output.shown_on_platform,
        "use": use.model_dump(),
    }


def _schedule(own: OwnSchedule, today: date) -> Schedule:
    start = own.start or today.isoformat()
    end = own.end or (today + timedelta(days=DAYS)).isoformat()
    try:
        return Schedule.model_validate(own.model_dump() | {"start": start, "end": end})
    except ValidationError as error:
        raise Refused(*validation_reasons("own_data.field", error)) from error
