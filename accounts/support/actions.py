"""Asking for support access, answering, using and ending it. Who asks never answers."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import Organisation, SupportAccess, User
from accounts.support import letters
from accounts.support.lifecycle import SUPPORT
from audit.transitions import Transition, check, move
from station.reasons import Refused

HOURS = (1, 2, 4, 8)
LONGEST = 500
WAITS = timedelta(days=7)
"""A question that nobody answered is withdrawn by itself."""


@transaction.atomic
def ask(*, organisation: Organisation, reason: str, hours: int, by: User) -> SupportAccess:
    """A platform administrator asks; whoever administers the organisation answers."""
    if not roles.manages_platform(by):
        raise PermissionDenied
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    _can_be_asked(organisation, by)
    if hours not in HOURS:
        raise Refused("support.hours", most=max(HOURS))
    made = SupportAccess.objects.create(
        organisation=organisation, asked_by=by, reason=_written(reason), hours=hours
    )  # fmt: skip
    audit.record(
        "support.asked", by=by, about=made, organisation=organisation, member=by.pk, hours=hours, reason=made.reason
    )
    letters.asked(made)
    return made


@transaction.atomic
def grant(*, access: SupportAccess, by: User) -> SupportAccess:
    """From now until the hours that were asked for are over. One person is in support at one organisation at a time."""
    access = _answering(access, by)
    check(SUPPORT["grant"], access)
    for other in SupportAccess.objects.select_for_update().filter(asked_by=access.asked_by, state="granted"):
        _step(SUPPORT["expire" if not other.runs else "end"], other, audit.SYSTEM)
    access.answered_by, access.until = by, timezone.now() + timedelta(hours=access.hours)
    _step(SUPPORT["grant"], access, by, hours=access.hours)
    letters.answered(access)
    return access


@transaction.atomic
def refuse(*, access: SupportAccess, reason: str, by: User) -> None:
    access = _answering(access, by)
    access.answered_by, access.answer = by, _written(reason)
    _step(SUPPORT["refuse"], access, by, reason=access.answer)
    letters.answered(access)


@transaction.atomic
def withdraw(*, access: SupportAccess, by: User) -> None:
    """Who asked no longer needs it."""
    access = _locked(access)
    if access.asked_by != by:
        raise PermissionDenied
    _step(SUPPORT["withdraw"], access, by)


@transaction.atomic
def end(*, access: SupportAccess, by: User) -> None:
    """Before its time, by an administrator of the organisation or by who has it."""
    access = _locked(access)
    if access.asked_by != by and not roles.allowed(by, "manage_members", access.organisation):
        raise PermissionDenied
    _step(SUPPORT["end"], access, by)
    letters.answered(access)


@transaction.atomic
def begin(*, access: SupportAccess, by: User) -> SupportAccess:
    """Who has it starts to use it: from here every page is recorded."""
    access = _locked(access)
    if access.asked_by != by or not roles.manages_platform(by):
        raise PermissionDenied
    if not SupportAccess.objects.in_force().filter(pk=access.pk).exists():
        raise Refused("support.over", organisation=access.organisation.name)
    audit.record("support.begun", by=by, about=access, organisation=access.organisation, member=by.pk)
    return access


def sweep() -> int:
    """Marks what is over, and what nobody answered. Says how many."""
    now = timezone.now()
    over = SupportAccess.objects.filter(state="granted", until__lte=now)
    unanswered = SupportAccess.objects.filter(state="asked", asked_at__lte=now - WAITS)
    return _all("expire", over) + _all("lapse", unanswered)


def _all(step: str, found: QuerySet[SupportAccess]) -> int:
    return sum(_by_itself(step, access) for access in list(found))


@transaction.atomic
def _by_itself(step: str, access: SupportAccess) -> bool:
    access = _locked(access)
    due = access.state in SUPPORT[step].sources
    if due:
        _step(SUPPORT[step], access, audit.SYSTEM)
    return due


def _can_be_asked(organisation: Organisation, by: User) -> None:
    if organisation.state != "active":
        raise Refused("support.suspended", organisation=organisation.name)
    if roles.allowed(by, "manage_members", organisation):
        raise Refused("support.own", organisation=organisation.name)
    if not organisation.administrators():
        raise Refused("support.nobody", organisation=organisation.name)
    if SupportAccess.objects.filter(organisation=organisation, asked_by=by, state="asked").exists():
        raise Refused("support.asked_already", organisation=organisation.name)
    if SupportAccess.objects.in_force().filter(organisation=organisation, asked_by=by).exists():
        raise Refused("support.granted_already", organisation=organisation.name)


def _answering(access: SupportAccess, by: User) -> SupportAccess:
    """Of the organisation's own administrators: support access itself never answers for it."""
    access = _locked(access)
    roles.require(by, "manage_members", access.organisation)
    if access.asked_by == by:
        raise Refused("support.own_answer")
    return access


def _locked(access: SupportAccess) -> SupportAccess:
    found = SupportAccess.objects.select_for_update(of=("self",)).select_related("organisation", "asked_by")
    return found.get(pk=access.pk)


def _step(transition: Transition, access: SupportAccess, by: User | str, **facts: str | int) -> None:
    facts = {"member": access.asked_by_id, **facts}
    move(transition, access, by=by, context=None, organisation=access.organisation, **facts)


def _written(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused("reason.needed")
    if len(reason) > LONGEST:
        raise Refused("text.too_long", field="reason", limit=LONGEST)
    return reason
