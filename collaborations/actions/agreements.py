"""Agreements: the signed paper itself is kept, its hash goes into the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

import audit
from accounts import roles
from accounts.actions import mandate_today
from accounts.models import Organisation, User
from collaborations.access import acting, lock, short, written
from collaborations.models import Agreement, UseCase
from collaborations.models.agreements import RIGHTS, AgreementRight, AgreementSignature
from station.reasons import Refused
from web.contents import refuse_harm
from web.uploads import check_size, ending_of, is_what_it_says, kept, plain_name

ENDED = ("closed", "rejected", "withdrawn")
KINDS = ("pdf", "docx", "odt", "txt")


@dataclass(frozen=True)
class Contact:
    """The desk where people go with their rights."""

    name: str = ""
    email: str = ""
    phone: str = ""


NO_CONTACT = Contact()


@dataclass(frozen=True)
class RightRow:
    """Which party answers people who use this right."""

    right: str
    organisation: Organisation
    remarks: str = ""


@transaction.atomic
def record_agreement(
    *, use_case: UseCase, kind: str, title: str, parties: Sequence[Organisation], valid_from: date, valid_to: date,
    document: bytes, document_name: str, by: User, rights: Sequence[RightRow] = (), contact: Contact = NO_CONTACT,
    on_paper: bool = True, replaces: Agreement | None = None,
) -> Agreement:  # fmt: skip
    """Records an agreement between partners, for all use cases of the collaboration.

    ``on_paper``: ``by`` confirms that all parties have signed the document, and it is in force at once. Otherwise it
    waits here for the signature of every party.
    """
    use_case = lock(use_case)
    organisation = acting(by, "record_agreement", use_case)
    title = short(written(title, "agreement.no_title"), gettext("title"), 200)
    _check_parties(use_case, kind, parties, by)
    _check_days(valid_from, valid_to)
    _check_document(document, document_name)
    _check_content(kind, parties, rights, contact, on_paper)
    replaces = _replaced(replaces, use_case, kind)
    sha256 = hashlib.sha256(document).hexdigest()
    agreement = Agreement(
        collaboration=use_case.collaboration, kind=kind, title=title, valid_from=valid_from, valid_to=valid_to,
        document_name=plain_name(document_name), document_sha256=sha256, recorded_by=by, on_paper=on_paper,
        state="in_force" if on_paper else "drafted", replaces=replaces, version=replaces.version + 1 if replaces else 1,
        contact_name=contact.name.strip(), contact_email=contact.email.strip(), contact_phone=contact.phone.strip(),
    )  # fmt: skip
    agreement.document.save(sha256, ContentFile(document), save=False)
    agreement.save()
    agreement.parties.set(parties)
    _write_rights(agreement, rights)
    facts = {"title": title, "sha256": sha256}
    if not on_paper:
        audit.record(
            "agreement.drafted", by=by, about=agreement, context=use_case, organisation=organisation, **facts
        )  # fmt: skip
        return agreement
    audit.record("agreement.recorded", by=by, about=agreement, context=use_case, organisation=organisation, **facts)
    _supersede(agreement, organisation, by)
    return agreement


@transaction.atomic
def sign_agreement(*, agreement: Agreement, organisation: Organisation, by: User) -> Agreement:
    """A party's own mandated manager signs the words as they stand; with the last signature it is in force."""
    agreement = lock(agreement)
    roles.require(by, "approve_basis", organisation)
    if not agreement.parties.filter(pk=organisation.pk).exists():
        raise PermissionDenied("a party signs")
    if agreement.state != "drafted":
        raise Refused("lifecycle.state", state=str(agreement.get_state_display()))
    if by.pk == agreement.recorded_by_id:
        raise Refused("agreement.own_draft")
    if agreement.signatures.filter(by=by).exclude(organisation=organisation).exists():
        raise Refused("agreement.one_person")
    if agreement.signatures.filter(organisation=organisation).exists():
        raise Refused("agreement.signed_already", organisation=organisation.name)
    if agreement.valid_to < timezone.localdate():
        raise Refused("agreement.ended", valid_to=agreement.valid_to.isoformat())
    kept_document(agreement)
    mandate = mandate_today(by, organisation)
    AgreementSignature.objects.create(agreement=agreement, organisation=organisation, by=by, mandate=mandate)
    _tell("agreement.signed", agreement, organisation, by, function=mandate.function)
    if not agreement.unsigned():
        agreement.state = "in_force"
        agreement.save()
        _tell("agreement.in_force", agreement, organisation, by)
        _supersede(agreement, organisation, by)
    return agreement


