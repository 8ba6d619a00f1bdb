"""The invented people of a demo: per organisation one account for each role, and one platform administrator."""

from __future__ import annotations

import itertools
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

import audit
from accounts import actions, standing
from accounts.models import Membership, Organisation, User
from demo.people import describe


@dataclass(frozen=True)
class Account:
    """What is printed: who, where, in which role, and the address to log in with."""

    organisation: str
    role: str
    name: str
    email: str


def email(organisation: str, role: str) -> str:
    """``.example`` is reserved: no such address can exist."""
    return f"{describe()['roles'][role]}@{organisation}.example"


def desk(organisation: str) -> str:
    """Where people go with questions about their data."""
    return f"{describe()['contact']['address']}@{organisation}.example"


def person(organisation: str, role: str) -> User:
    """Who plays this role in this organisation; the organisation must have been cast."""
    return User.objects.get(email=email(organisation, role))


def cast(organisations: dict[str, str], *, password: str | None, today: date) -> None:
    """Makes organisations (key -> name) and their people, through the same actions as the pages. Twice does it once.

    Without a password nobody can log in, which is right where nobody will."""
    known = describe()
    _platform_administrator(known["platform"])
    names = itertools.cycle(known["names"])
    for slug, name in organisations.items():
        organisation = _organisation(slug, name)
        for role in known["roles"]:
            _member(organisation, role, next(names))
        for role in known["mandate"]["roles"]:
            _mandate(organisation, role, today)
    if password is not None:
        # One hash for all: hashing is slow on purpose, and the demo's password is one and the same.
        User.objects.filter(email__endswith=".example").update(password=make_password(password))


def accounts() -> list[Account]:
    """Every account of the demo, the platform administrator last."""
    held = Membership.objects.filter(user__email__endswith=".example").select_related("user", "organisation")
    found = [
        Account(m.organisation.name, role.role, m.user.full_name, m.user.email)
        for m in held.prefetch_related("roles").order_by("pk")
        for role in m.roles.all()
    ]
    return sorted(found, key=lambda account: account.role == "platform_admin")


def password_of(instance: Path) -> str:
    """The one password of all demo accounts of an instance, made at the first call and readable by its owner only."""
    file = instance / "demo-password"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(f"demo-{secrets.token_hex(4)}-{secrets.token_hex(4)}")
    return file.read_text()


def _platform_administrator(known: dict[str, Any]) -> None:
    organisation = _organisation(known["organisation"]["slug"], known["organisation"]["name"])
    if Membership.objects.filter(user__email=known["email"], organisation=organisation).exists():
        return
    membership = actions.add_member(
        organisation=organisation, email=known["email"], full_name=known["name"], by=audit.SYSTEM
    )
    actions.grant_role(membership=membership, role="platform_admin", by=audit.SYSTEM)


def _organisation(slug: str, name: str) -> Organisation:
    found, known = Organisation.objects.filter(slug=slug).first(), describe()
    if found is not None:
        return found
    kind = "private" if slug in known["private"] else "public"
    made = actions.create_organisation(
        slug=slug, name=name, kind=kind, type=known["types"].get(slug, "other"), by=audit.SYSTEM
    )
    contact = known["contact"]
    standing.add_contact(
        organisation=made, name=contact["name"], function=contact["function"], email=desk(slug), by=audit.SYSTEM
    )
    return made


def _member(organisation: Organisation, role: str, name: str) -> None:
    address = email(organisation.slug, role)
    if Membership.objects.filter(user__email=address, organisation=organisation).exists():
        return
    membership = actions.add_member(organisation=organisation, email=address, full_name=name, by=audit.SYSTEM)
    actions.grant_role(membership=membership, role=role, by=audit.SYSTEM)


def _mandate(organisation: Organisation, role: str, today: date) -> None:
    holder, known = person(organisation.slug, role), describe()
    if holder.mandates.filter(organisation=organisation).exists():
        return
    actions.record_mandate(
        organisation=organisation, holder=holder, function=known["functions"][role],
        reference=known["mandate"]["reference"], valid_from=today, valid_to=known["mandate"]["last_day"],
        by=audit.SYSTEM,
    )  # fmt: skip
