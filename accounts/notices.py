"""What a person should know of their own place here: for whom they stand in, and which organisation is suspended."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts import deputies, roles
from accounts.models import Organisation, User
from web.language import language


def notices(user: User, places: Iterable[roles.Place] | None = None) -> list[str]:
    """One sentence each, in the reader's language. ``places``: where this person works, when that is read already."""
    found = list(roles.places(user) if places is None else places)
    suspended = [_suspended(one.organisation) for one in found if not one.active]
    stands_in = deputies.stands_in(user) if any(one.stands_in and one.active for one in found) else []
    return suspended + [_stands_in(one) for one in stands_in]


def _suspended(organisation: Organisation) -> str:
    facts = {"organisation": organisation.name, "reason": organisation.state_reason}
    return _(
        "%(organisation)s is suspended on this platform: %(reason)s You see its use cases again when a platform"
        " administrator lifts the suspension."
    ) % {**facts, "reason": facts["reason"].rstrip(". ") + "."}


def _stands_in(deputy: deputies.Deputy) -> str:
    facts = {
        "name": deputy.absent.user.full_name,
        "role": getattr(roles.ROLES[deputy.role], language()),
        "organisation": deputy.absent.organisation.name,
        "day": format_date(deputy.last_day, "j F Y"),
    }
    return _("You stand in for %(name)s at %(organisation)s, until and including %(day)s. Role: %(role)s.") % facts
