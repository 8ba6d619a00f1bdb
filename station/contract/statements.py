"""What a station can state: the fields of each signed statement, checked strictly by whoever receives one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from station.contract.canonical import digest
from station.contract.contract import Hash, validation_reasons
from station.reasons import Refused
from station.specification import ColumnName, ColumnType, DataClass, Key, Line, Paragraph, Strict, Text

RunId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Seconds = Annotated[int, Field(ge=0, le=2**40)]
Attempt = Annotated[int, Field(ge=1, le=3)]
Slot = Annotated[int, Field(ge=1, le=400)]
Count = Annotated[int, Field(ge=0, le=2**40)]


class Jwk(Strict):
    """A public P-256 key."""

    crv: Literal["P-256"]
    kty: Literal["EC"]
    x: Annotated[str, StringConstraints(max_length=60)]
    y: Annotated[str, StringConstraints(max_length=60)]


class Enrolment(Strict):
    type: Literal["enrolment"]
    organisation: Key
    token: Line
    signing_key: Jwk
    version: Line
    at: Seconds


class DatasetColumn(Strict):
    name: ColumnName
    type: ColumnType
    description: Text
    data_class: DataClass


class DatasetAnnounced(Strict):
    """``sha256`` is the digest of {dataset, columns, synthetic}."""

    type: Literal["dataset"]
    organisation: Key
    dataset: Key
    description: Text
    columns: Annotated[list[DatasetColumn], Field(min_length=1, max_length=100)]
    sha256: Hash
    synthetic: bool
    rows_rounded_up: Count
    at: Seconds


class Request(Strict):
    type: Literal["request"]
    method: Line
    path: Line
    body_sha256: Hash
    at: Seconds
    nonce: Annotated[str, StringConstraints(min_length=8, max_length=100)]


class MandateNamed(Strict):
    function: Line
    reference: Line
    valid_to: Line | None = None


class Approval(Strict):
    type: Literal["approval", "trial_approval"]
    contract: Hash
    organisation: Key
    capacity: Line
    mandate: MandateNamed
    documents: list[Hash]
    decided_on: Line


class Revocation(Strict):
    type: Literal["revocation"]
    contract: Hash
    organisation: Key
    reason: Paragraph
    at: Seconds


class OfRun(Strict):
    """What every statement about an attempt names."""

    contract: Hash
    organisation: Key
    run: RunId
    attempt: Attempt


class ReasonGiven(Strict):
    code: Line
    facts: dict[str, str | int]


class Refusal(OfRun):
    type: Literal["refusal"]
    reasons: Annotated[list[ReasonGiven], Field(min_length=1, max_length=20)]
    at: Seconds


class Ready(OfRun):
    """``exp`` is at most 120 s away; ``not_opened`` lists the earlier attempts in which this station sent nothing."""

    type: Literal["ready"]
    slot: Slot
    highest_used_slot: Annotated[int, Field(ge=0, le=400)]
    not_opened: list[Attempt]
    snapshot: Hash | None
    padded_rows: dict[Key, Count]
    program: Line
    engine: Line
    tls_cert: Annotated[str, StringConstraints(max_length=4_000)] | None
    address: Line | None
    enc_key: Jwk
    log_head: Hash
    nonce: Line
    exp: Seconds


class Open(OfRun):
    type: Literal["open"]
    slot: Slot
    session: Hash
    at: Seconds


class Failure(OfRun):
    """``blames``: the organisation whose station caused it, as far as this station can tell."""

    type: Literal["failure"]
    session: Hash | None
    opened: bool
    blames: Key | None
    reasons: Annotated[list[ReasonGiven], Field(min_length=1, max_length=20)]
    at: Seconds


class Decision(OfRun):
    """``checked_by`` is a function, not a name."""

    type: Literal["release", "withhold"]
    session: Hash
    output: Key
    table_sha256: Hash
    reasons: Paragraph
    checked_by: Line
    at: Seconds


class Received(Strict):
    type: Literal["received"]
    contract: Hash
    organisation: Key
    run: RunId
    output: Key
    table_sha256: Hash
    at: Seconds


_MODELS: dict[str, type[Strict]] = {
    "enrolment": Enrolment, "dataset": DatasetAnnounced, "request": Request,
    "approval": Approval, "trial_approval": Approval, "revocation": Revocation,
    "refusal": Refusal, "ready": Ready, "open": Open, "failure": Failure,
    "release": Decision, "withhold": Decision, "received": Received,
}  # fmt: skip


def read_statement(payload: dict[str, Any]) -> Strict:
    """The typed statement behind a verified payload; unknown or missing fields are refused with where they stand."""
    model = _MODELS.get(str(payload.get("type")))
    if model is None:
        raise Refused("statement.type", type=str(payload.get("type"))[:40])
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise Refused(*validation_reasons("statement.field", error)) from error


def session_of(readys: list[dict[str, Any]]) -> str:
    """The session: one hash over all READY payloads, so that stations that were told different things cannot meet."""
    return digest(sorted(readys, key=lambda ready: str(ready["organisation"])))


def schema_digest(dataset: str, columns: list[dict[str, Any]], synthetic: bool) -> str:
    """The hash of a dataset's schema, as it stands in a contract."""
    return digest({"dataset": dataset, "columns": columns, "synthetic": synthetic})
