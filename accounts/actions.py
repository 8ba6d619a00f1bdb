"""Organisations, members, roles and mandates."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import Mandate, Membership, Organisation, User
from accounts.reach import Deed, require
from accounts.standing import complete, free_oin
from station.reasons import Refused


@transaction.atomic
def create_organisation(
    *, slug: str, name: str, by: User | str, oin: str = "", kind: str = "public", type: str = "other"
) -> Organisation:
    """A new organisation. Its key is permanent: contracts name it."""
    if not roles.manages_platform(by):
        raise PermissionDenied
    organisation = Organisation(slug=slug, name=name.strip(), oin=free_oin(oin), kind=kind, type=type)
    if Organisation.objects.filter(slug=slug).exists():
        raise Refused("organisation.key_taken", key=slug)
    complete(organisation)
    organisation.save()
    audit.record("organisation.created", by=by, about=organisation, organisation=organisation, name=organisation.name)
    return organisation


@transaction.atomic
def add_member(
    *, organisation: Organisation, email: str, full_name: str, by: User | str, language: str = "nl"
) -> Membership:
    """Makes somebody a member; a new person gets an account without a password and sets one by e-mail."""
    require(by, organisation, Deed.MEMBERS)
    return _member(organisation, email, full_name, language, by)


@transaction.atomic
def name_first_administrator(
    *, organisation: Organisation, email: str, full_name: str, by: User | str, language: str = "nl"
) -> Membership:
    """While nobody can administer an organisation, the platform invites somebody who will; never themselves."""
    if not roles.manages_platform(by):
        raise PermissionDenied
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.administrators():
        raise Refused("organisation.administered", organisation=organisation.name)
    if isinstance(by, User) and by.email.lower() == email.strip().lower():
        raise Refused("support.self")
    membership = _member(organisation, email.strip(), full_name, language, by)
    roles.grant(membership, "organisation_admin")
    _record_role("organisation.administrator_named", membership, "organisation_admin", by)
    return membership


def _member(organisation: Organisation, email: str, full_name: str, language: str, by: User | str) -> Membership:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("member.email") from error
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, full_name=full_name.strip(), language=language)
    if user == by and not roles.allowed(user, "manage_members", organisation):
        raise Refused("support.self")
    membership, _made = Membership.objects.get_or_create(user=user, organisation=organisation)
    if not membership.active:
        membership.active = True
        membership.save(update_fields=["active"])
    audit.record("member.added", by=by, about=membership, organisation=organisation, member=user.pk)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User | str) -> None:
    """Ends a membership: roles and permissions go at once, what the person did stays."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    require(by, membership.organisation, Deed.MEMBERS)
    for held in list(membership.roles.all()):
        roles.revoke(membership, held.role)
    membership.active = False
    membership.save(update_fields=["active"])
    audit.record(
        "member.removed", by=by, about=membership, organisation=membership.organisation, member=membership.user_id
    )


@transaction.atomic
def grant_role(*, membership: Membership, role: str, by: User | str) -> None:
    _require_role_giver(by, membership, role)
    if not membership.active:
        raise Refused("member.left")
    roles.grant(membership, role)
    _record_role("role.granted", membership, role, by)


@transaction.atomic
def revoke_role(*, membership: Membership, role: str, by: User | str) -> None:
    _require_role_giver(by, membership, role)
    roles.revoke(membership, role)
    _record_role("role.revoked", membership, role, by)


