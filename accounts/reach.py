"""Who reaches how far into the administration of an organisation. The one place that knows what a platform
administrator may do there: keep the contacts, name a first administrator, and, only under support access that the
organisation granted, read and repair memberships and roles. Never what binds it: mandates, deputies, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

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


@dataclass
class Reach:
    """How far one person reaches at one organisation; each thing is read once, when it is asked. ``platform_read``:
    whether they manage the platform, when that was read already."""

    user: User
    organisation: Organisation
    platform_read: bool | None = None

    @cached_property
    def place(self) -> roles.Place | None:
        """Where they work there, if they do."""
        return next((one for one in roles.places(self.user) if one.organisation == self.organisation), None)

    @cached_property
    def held(self) -> frozenset[str]:
        return self.place.permissions if self.place else frozenset()

    @cached_property
    def platform(self) -> bool:
        return roles.manages_platform(self.user) if self.platform_read is None else self.platform_read

    @cached_property
    def reads(self) -> bool:
        """Who works there, also while it is suspended, and who is there in support."""
        return self.place is not None or self.supports

    @cached_property
    def supports(self) -> bool:
        return opens(self.user, self.organisation)

    @cached_property
    def at_home(self) -> bool:
        """It is where the platform's own administrators work."""
        return roles.platform_work(self.user).filter(organisation=self.organisation).exists()

    def does(self, deed: Deed) -> bool:
        """Its own administrator does everything; a platform administrator what stands above."""
        if "manage_members" in self.held:
            return True
        if not self.platform:
            return False
        return deed in PLATFORM or (deed in SUPPORT and self.supports) or (deed in HOUSE and self.at_home)


def reaches(by: User | str, organisation: Organisation, deed: Deed) -> bool:
    if isinstance(by, str):
        return by == audit.SYSTEM
    return Reach(by, organisation).does(deed)


def require(by: User | str, organisation: Organisation, deed: Deed) -> None:
    if not reaches(by, organisation, deed):
        raise PermissionDenied(f"{deed} at {organisation.slug}")


def reads(user: User, organisation: Organisation) -> bool:
    return Reach(user, organisation).reads


def resets(by: User, member: User, organisation: Organisation) -> bool:
    """Whether ``by`` may take somebody's second factor away. That of the last administrator nobody else could, so the
    platform may; and platform administrators may for each other."""
    if reaches(by, organisation, Deed.SECOND_FACTOR):
        return True
    last = organisation.administrators() == [member]
    return roles.manages_platform(by) and (last or roles.manages_platform(member))
