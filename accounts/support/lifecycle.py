"""The lifecycle of support access. What it opens while it is granted stands in ``accounts/reach.py``."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import roles
from accounts.support.models import SupportAccess
from audit.transitions import Transition
from station.reasons import Reason


def still_administers(access: SupportAccess) -> Iterable[Reason]:
    """Who asked still administers the platform."""
    if not roles.manages_platform(access.asked_by):
        yield Reason("support.no_administrator", {"name": access.asked_by.full_name})


SUPPORT = {
    "grant": Transition(("asked",), "granted", "support.granted", ("manage_members",), (still_administers,)),
    "refuse": Transition(("asked",), "refused", "support.refused", ("manage_members",)),
    "withdraw": Transition(("asked",), "withdrawn", "support.withdrawn", ("manage_platform",)),
    "lapse": Transition(("asked",), "lapsed", "support.lapsed"),
    "end": Transition(("granted",), "ended", "support.ended", ("manage_members", "manage_platform")),
    "expire": Transition(("granted",), "expired", "support.expired"),
}