@transaction.atomic
def change_roles(*, membership: Membership, wanted: set[str], seen: str, by: User) -> None:
    """All roles of a member at once. ``seen`` is the mark of those that were shown: refused when somebody changed them
    since, so that nobody takes away what they never saw."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    held = roles.held(membership)
    if roles.mark(held) != seen:
        raise Refused("role.stale", now=", ".join(roles.named(held)) or "–")
    for role in sorted(wanted - held):
        grant_role(membership=membership, role=role, by=by)
    for role in sorted(held - wanted):
        revoke_role(membership=membership, role=role, by=by)


@transaction.atomic
def record_mandate(
    *, organisation: Organisation, holder: User, function: str, reference: str, valid_from: date, valid_to: date,
    by: User | str,
) -> Mandate:  # fmt: skip
    """Records by which decision somebody may bind the organisation. Nobody records their own."""
    require(by, organisation, Deed.MANDATES)
    if holder == by:
        raise Refused("mandate.own")
    if valid_to < valid_from:
        raise Refused("dates.end_before_begin", begin=valid_from.isoformat(), end=valid_to.isoformat())
    if not organisation.memberships.filter(user=holder, active=True).exists():
        raise Refused("mandate.no_member")
    if not function.strip() or not reference.strip():
        raise Refused("mandate.incomplete")
    _no_overlap(organisation, holder, function.strip(), valid_from, valid_to)
    mandate = Mandate.objects.create(
        organisation=organisation, holder=holder, function=function.strip(), reference=reference.strip(),
        valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    audit.record(
        "mandate.recorded", by=by, about=mandate, organisation=organisation, member=holder.pk, function=mandate.function
    )
    return mandate


@transaction.atomic
def withdraw_mandate(*, mandate: Mandate, by: User | str, reason: str = "", suspends: bool = False) -> None:
    """Ends a mandate today. What was decided under it before stays decided; ``suspends``: it waits, with the reason,
    until a manager with a mandate in force confirms it. The run gate and the sweep of the rooms above look here."""
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    require(by, mandate.organisation, Deed.MANDATES)
    if mandate.withdrawn_on is not None:
        raise Refused("mandate.withdrawn_already")
    if suspends and not reason.strip():
        raise Refused("reason.needed")
    mandate.withdrawn_on, mandate.withdrawn_reason = timezone.localdate(), reason.strip()
    mandate.doubted_at = timezone.now() if suspends else None
    mandate.save(update_fields=["withdrawn_on", "withdrawn_reason", "doubted_at"])
    facts = {"reason": mandate.withdrawn_reason} if mandate.withdrawn_reason else {}
    if suspends:
        _told("mandate.doubted", mandate, by, **facts)
    else:
        _told("mandate.withdrawn", mandate, by, **facts)


@transaction.atomic
def confirm_mandate(*, mandate: Mandate, reason: str, by: User) -> None:
    """A manager with a mandate in force takes over what was signed under one that was ended with effect on it."""
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    roles.require(by, "approve_basis", mandate.organisation)
    own = mandate_today(by, mandate.organisation)
    if not mandate.in_doubt:
        raise Refused("mandate.not_in_doubt")
    if mandate.holder_id == by.pk:
        raise Refused("mandate.own_acts")
    if not reason.strip():
        raise Refused("reason.needed")
    mandate.confirmed_on, mandate.confirmed_by, mandate.confirmed_under = timezone.localdate(), by, own
    mandate.save(update_fields=["confirmed_on", "confirmed_by", "confirmed_under"])
    _told("mandate.confirmed", mandate, by, reason=reason.strip())


def _told(event: str, mandate: Mandate, by: User | str, **facts: str) -> None:
    audit.record(
        event, by=by, about=mandate, organisation=mandate.organisation, member=mandate.holder_id,
        function=mandate.function, **facts,
    )  # fmt: skip


def _no_overlap(organisation: Organisation, holder: User, function: str, begin: date, end: date) -> None:
    """Two mandates of one person in one function at the same time would leave open which one bound. The lock makes
    two administrators wait for each other."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = organisation.mandates.filter(holder=holder, function__iexact=function)
    same = same.filter(valid_from__lte=end, valid_to__gte=begin)
    other = same.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=begin)).first()
    if other is not None:
        facts = {"name": holder.full_name, "function": other.function, "reference": other.reference}
        days = {"begin": other.valid_from.isoformat(), "end": other.valid_to.isoformat()}
        raise Refused("mandate.overlap", **facts, **days)


def mandate_today(user: User, organisation: Organisation) -> Mandate:
    """The mandate by which this user may bind the organisation today, or a refusal that says who can mend it."""
    mandate = Mandate.objects.in_force(organisation, user, timezone.localdate())
    if mandate is None:
        raise Refused("mandate.none", organisation=organisation.name)
    return mandate


def _require_role_giver(by: User | str, membership: Membership, role: str) -> None:
    if role not in roles.ROLES:
        raise Refused("role.unknown", role=role)
    require(by, membership.organisation, Deed.MEMBERS)
    if "manage_platform" in roles.ROLES[role].permissions and not roles.manages_platform(by):
        raise PermissionDenied
    if membership.user == by and (role != "organisation_admin" or not _administers(by, membership)):
        raise Refused("role.own")


def _administers(by: User | str, membership: Membership) -> bool:
    """In their own right, so that nobody makes themselves an administrator."""
    return isinstance(by, User) and roles.allowed(by, "manage_members", membership.organisation)


def _record_role(event: str, membership: Membership, role: str, by: User | str) -> None:
    audit.record(
        event, by=by, about=membership, organisation=membership.organisation, member=membership.user_id, role=role
    )
