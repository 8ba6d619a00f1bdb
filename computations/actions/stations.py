"""A station enrols with a one-time token and announces its datasets; both are signed with its own key."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from joserfc.jwk import ECKey

import audit
from accounts import roles
from accounts.models import Organisation, User
from computations import clock
from computations.models import Dataset, DataStation, EnrolmentToken
from station.contract.signatures import import_public, read_header, thumbprint, unverified, verify
from station.contract.statements import read_statement, schema_digest
from station.reasons import Refused

TOKEN_LIFE = timedelta(hours=24)
ENGINE, MOST_ENGINES = re.compile(r"[a-z][a-z0-9_-]{0,30}"), 10


@transaction.atomic
def enrolment_token(*, organisation: Organisation, by: User) -> str:
    """A token to show once to the data steward; earlier unused ones of this organisation stop working."""
    roles.require(by, "manage_station", organisation)
    token, moment = secrets.token_hex(24), clock.now()  # no dash in front: it is typed after an option
    EnrolmentToken.objects.filter(organisation=organisation, used_at=None).delete()
    EnrolmentToken.objects.create(
        organisation=organisation, sha256=_hash(token), created_by=by, expires_at=moment + TOKEN_LIFE
    )
    audit.record("station.token_made", by=by, organisation=organisation, about=organisation)
    return token


@transaction.atomic
def enrol(*, statement: str) -> DataStation:
    """Binds a signing key to the organisation of the token; the statement proves that the station holds the key."""
    key = claimed_key(statement)
    payload = verify(statement, "enrolment", lambda kid: key if kid == thumbprint(key) else None)
    read_statement(payload)
    moment = clock.now()
    token = (
        EnrolmentToken.objects.select_for_update()
        .filter(sha256=_hash(payload["token"]), used_at=None, expires_at__gt=moment)
        .first()
    )
    if token is None or token.organisation.slug != payload["organisation"]:
        raise Refused("enrolment.token")
    if token.organisation.state != "active":
        raise Refused("organisation.suspended", organisation=token.organisation.name)
    if DataStation.objects.exclude(organisation=token.organisation).filter(thumbprint=thumbprint(key)).exists():
        raise Refused("enrolment.key_of_another")
    token.used_at = moment
    token.save(update_fields=["used_at"])
    station, _created = DataStation.objects.update_or_create(
        organisation=token.organisation,
        defaults={
            "key": payload["signing_key"],
            "thumbprint": thumbprint(key),
            "version": payload["version"],
            "enrolled_at": moment,
        },
    )
    audit.record(
        "station.enrolled",
        by=audit.STATION,
        organisation=token.organisation,
        about=token.organisation,
        thumbprint=station.thumbprint,
    )
    return station


def claimed_key(statement: str) -> ECKey:
    """The key that an enrolment itself names; whoever asks still has to verify the signature with it."""
    read_header(statement)
    try:
        return import_public(unverified(statement).get("signing_key"))
    except ValueError as error:
        raise Refused("signature.malformed") from error


@transaction.atomic
def note_engines(*, station: DataStation, names: list[Any]) -> None:
    """What a station says it can compute with. It explains who lacks an engine; the station itself refuses what it
    lacks. The same twice changes nothing."""
    if not all(isinstance(name, str) and ENGINE.fullmatch(name) for name in names) or len(names) > MOST_ENGINES:
        raise Refused("request.body", expected="engines: names")
    held = DataStation.objects.select_for_update().select_related("organisation").get(pk=station.pk)
    if held.engines == sorted(names):
        return
    held.engines = sorted(names)
    held.save(update_fields=["engines"])
    audit.record(
        "station.engines", by=audit.STATION, organisation=held.organisation, about=held.organisation,
        engines=", ".join(held.engines) or "–",
    )  # fmt: skip


@transaction.atomic
def announce_dataset(*, station: DataStation, key: str, statement: str) -> Dataset:
    """The newest description of a dataset, as its own station signed it. The same twice changes nothing."""
    payload: dict[str, Any] = verify(statement, "dataset", station.verifying_key)
    read_statement(payload)
    organisation = station.organisation
    if payload["organisation"] != organisation.slug or payload["dataset"] != key:
        raise Refused("statement.not_yours")
    if payload["sha256"] != schema_digest(key, payload["columns"], payload["synthetic"]):
        raise Refused("dataset.hash", dataset=key)
    DataStation.objects.select_for_update().get(pk=station.pk)
    known = Dataset.objects.filter(organisation=organisation, key=key).first()
    if known is not None and known.statement == statement:
        return known
    names = ("description", "columns", "sha256", "synthetic", "rows_rounded_up")
    values = {name: payload[name] for name in names} | {"statement": statement, "at": clock.now()}
    dataset, _created = Dataset.objects.update_or_create(organisation=organisation, key=key, defaults=values)
    if known is None or known.sha256 != dataset.sha256:
        facts = {"dataset": key, "sha256": dataset.sha256, "synthetic": dataset.synthetic}
        audit.record("dataset.announced", by=audit.STATION, organisation=organisation, about=organisation, **facts)
    return dataset


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
