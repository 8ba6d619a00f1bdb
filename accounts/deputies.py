"""Deputies: somebody does what a role allows while its holder is away. ``accounts/roles.py`` counts them in.

A deputy acts in their own name: the events name both, and four eyes count the people, not the roles.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import Deputy, Membership, Organisation, RoleHeld, User
from accounts.reach import Deed, require
from station.reasons import Refused

LONGEST_DAYS = 366


@transaction.atomic
def name_deputy(
    *, absent: Membership, deputy: Membership, role: str, first_day: date, last_day: date, reason: str, by: User | str
) -> Deputy:
    """Names who stands in for a member's role, from the first to the last day. Nobody names themselves."""
    organisation = Organisation.objects.select_for_update().get(pk=absent.organisation_id)
    require(by, organisation, Deed.DEPUTIES)
    _fitting_people(absent, deputy, role, by)
    _fitting_days(first_day, last_day)
    if not reason.strip():
        raise Refused("reason.needed")
    held = Deputy.objects.not_over(first_day).filter(absent=absent, role=role, first_day__lte=last_day).first()
    if held is not None:
        facts = {"begin": held.first_day.isoformat(), "end": held.last_day.isoformat()}
        raise Refused("deputy.overlap", name=held.membership.user.full_name, **facts)
    made = Deputy.objects.create(
        membership=deputy, absent=absent, role=role, first_day=first_day, last_day=last_day,
        reason=reason.strip()[:300], named_by=by if isinstance(by, User) else None,
    )  # fmt: skip
    _record("deputy.named", made, by, begin=first_day.isoformat(), end=last_day.isoformat(), reason=made.reason)
    return made


@transaction.atomic
def end_deputy(*, deputy: Deputy, by: User | str) -> None:
    """The absent is back: from today the deputy does no longer hold the role. What was done stays done."""
    deputy = Deputy.objects.select_for_update().get(pk=deputy.pk)
    require(by, deputy.absent.organisation, Deed.DEPUTIES)
    if deputy.ended_on is None:
        deputy.ended_on = timezone.localdate()
        deputy.save(update_fields=["ended_on"])
        _record("deputy.ended", deputy, by)


def stands_in(user: User) -> list[Deputy]:
    """For whom this person stands in today, at whichever organisation that is not suspended."""
    today = Deputy.objects.on(timezone.localdate())
    found = today.filter(membership__user=user, absent__organisation__state="active")
    return list(found.select_related("absent__user", "absent__organisation"))


def holding(permission: str, day: date) -> QuerySet[Membership]:
    """Everybody who may do this that day, in the active organisations: by a role of their own, or standing in for one
    who holds it."""
    names = [key for key, role in roles.ROLES.items() if permission in role.permissions]
    today = Deputy.objects.on(day).filter(membership=OuterRef("pk"), role__in=names)
    return Membership.objects.filter(
        Exists(RoleHeld.objects.filter(membership=OuterRef("pk"), role__in=names)) | Exists(today),
        active=True, user__is_active=True, organisation__state="active",
    )  # fmt: skip


def told(by: User | str, organisation: Organisation | str | None) -> dict[str, list[int]]:
    """What every event of a deputy says beside: for whom this person stands in there on that day."""
    if not isinstance(by, User) or not organisation:
        return {}
    key = getattr(organisation, "slug", organisation)
    absent = sorted({one.absent.user_id for one in stands_in(by) if one.absent.organisation.slug == key})
    return {"deputy_for": absent} if absent else {}


def _fitting_people(absent: Membership, deputy: Membership, role: str, by: User | str) -> None:
    if role not in roles.ROLES or "manage_platform" in roles.ROLES[role].permissions:
        raise Refused("role.unknown", role=role)
    if deputy.organisation_id != absent.organisation_id or not deputy.active or not absent.active:
        raise Refused("deputy.no_member")
    if deputy.pk == absent.pk:
        raise Refused("deputy.same_person")
    if deputy.user == by:
        raise Refused("deputy.own")
    if not absent.roles.filter(role=role).exists():
        raise Refused("deputy.role_not_held", name=absent.user.full_name)
    if deputy.roles.filter(role=role).exists():
        raise Refused("deputy.holds_it", name=deputy.user.full_name)


def _fitting_days(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Refused("dates.end_before_begin", begin=first_day.isoformat(), end=last_day.isoformat())
    if last_day < timezone.localdate():
        raise Refused("deputy.past")
    if (last_day - first_day).days > LONGEST_DAYS:
        raise Refused("deputy.too_long", days=LONGEST_DAYS)


def _record(event: str, deputy: Deputy, by: User | str, **facts: str) -> None:
    audit.record(
        event, by=by, about=deputy.absent, organisation=deputy.absent.organisation, role=deputy.role,
        member=deputy.membership.user_id, absent=deputy.absent.user_id, **facts,
    )  # fmt: skip
