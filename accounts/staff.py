"""Who works at an organisation, in which roles. A page that asks it several times reads it once (``read``)."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, prefetch_related_objects

from accounts.models import Mandate, Membership, Organisation, RoleHeld


def read(organisation: Organisation) -> None:
    """From here on this object knows its members, mandates and contacts, as they are now."""
    mandates = Mandate.objects.select_related("holder").order_by("-valid_to")
    members = Prefetch("memberships", _with_roles(Membership.objects.all()))
    prefetch_related_objects([organisation], members, Prefetch("mandates", mandates), "contacts")


def members(organisation: Organisation) -> list[Membership]:
    """The active ones by name, each with the roles they hold (``held``)."""
    known = "memberships" in getattr(organisation, "_prefetched_objects_cache", {})
    return list(organisation.memberships.all() if known else _with_roles(organisation.memberships.all()))


def holding(organisation: Organisation, *roles: str) -> list[Membership]:
    """Its active members who hold one of these roles, by name."""
    return [one for one in members(organisation) if one.user.is_active and not set(roles).isdisjoint(one.held)]


def _with_roles(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    roles = RoleHeld.objects.filter(membership=OuterRef("pk")).order_by("pk").values("role")
    found = memberships.filter(active=True).select_related("user")
    return found.annotate(held=ArraySubquery(roles)).order_by("user__full_name")
