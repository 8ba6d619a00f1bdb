"""Who calls: every request is signed by a station, recent by the database's clock, and seen only once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from joserfc.jwk import ECKey

from computations import clock
from computations.api.problems import answer, problem
from computations.models import DataStation, Nonce
from station.contract.canonical import load
from station.contract.signatures import read_header, verify
from station.contract.statements import read_statement
from station.reasons import Refused

SCHEME = "NICPET "
MOST_SECONDS_OFF = 60
LARGEST_BODY = 4_200_000

log = logging.getLogger(__name__)
View = Callable[..., dict[str, Any]]
Answered = Callable[..., HttpResponse]


def call(method: str) -> Callable[[View], Answered]:
    """Turns a function that returns a JSON object, or refuses, into a view for one method."""

    def decorate(view: View) -> Answered:
        @csrf_exempt  # no cookies: the signature covers method, path and body
        @wraps(view)
        def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
            try:
                if request.method != method:
                    raise Refused("request.method", allowed=method)
                return answer(view(request, **parts))
            except Refused as refusal:
                return problem(refusal.reasons)
            except DatabaseError as error:
                log.warning("station call %s failed (%s)", view.__name__, type(error).__name__)
                return answer({"title": "Try again", "status": 503, "reasons": []}, 503, "application/problem+json")

        return answered

    return decorate


def station_of(request: HttpRequest) -> DataStation:
    """The station that signed this request; that of a suspended organisation hears so, and nobody else does."""
    token = token_of(request)
    kid = str(read_header(token)["kid"])
    station = DataStation.objects.select_related("organisation").filter(thumbprint=kid).first()
    if station is None:
        raise Refused("request.unknown_station")
    check(request, token, station.verifying_key)
    if station.organisation.state != "active":
        raise Refused("organisation.suspended", organisation=station.organisation.name)
    return station


def check(request: HttpRequest, token: str, key_of: Callable[[str], ECKey | None]) -> None:
    """The signature covers this very request, lately, for the first time."""
    signed = verify(token, "request", key_of)
    read_statement(signed)
    if signed["method"] != request.method or signed["path"] != request.get_full_path():
        raise Refused("request.another_call")
    if signed["body_sha256"] != hashlib.sha256(request.body).hexdigest():
        raise Refused("request.another_body")
    moment = clock.now()
    if abs(signed["at"] - moment.timestamp()) > MOST_SECONDS_OFF:
        raise Refused("request.clock", seconds=round(signed["at"] - moment.timestamp()))
    seen = Nonce(thumbprint=str(read_header(token)["kid"]), nonce=signed["nonce"], at=moment)
    if not _first_time(seen):
        raise Refused("request.replayed")


def body_of(request: HttpRequest, **kinds: type) -> list[Any]:
    """The named members of a JSON body, in order, each of its kind; anything more or less is refused."""
    if len(request.body) > LARGEST_BODY:
        raise Refused("request.body_size", most=LARGEST_BODY)
    body = load(request.body)
    if not isinstance(body, dict) or set(body) != set(kinds):
        raise Refused("request.body", expected=", ".join(kinds))
    for name, kind in kinds.items():
        if type(body[name]) is not kind:
            raise Refused("request.body", expected=f"{name}: {kind.__name__}")
    return [body[name] for name in kinds]


def token_of(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    if not header.startswith(SCHEME):
        raise Refused("request.unsigned")
    return header.removeprefix(SCHEME)


def _first_time(seen: Nonce) -> bool:
    """One statement decides, also between two workers: the row is there or it was there already."""
    table = Nonce._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" (thumbprint, nonce, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING',  # noqa: S608
            [seen.thumbprint, seen.nonce, seen.at],
        )
        return bool(cursor.rowcount == 1)
