"""Agreements: the signed paper itself is kept, its hash goes into the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction

import audit
from accounts import roles
from accounts.models import Organisation, User
from collaborations.access import acting, lock, written
from collaborations.models import Agreement, UseCase
from station.reasons import Refused

LARGEST = 20 * 1024 * 1024


@transaction.atomic
def record_agreement(
    *, use_case: UseCase, kind: str, title: str, parties: Sequence[Organisation], valid_from: date, valid_to: date,
    document: bytes, document_name: str, by: User,
) -> Agreement:  # fmt: skip
    """Records an agreement between partners, for all use cases of the collaboration."""
    organisation = acting(by, "record_agreement", use_case)
    title = written(title, "agreement.no_title")
    _check(use_case, kind, parties, valid_from, valid_to, document)
    sha256 = hashlib.sha256(document).hexdigest()
    agreement = Agreement(
        collaboration=use_case.collaboration, kind=kind, title=title[:200], valid_from=valid_from, valid_to=valid_to,
        document_name=PurePath(document_name.replace("\\", "/")).name[:255] or "document", document_sha256=sha256,
        recorded_by=by,
    )  # fmt: skip
    agreement.document.save(sha256, ContentFile(document), save=False)
    agreement.save()
    agreement.parties.set(parties)
    audit.record(
        "agreement.recorded", by=by, about=agreement, context=use_case, organisation=organisation, title=title,
        sha256=sha256,
    )  # fmt: skip
    return agreement


@transaction.atomic
def terminate_agreement(*, agreement: Agreement, reason: str, by: User) -> Agreement:
    """Ends an agreement today; any party to it can."""
    agreement = lock(agreement)
    reason = written(reason, "reason.needed")
    if agreement.state != "in_force":
        raise Refused("lifecycle.state", state=str(agreement.get_state_display()))
    party = next((p for p in agreement.parties.all() if roles.allowed(by, "record_agreement", p)), None)
    if party is None:
        roles.require(by, "record_agreement", agreement.parties.first())  # type: ignore[arg-type]
    agreement.state, agreement.reason = "terminated", reason
    agreement.save()
    for use_case in agreement.collaboration.use_cases.all():
        audit.record(
            "agreement.terminated", by=by, about=agreement, context=use_case, organisation=party,
            title=agreement.title, reason=reason,
        )  # fmt: skip
    return agreement


def _check(
    use_case: UseCase, kind: str, parties: Sequence[Organisation], valid_from: date, valid_to: date, document: bytes
) -> None:
    if kind not in ("art26", "art28"):
        raise Refused("agreement.kind")
    if valid_to < valid_from:
        raise Refused("dates.end_before_begin", begin=valid_from.isoformat(), end=valid_to.isoformat())
    partners = set(use_case.joined().values_list("organisation_id", flat=True))
    if len({party.pk for party in parties}) < 2 or not {party.pk for party in parties} <= partners:
        raise Refused("agreement.parties")
    if not document:
        raise Refused("agreement.empty_document")
    if len(document) > LARGEST:
        raise Refused("agreement.large_document", mebibytes=LARGEST // 1024 // 1024)
