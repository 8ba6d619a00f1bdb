"""What waits for platform administrators: organisations that partners asked for. They see these, not the use cases."""

from __future__ import annotations

from django.core.cache import cache

from accounts import roles
from accounts.models import User
from collaborations.models import Outsider

MOST = 50
REMEMBERED_SECONDS = 60
"""Nearly everybody administers nothing, and opens the first page often: that alone is remembered."""


def requests_for(user: User) -> list[Outsider]:
    """Requests without an answer, and organisations that still have no member to write to; nothing for others."""
    key = f"administers-nothing:{user.pk}"
    if cache.get(key):
        return []
    if not roles.manages_platform(user):
        cache.set(key, True, REMEMBERED_SECONDS)
        return []
    waiting = Outsider.objects.filter(state="asked") | Outsider.objects.filter(state="admitted").exclude(email="")
    return list(waiting.select_related("use_case__proposer", "organisation").order_by("asked_at")[:MOST])
