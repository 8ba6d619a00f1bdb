"""An organisation on this platform: its data, whom to reach, and suspending and reinstating it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

import audit
from accounts import oin as numbers
from accounts import roles
from accounts.models import Contact, Organisation, User
from accounts.reach import Deed, require
from station.reasons import Refused

LONGEST = 2_000
DATA = ("name", "oin", "type", "kind")


def free_oin(oin: str, *, own: Organisation | None = None) -> str:
    """The number, when it can be one and no other organisation has it."""
    oin = numbers.checked(oin)
    others = Organisation.objects.filter(oin=oin).exclude(pk=own.pk if own else None)
    holder = others.first() if oin else None
    if holder is not None:
        raise Refused("oin.taken", oin=oin, organisation=holder.name)
    return oin


@transaction.atomic
def edit_organisation(
    *, organisation: Organisation, name: str, oin: str, type: str, kind: str, seen: int, by: User | str
) -> Organisation:
    """Changes what is known of an organisation; ``seen`` is the revision the form was opened with."""
    require_platform(by)
    organisation = _locked(organisation)
    if organisation.revision != seen:
        raise Refused("organisation.stale", now=_data(organisation))
    organisation.name, organisation.oin = name.strip(), free_oin(oin, own=organisation)
    organisation.type, organisation.kind = type, kind
    organisation.revision += 1
    complete(organisation)
    organisation.save()
    audit.record("organisation.edited", by=by, about=organisation, organisation=organisation, name=organisation.name)
    return organisation


@transaction.atomic
def suspend_organisation(*, organisation: Organisation, reason: str, by: User | str) -> Organisation:
    """From now on its people and its station can do nothing here; the sweep ends the runs it takes part in."""
    require_platform(by)
    organisation = _locked(organisation)
    if organisation.state == "suspended":
        raise Refused("organisation.suspended_already", organisation=organisation.name)
    if not isinstance(by, str) and organisation.memberships.filter(user=by, roles__role="platform_admin").exists():
        raise Refused("organisation.suspend_own")
    return _move(organisation, "suspended", "organisation.suspended", reason, by)


@transaction.atomic
def reinstate_organisation(*, organisation: Organisation, reason: str, by: User | str) -> Organisation:
    """Everything its people and station could do before, they can do again. Ended runs stay ended."""
    require_platform(by)
    organisation = _locked(organisation)
    if organisation.state == "active":
        raise Refused("organisation.active_already", organisation=organisation.name)
    return _move(organisation, "active", "organisation.reinstated", reason, by)


@transaction.atomic
def add_contact(*, organisation: Organisation, name: str, function: str, email: str, by: User | str) -> Contact:
    """Records whom to write to, in which function."""
    require(by, organisation, Deed.CONTACTS)
    organisation, email = _locked(organisation), email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("member.email") from error
    if not name.strip() or not function.strip():
        raise Refused("contact.incomplete")
    if organisation.contacts.filter(email=email, function=function.strip()).exists():
        raise Refused("contact.already", email=email)
    contact = organisation.contacts.create(name=name.strip(), function=function.strip(), email=email)
    audit.record(
        "contact.recorded", by=by, about=organisation, organisation=organisation, function=contact.function
    )  # fmt: skip
    return contact


@transaction.atomic
def remove_contact(*, contact: Contact, by: User | str) -> None:
    """Takes a contact off the list; the events tell only the function, so no name stays behind."""
    organisation = _locked(contact.organisation)
    require(by, organisation, Deed.CONTACTS)
    if organisation.contacts.filter(pk=contact.pk).delete()[0]:
        audit.record(
            "contact.removed", by=by, about=organisation, organisation=organisation, function=contact.function
        )  # fmt: skip


def complete(organisation: Organisation) -> None:
    """Refuses fields that cannot be stored, by name."""
    try:
        organisation.full_clean()
    except ValidationError as error:
        names = [str(Organisation._meta.get_field(key).verbose_name) for key in error.message_dict if key in DATA]
        raise Refused("organisation.malformed", fields=", ".join(sorted(names or error.message_dict))) from error


def require_platform(by: User | str) -> None:
    if not roles.manages_platform(by):
        raise PermissionDenied


def _move(organisation: Organisation, state: str, event: str, reason: str, by: User | str) -> Organisation:
    reason = reason.strip()
    if not reason:
        raise Refused("reason.needed")
    if len(reason) > LONGEST:
        raise Refused("text.too_long", field="reason", limit=LONGEST)
    organisation.state, organisation.state_since = state, timezone.now()
    organisation.state_reason = reason if state == "suspended" else ""
    organisation.save(update_fields=["state", "state_reason", "state_since"])
    audit.record(event, by=by, about=organisation, organisation=organisation, reason=reason)
    return organisation


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _data(organisation: Organisation) -> str:
    """What stands there now, for whoever was overtaken."""
    shown = (
        organisation.name, organisation.oin or "–", str(organisation.get_type_display()),
        str(organisation.get_kind_display()),
    )  # fmt: skip
    return " · ".join(shown)
