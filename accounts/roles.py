"""The roles: what each may do in its organisation. The only place that gives or takes permissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

import audit
from accounts.permissions import BINDING, PERMISSIONS
from web.language import language

if TYPE_CHECKING:
    from accounts.models import Membership, Organisation, User


@dataclass(frozen=True)
class Role:
    nl: str
    en: str
    permissions: tuple[str, ...]


ROLES: dict[str, Role] = {
    "innovation_manager": Role(
        "Innovatiemanager",
        "Innovation manager",
        (
            "propose_use_case",
            "join_use_case",
            "specify",
            "record_agreement",
            "draft_contract",
            "schedule_run",
            "cancel_run",
        ),
    ),
    "drafter": Role("Opsteller", "Drafter", ("specify", "draft_assessment", "draft_basis")),
    "privacy_officer": Role("Privacy officer", "Privacy officer", ("review_assessment",)),
    "dpo": Role(
        "Functionaris gegevensbescherming (FG)",
        "Data protection officer (DPO)",
        ("advise_assessment", "advise_basis", "suspend_assessment"),
    ),
    "coordinating_dpo": Role(
        "Coördinerend FG",
        "Coordinating DPO",
        ("advise_assessment", "advise_basis", "suspend_assessment", "coordinate_assessment"),
    ),
    "lawyer": Role("Jurist", "Lawyer", ("draft_basis", "review_basis", "record_agreement", "review_assessment_law")),
    "security_officer": Role(
        "Informatiebeveiliger (CISO)", "Security officer", ("cancel_run", "review_assessment_security")
    ),
    "mandated_manager": Role(
        "Gemandateerd manager", "Mandated manager", ("adopt_assessment", "approve_basis", "join_use_case", "cancel_run")
    ),
    "data_steward": Role("Databeheerder", "Data steward", ("manage_station", "cancel_run")),
    "output_checker": Role("Uitvoercontroleur", "Output checker", ("check_output",)),
    "organisation_admin": Role("Beheerder van de organisatie", "Organisation administrator", ("manage_members",)),
    "platform_admin": Role("Platformbeheerder", "Platform administrator", ("manage_platform",)),
}


DPOS = ("dpo", "coordinating_dpo")


def binding() -> list[str]:
    """The roles that approve or sign; whoever holds one logs in with a second factor."""
    return [key for key, role in ROLES.items() if BINDING & set(role.permissions)]


def grant(membership: Membership, role: str) -> None:
    """Gives the role and its permissions on the organisation; giving it twice changes nothing."""
    from guardian.shortcuts import assign_perm  # guardian's models need the app registry

    membership.roles.get_or_create(role=role)
    for permission in ROLES[role].permissions:
        assign_perm(f"accounts.{permission}", membership.user, membership.organisation)


def revoke(membership: Membership, role: str) -> None:
    """Takes the role, and the permissions that no other role of this membership gives."""
    from guardian.shortcuts import remove_perm

    membership.roles.filter(role=role).delete()
    kept = {p for held in membership.roles.all() for p in ROLES[held.role].permissions}
    for permission in set(ROLES[role].permissions) - kept:
        remove_perm(f"accounts.{permission}", membership.user, membership.organisation)


def held(membership: Membership) -> set[str]:
    return set(membership.roles.values_list("role", flat=True))


def mark(held: set[str]) -> str:
    """What a form says of the roles that it showed."""
    return " ".join(sorted(held))


def named(held: set[str]) -> list[str]:
    """In the reader's language."""
    return [str(getattr(ROLES[role], language())) for role in sorted(held)]


def permissions_of(user: User, organisation: Organisation) -> set[str]:
    """All codenames the user holds there now; none for a former member or a suspended organisation."""
    return permissions_at(user, [organisation]).get(organisation.pk, set())


@dataclass(frozen=True)
class Place:
    """Where somebody works, also while it is suspended: what they may do there now, and in which roles they stand in
    for somebody else today."""

    organisation: Organisation
    permissions: frozenset[str]
    stands_in: tuple[str, ...]

    @property
    def active(self) -> bool:
        return self.organisation.state == "active"


def places(user: User) -> list[Place]:
    """All of them, in one query. What ``permissions_of`` says about each is among it."""
    if not user.is_authenticated or not user.is_active:
        return []
    rows = _with_rights(user, user.memberships.filter(active=True).select_related("organisation"))
    return [_place(user, row) for row in rows.order_by("organisation__name")]


def _place(user: User, row: Any) -> Place:
    may = _rights(user, row.codenames, row.today) if row.organisation.state == "active" else frozenset()
    return Place(row.organisation, may, tuple(row.today))


def permissions_at(user: User, organisations: Collection[Organisation]) -> dict[int, set[str]]:
    """What ``permissions_of`` says about each of these organisations (by its key), in one query."""
    if not user.is_authenticated or not user.is_active:
        return {}
    active = [one.pk for one in organisations if one.state == "active"]
    if not active:
        return {}
    rows = _with_rights(user, user.memberships.filter(active=True, organisation__in=active))
    found = rows.values_list("organisation_id", "codenames", "today")
    return {pk: set(_rights(user, own, roles)) for pk, own, roles in found}


def _with_rights(user: User, memberships: QuerySet[Membership]) -> QuerySet[Membership, Any]:
    """With the codenames that are given there, and the roles in which this member is somebody's deputy today."""
    from accounts.models import Deputy

    today = Deputy.objects.on(timezone.localdate()).filter(membership=OuterRef("pk")).order_by().values("role")
    return memberships.annotate(codenames=ArraySubquery(_codenames(user)), today=ArraySubquery(today))


def _rights(user: User, codenames: Iterable[str], stood_in: Iterable[str]) -> frozenset[str]:
    everything = frozenset(PERMISSIONS if user.is_superuser else ())
    return everything.union(codenames, *(ROLES[role].permissions for role in stood_in))


def _codenames(user: User) -> QuerySet[Any, Any]:
    """What guardian holds for this person at the organisation of an outer query about memberships."""
    from django.contrib.contenttypes.models import ContentType
    from guardian.models import UserObjectPermission

    from accounts.models import Organisation

    at = Cast(OuterRef("organisation_id"), CharField())
    kind = ContentType.objects.get_for_model(Organisation)
    held = UserObjectPermission.objects.filter(user=user, content_type=kind, object_pk=at)
    return held.order_by().values("permission__codename")


def allowed(user: User, permission: str, organisation: Organisation) -> bool:
    return permission in permissions_of(user, organisation)


def require(user: User, permission: str, organisation: Organisation) -> None:
    if not allowed(user, permission, organisation):
        raise PermissionDenied(f"{permission} at {organisation.slug}")


def manages_platform(by: User | str) -> bool:
    """A platform administrator, or the server's own command line (``audit.SYSTEM``), which no request can pass on."""
    if isinstance(by, str):
        return by == audit.SYSTEM
    return by.is_active and platform_work(by).exists()


def platform_work(user: User) -> QuerySet[Membership]:
    """The memberships by which this person manages the platform."""
    return user.memberships.filter(active=True, organisation__state="active", roles__role="platform_admin")
