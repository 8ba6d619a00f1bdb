"""Agreements: the signed paper itself is kept, its hash goes into the contract."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

import audit
from accounts import roles
from accounts.models import Organisation, User
from collaborations.access import acting, lock, short, written
from collaborations.models import Agreement, UseCase
from station.reasons import Refused

LARGEST = 20 * 1024 * 1024
ENDED = ("closed", "rejected", "withdrawn")


@transaction.atomic
def record_agreement(
    *, use_case: UseCase, kind: str, title: str, parties: Sequence[Organisation], valid_from: date, valid_to: date,
    document: bytes, document_name: str, by: User,
) -> Agreement:  # fmt: skip
    """Records an agreement between partners, for all use cases of the collaboration."""
    use_case = lock(use_case)
    organisation = acting(by, "record_agreement", use_case)
    title = short(written(title, "agreement.no_title"), gettext("title"), 200)
    _check_parties(use_case, kind, parties, by)
    _check_days(valid_from, valid_to)
    _check_document(document)
    sha256 = hashlib.sha256(document).hexdigest()
    agreement = Agreement(
        collaboration=use_case.collaboration, kind=kind, title=title, valid_from=valid_from, valid_to=valid_to,
        document_name=plain_name(document_name), document_sha256=sha256, recorded_by=by,
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
    party = next((p for p in agreement.parties.all() if roles.allowed(by, "record_agreement", p)), None)
    if party is None:
        raise PermissionDenied("record_agreement at a party")
    if agreement.state != "in_force":
        raise Refused("lifecycle.state", state=str(agreement.get_state_display()))
    agreement.state, agreement.reason = "terminated", written(reason, "reason.needed")
    agreement.save()
    for use_case in agreement.collaboration.use_cases.all():
        if Agreement.objects.of(use_case).filter(pk=agreement.pk).exists():
            audit.record(
                "agreement.terminated", by=by, about=agreement, context=use_case, organisation=party,
                title=agreement.title, reason=agreement.reason,
            )  # fmt: skip
    return agreement


def kept_document(agreement: Agreement) -> bytes:
    """The paper as it was recorded; refused when what is stored is something else."""
    try:
        with agreement.document.open("rb") as file:
            kept: bytes = file.read()
    except OSError:
        kept = b""
    if hashlib.sha256(kept).hexdigest() != agreement.document_sha256:
        raise Refused("agreement.document_lost", title=agreement.title)
    return kept


def plain_name(given: str) -> str:
    """The last part of a file name, without control characters and without marks that turn the reading direction."""
    visible = "".join(char for char in given if not unicodedata.category(char).startswith("C"))
    name = PurePath(visible.replace("\\", "/")).name.strip(" .")
    stem, dot, ending = name.rpartition(".")
    shortened = f"{stem[:100]}{dot}{ending[:20]}" if stem else name[:100]
    return shortened or "document"


def _check_parties(use_case: UseCase, kind: str, parties: Sequence[Organisation], by: User) -> None:
    if use_case.state in ENDED:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    if kind not in ("art26", "art28"):
        raise Refused("agreement.kind")
    partners = set(use_case.joined().values_list("organisation_id", flat=True))
    chosen = {party.pk for party in parties}
    if len(chosen) < 2 or not chosen <= partners:
        raise Refused("agreement.parties")
    if not any(roles.allowed(by, "record_agreement", party) for party in parties):
        raise Refused("agreement.not_a_party")


def _check_days(valid_from: date, valid_to: date) -> None:
    if valid_to < valid_from:
        raise Refused("dates.end_before_begin", begin=valid_from.isoformat(), end=valid_to.isoformat())
    if valid_to < timezone.localdate():
        raise Refused("agreement.ended", valid_to=valid_to.isoformat())


def _check_document(document: bytes) -> None:
    if not document:
        raise Refused("agreement.empty_document")
    if len(document) > LARGEST:
        raise Refused("agreement.large_document", mebibytes=LARGEST // 1024 // 1024)
