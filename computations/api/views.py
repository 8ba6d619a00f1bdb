"""The calls of docs/architecture.md section 7, each a few lines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from collaborations.models import Contract
from computations import actions, clock, doorbell
from computations.api.door import body_of, call, check, station_of, token_of
from computations.hints import hints_for
from computations.models import DataStation
from computations.models.runs import read_terms
from station.contract.signatures import thumbprint
from station.reasons import Refused

Body = dict[str, Any]
SEEN_EVERY = timedelta(seconds=5)


@call("POST")
def enrolments(request: HttpRequest) -> Body:
    """The request is signed with the very key that it enrols."""
    (statement,) = body_of(request, statement=str)
    key = actions.claimed_key(statement)
    check(request, token_of(request), lambda kid: key if kid == thumbprint(key) else None)
    station = actions.enrol(statement=statement)
    return {"organisation": station.organisation.slug, "name": station.organisation.name}


@call("PUT")
def dataset(request: HttpRequest, key: str) -> Body:
    station = station_of(request)
    (statement,) = body_of(request, statement=str)
    announced = actions.announce_dataset(station=station, key=key, statement=statement)
    return {"dataset": announced.key, "sha256": announced.sha256}


@call("PUT")
def engines(request: HttpRequest) -> Body:
    station = station_of(request)
    (names,) = body_of(request, engines=list)
    actions.note_engines(station=station, names=names)
    return {}


@call("GET")
def work(request: HttpRequest) -> Body:
    station = station_of(request)
    moment = _seen(station)
    organisation = station.organisation.slug
    heard = doorbell.rings(organisation)  # before the hints: a ring in between is noticed at the door
    hints = hints_for(organisation)
    return {"now": int(moment.timestamp()), "hints": hints, "doorbell": {"url": doorbell.url(organisation, heard)}}


@call("GET")
def contract(request: HttpRequest, sha256: str) -> Body:
    station = station_of(request)
    found = Contract.objects.filter(sha256=sha256).first()
    if found is None or read_terms(found.data).key_of(station.organisation.slug) is None:
        raise Refused("contract.unknown")
    signatures = list(found.signatures.order_by("organisation__slug"))
    return {
        "contract": found.data,
        "documents": [{"sha256": d.sha256, "text": d.data} for d in found.documents.order_by("sha256")],
        "keys": found.keys,
        "approvals": [signature.jws for signature in signatures if signature.kind == "approval"],
        "revocations": [signature.jws for signature in signatures if signature.kind == "revocation"],
    }


@call("POST")
def statements(request: HttpRequest) -> Body:
    station = station_of(request)
    (statement,) = body_of(request, statement=str)
    return {"state": actions.receive(station=station, statement=statement)}


@call("PUT")
def progress(request: HttpRequest, run: UUID, attempt: int) -> Body:
    station = station_of(request)
    phase, percent = body_of(request, phase=str, percent=int)
    actions.note_progress(station=station, run_id=run, attempt=attempt, phase=phase, percent=percent)
    return {}


@call("POST")
def shares(request: HttpRequest, run: UUID, attempt: int) -> Body:
    station = station_of(request)
    stage, output, to, jwe = body_of(request, stage=str, output=str, to=str, jwe=str)
    if stage not in ("check", "release"):
        raise Refused("request.body", expected="stage: check, release")
    state = actions.accept_share(
        station=station, run_id=run, attempt=attempt, stage=stage, output=output, to=to, jwe=jwe
    )
    return {"state": state}


@call("PUT")
def result(request: HttpRequest, run: UUID, output: str) -> Body:
    station = station_of(request)
    (table,) = body_of(request, table=dict)
    return {"state": actions.accept_result(station=station, run_id=run, output=output, table=table)}


def _seen(station: DataStation) -> Any:
    """Notes a sign of life, at most every five seconds; the time on the database."""
    moment = clock.now()
    if station.seen_at is None or moment - station.seen_at > SEEN_EVERY:
        DataStation.objects.filter(pk=station.pk).update(seen_at=moment)
    return moment
