"""What waits for platform administrators: organisations that partners asked for. They see these, not the use cases."""

from __future__ import annotations

from accounts import roles
from accounts.models import User
from collaborations.models import Outsider

MOST = 50


def requests_for(user: User) -> list[Outsider]:
    """Requests without an answer, and organisations that still have no member to write to; nothing for others."""
    if not roles.manages_platform(user):
        return []
    waiting = Outsider.objects.filter(state="asked") | Outsider.objects.filter(state="admitted").exclude(email="")
    return list(waiting.select_related("use_case__proposer", "organisation").order_by("asked_at")[:MOST])
