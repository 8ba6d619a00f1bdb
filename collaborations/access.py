"""Locking a row and asking whether somebody may act on it for an organisation."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext

from accounts import roles
from accounts.models import Organisation, User
from audit.transitions import Transition
from collaborations.models import UseCase
from station.reasons import Refused

Row = TypeVar("Row", bound=Model)
LONGEST = 10_000


def lock(row: Row) -> Row:
    """The same row, read again and held until the transaction ends."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)  # type: ignore[return-value]


def require_any(by: User, step: Transition, organisation: Organisation) -> None:
    """One of the step's permissions will do."""
    held = roles.permissions_of(by, organisation)
    if not held & set(step.permissions):
        raise PermissionDenied(f"{' or '.join(step.permissions)} at {organisation.slug}")


def acting(by: User, permission: str, use_case: UseCase) -> Organisation:
    """The joined party for which this user holds the permission, the proposer first."""
    partners = [partner.organisation for partner in use_case.parties()]
    for organisation in sorted(partners, key=lambda o: o.pk != use_case.proposer_id):
        if roles.allowed(by, permission, organisation):
            return organisation
    raise PermissionDenied(f"{permission} at a partner")


def written(text: str, code: str, **facts: Any) -> str:
    """The text without outer white space; refused when nothing is left, or when it is endless."""
    if not text.strip():
        raise Refused(code, **facts)
    return short(text)


def short(text: str, name: str = "", limit: int | None = None) -> str:
    """The text without outer white space, when it is not longer than anybody reads."""
    limit = limit or LONGEST
    if len(text.strip()) > limit:
        raise Refused("text.too_long", field=name or gettext("explanation"), limit=limit)
    return text.strip()