@transaction.atomic
def terminate_agreement(*, agreement: Agreement, reason: str, by: User) -> Agreement:
    """Ends an agreement today, or a draft that nobody should sign any more; any party to it can."""
    agreement = lock(agreement)
    party = next((p for p in agreement.parties.all() if roles.allowed(by, "record_agreement", p)), None)
    if party is None:
        raise PermissionDenied("record_agreement at a party")
    if agreement.state not in ("drafted", "in_force"):
        raise Refused("lifecycle.state", state=str(agreement.get_state_display()))
    agreement.state, agreement.reason = "terminated", written(reason, "reason.needed")
    agreement.save()
    _tell("agreement.terminated", agreement, party, by, reason=agreement.reason)
    return agreement


def kept_document(agreement: Agreement) -> bytes:
    """The paper as it was recorded; refused when what is stored is something else."""
    found = kept(agreement.document, agreement.document_sha256)
    if found is None:
        raise Refused("agreement.document_lost", title=agreement.title)
    return found


def _check_parties(use_case: UseCase, kind: str, parties: Sequence[Organisation], by: User) -> None:
    if use_case.state in ENDED:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    if kind not in ("art26", "art28"):
        raise Refused("agreement.kind")
    partners = set(use_case.parties().values_list("organisation_id", flat=True))
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


def _check_document(document: bytes, name: str) -> None:
    """A document that people read, and one that is what its name says."""
    check_size(document)
    ending = ending_of(name)
    if ending not in KINDS:
        raise Refused("agreement.file_kind", kinds=", ".join(KINDS))
    if not is_what_it_says(document, ending):
        raise Refused("agreement.file_other", name=plain_name(name), ending=ending)
    refuse_harm(document, ending, plain_name(name))


def _check_content(
    kind: str, parties: Sequence[Organisation], rights: Sequence[RightRow], contact: Contact, on_paper: bool
) -> None:
    """What is signed here says who does what; of a signed paper that stands in the paper."""
    known, chosen = dict(RIGHTS), {party.pk for party in parties}
    names = [row.right for row in rights]
    if set(names) - set(known) or len(set(names)) < len(names):
        raise Refused("agreement.right_unknown")
    if any(row.organisation.pk not in chosen for row in rights):
        raise Refused("agreement.right_party")
    for row in rights:
        short(row.remarks, gettext("remarks"), 500)
    _check_contact(contact, needed=not on_paper)
    missing = [str(label) for key, label in RIGHTS if key not in names]
    if kind == "art26" and not on_paper and missing:
        raise Refused("agreement.rights_missing", rights=", ".join(missing))


def _check_contact(contact: Contact, *, needed: bool) -> None:
    if needed and not (contact.name.strip() and (contact.email.strip() or contact.phone.strip())):
        raise Refused("agreement.no_contact")
    short(contact.name, gettext("contact point"), 150)
    short(contact.phone, gettext("telephone"), 40)
    if contact.email.strip():
        try:
            validate_email(contact.email.strip())
        except ValidationError as error:
            raise Refused("agreement.contact_email") from error


def _replaced(replaces: Agreement | None, use_case: UseCase, kind: str) -> Agreement | None:
    """The version that a next one takes the place of, locked; one at a time."""
    if replaces is None:
        return None
    found = lock(replaces)
    if found.collaboration_id != use_case.collaboration_id or found.kind != kind:
        raise Refused("agreement.replaces_other")
    if found.state != "in_force":
        raise Refused("lifecycle.state", state=str(found.get_state_display()))
    if found.replacements.exclude(state="terminated").exists():
        raise Refused("agreement.next_version")
    return found


def _supersede(agreement: Agreement, organisation: Organisation, by: User) -> None:
    """The version before it holds until this moment."""
    if agreement.replaces is None:
        return
    before = lock(agreement.replaces)
    if before.state == "in_force":
        before.state = "superseded"
        before.save()
        _tell("agreement.superseded", before, organisation, by)


def _write_rights(agreement: Agreement, rights: Sequence[RightRow]) -> None:
    for row in rights:
        AgreementRight.objects.create(
            agreement=agreement, right=row.right, organisation=row.organisation, remarks=row.remarks.strip()
        )


def _tell(event: str, agreement: Agreement, organisation: Organisation, by: User, **facts: str) -> None:
    """One event in every use case that rests on the agreement."""
    for use_case in agreement.collaboration.use_cases.all():
        if Agreement.objects.of(use_case).filter(pk=agreement.pk).exists():
            audit.record(
                event, by=by, about=agreement, context=use_case, organisation=organisation, title=agreement.title,
                **facts,
            )  # fmt: skip
