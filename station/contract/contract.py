"""The contract: the frozen specification with the hashes of what it rests on, the keys, the days and the slots."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import Field, StringConstraints, ValidationError

from station.contract.canonical import digest
from station.reasons import Reason, Refused
from station.specification import Key, Line, Specification, Strict

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_REASONS = 20
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Thumbprint = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Document(Strict):
    """A document the contract rests on, by hash; the station downloads it and checks the hash itself."""

    kind: Literal["assessment", "legal_basis", "agreement"]
    organisation: Key | None = None
    title: Line
    sha256: Hash
    valid_to: Day | None = None


class StationKey(Strict):
    organisation: Key
    thumbprint: Thumbprint


class DatasetSchema(Strict):
    """The hash of the schema that a party's own station announced for the dataset behind an input."""

    input: Key
    sha256: Hash
    synthetic: bool


class Validity(Strict):
    """Until when (that day included) a party may take part: the earliest end of its bases and agreements."""

    organisation: Key
    valid_to: Day


class Contract(Strict):
    """``serial``: the contract's place among those of its use case; one revoked by mistake can be made anew."""

    schema_: Literal["nicpet.contract/1"] = Field("nicpet.contract/1", alias="schema")
    kind: Literal["contract", "trial_contract"]
    use_case: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    serial: Annotated[int, Field(ge=1, le=100_000)]
    specification: Specification
    specification_sha256: Hash
    documents: list[Document]
    stations: Annotated[list[StationKey], Field(min_length=3, max_length=10)]
    datasets: list[DatasetSchema]
    valid_to: list[Validity]
    drafted_on: Day

    model_config = Strict.model_config | {"populate_by_name": True}

    def document(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)

    @property
    def sha256(self) -> str:
        """The contract hash; approvals, READYs and releases name it."""
        return digest(self.document())

    @property
    def is_trial(self) -> bool:
        return self.kind == "trial_contract"

    @property
    def approval_type(self) -> str:
        """A trial contract has a signature type of its own, so that the one can never pass for the other."""
        return "trial_approval" if self.is_trial else "approval"

    def key_of(self, organisation: str) -> str | None:
        """The thumbprint of the organisation's station key in this contract."""
        return next((s.thumbprint for s in self.stations if s.organisation == organisation), None)

    def valid_on(self, day: date, organisation: str) -> bool:
        """Inside the window, and this organisation's bases still hold; a day that does not exist never comes."""
        schedule = self.specification.schedule
        try:
            ends = [date.fromisoformat(v.valid_to) for v in self.valid_to if v.organisation == organisation]
            return schedule.first_day <= day <= min([schedule.last_day, *ends])
        except ValueError:
            return False


def read_contract(document: Any) -> Contract:
    """A contract from its JSON object; unknown or missing fields are refused with where they stand."""
    try:
        contract = Contract.model_validate(document)
    except ValidationError as error:
        raise Refused(*validation_reasons("contract.field", error)) from error
    if contract.document() != document:
        raise Refused("contract.not_faithful")
    return contract


def read_specification(document: Any) -> Specification:
    """A specification from its JSON object; each wrong field becomes a reason of its own."""
    try:
        return Specification.model_validate(document)
    except ValidationError as error:
        raise Refused(*validation_reasons("specification.field", error)) from error


def validation_reasons(code: str, error: ValidationError) -> list[Reason]:
    """Readable reasons from pydantic's errors: where it stands and what is wrong there; never the value itself."""
    return [
        Reason(code, {"where": _place(item["loc"]), "what": _fault(item, "nl"), "what_en": _fault(item, "en")})
        for item in error.errors(include_input=False, include_url=False)[:MOST_REASONS]
    ]


def _place(parts: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in parts)[:200] or "-"


def _fault(item: ErrorDetails, language: str) -> str:
    """The sentence of ``faults.yaml`` for this kind of error."""
    context = {name: str(value)[:300] for name, value in item.get("ctx", {}).items()}
    if (form := faults().get(context.get("pattern", ""))) is not None:
        return form[language]
    return faults().get(item["type"], faults()["other"])[language].format_map(context)


@cache
def faults() -> dict[str, dict[str, str]]:
    """pydantic's name of an error, or the form that a text must have -> {nl, en}."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        files("station.contract").joinpath("faults.yaml").read_text("utf-8")
    )
    return loaded
