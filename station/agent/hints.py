"""The form of what the platform answers when it is asked for work. A hint is believed in nothing, its form included."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from station.contract.contract import Hash
from station.contract.statements import Attempt, RunId, Slot
from station.reasons import Refused
from station.specification import Key

Token = Annotated[str, StringConstraints(max_length=200_000)]
Tokens = Annotated[list[Token], Field(max_length=20)]


class _Loose(BaseModel):
    """Members that this version does not know are no fault; those it knows are of their own kind."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Passed(_Loose):
    sender: Annotated[Key, Field(alias="from")]
    jwe: str


class _Hint(_Loose):
    type: Key
    contract: Hash | None = None
    run: RunId | None = None
    attempt: Attempt | None = None
    slot: Slot | None = None
    output: Key | None = None
    decision: Token | None = None
    readys: Tokens | None = None
    opens: Tokens | None = None
    shares: Annotated[list[_Passed], Field(max_length=20)] | None = None


class _Doorbell(_Loose):
    url: Annotated[str, StringConstraints(max_length=2_000)] = ""


class _Work(_Loose):
    hints: Annotated[list[Any], Field(max_length=10_000)] = []
    doorbell: _Doorbell = _Doorbell()


def read_work(answer: Any) -> tuple[list[Any], str]:
    """(hints as they came, address of the doorbell)."""
    try:
        work = _Work.model_validate(answer)
    except ValidationError as error:
        raise Refused("platform.unreadable") from error
    return work.hints, work.doorbell.url


def read_hint(given: Any) -> dict[str, Any]:
    """The known members that a hint has; Refused when one of them is of another form."""
    try:
        return _Hint.model_validate(given).model_dump(by_alias=True, exclude_none=True)
    except ValidationError as error:
        raise Refused("platform.unreadable") from error


def beside(platform: str, doorbell: str) -> bool:
    """Whether a doorbell hangs on the platform's own machine: a station inside a network knocks nowhere else."""
    try:
        own, asked = urlsplit(platform), urlsplit(doorbell)
        return asked.scheme in ("http", "https") and asked.hostname == own.hostname
    except ValueError:
        return False
