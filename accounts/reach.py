"""Who reaches how far into the administration of an organisation. The one place that knows what a platform
administrator may do there: keep the contacts, name a first administrator, and, only under support access that the
organisation granted, read and repair memberships and roles. Never what binds it: mandates, deputies, decisions."""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied

import audit
from accounts import roles
from accounts.models import Organisation, User
from accounts.support.access import opens


class Deed(StrEnum):
    """What is done there."""

    READ = "read"
    CONTACTS = "contacts"
    MEMBERS = "members"
    SECOND_FACTOR = "second_factor"
    MANDATES = "mandates"
    DEPUTIES = "deputies"


PLATFORM = frozenset({Deed.CONTACTS})
"""Of the platform itself: whom to write to at a partner."""
SUPPORT = frozenset({Deed.READ, Deed.MEMBERS, Deed.SECOND_FACTOR})
"""Under support access."""
HOUSE = frozenset({Deed.MEMBERS, Deed.SECOND_FACTOR})
"""Where the platform's own administrators work, as members themselves."""


def reaches(by: User | str, organisation: Organisation, deed: Deed) -> bool:
    """Its own administrator does everything; a platform administrator what stands above."""
    if isinstance(by, str):
        return by == audit.SYSTEM
    if roles.allowed(by, "manage_members", organisation):
        return True
    if not roles.manages_platform(by):
        return False
    return (
        deed in PLATFORM
        or (deed in SUPPORT and opens(by, organisation))
        or (deed in HOUSE and _works_for_platform(by, organisation))
    )


def require(by: User | str, organisation: Organisation, deed: Deed) -> None:
    if not reaches(by, organisation, deed):
        raise PermissionDenied(f"{deed} at {organisation.slug}")


def reads(user: User, organisation: Organisation) -> bool:
    """Who works there, also while it is suspended, and who is there in support."""
    return organisation.memberships.filter(user=user, active=True).exists() or opens(user, organisation)


def resets(by: User, member: User, organisation: Organisation) -> bool:
    """Whether ``by`` may take somebody's second factor away. That of the last administrator nobody else could, so the
    platform may; and platform administrators may for each other."""
    if reaches(by, organisation, Deed.SECOND_FACTOR):
        return True
    last = organisation.administrators() == [member]
    return roles.manages_platform(by) and (last or roles.manages_platform(member))


def _works_for_platform(by: User, organisation: Organisation) -> bool:
    return organisation.memberships.filter(user=by, active=True, roles__role="platform_admin").exists()
