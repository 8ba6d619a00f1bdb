"""What somebody last said of a DPIA for a controller, and which version that was about: what changed since is compared
with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Organisation, User
from dpia.models import Adoption, Advice, Assessment, Review
from dpia.parts import candidates
from dpia.reviewers import REVIEWS

KIND_BY = {permission: kind for kind, permission in REVIEWS.items()}
SPEAKING = ("advise_assessment", *KIND_BY, "adopt_assessment")


@dataclass(frozen=True)
class Said:
    """``kind``: ``advice``, ``review`` or ``adoption``; ``verdict`` as people read it."""

    kind: str
    organisation: Organisation
    version: int
    at: datetime
    verdict: str
    row: Any


def last_said(assessment: Assessment, user: User) -> Said | None:
    """Newest first: by this person's organisation, in a part that this person plays or could play."""
    found = list(_all_said(assessment, user))
    return max(found, key=lambda said: said.at, default=None)


def _all_said(assessment: Assessment, user: User) -> Iterator[Said]:
    for organisation, permission in candidates(assessment, user, *SPEAKING):
        kind = {"advise_assessment": "advice", "adopt_assessment": "adoption"}.get(permission, "review")
        model: Any = {"advice": Advice, "adoption": Adoption, "review": Review}[kind]
        rows = model.objects.filter(version__assessment=assessment, organisation=organisation)
        if kind == "review":
            rows = rows.filter(kind=KIND_BY[permission])
        row = rows.select_related("version", "by").order_by("-version__number").first()
        if row is not None:
            verdict = str(row.get_verdict_display()) if kind != "adoption" else ""
            yield Said(kind, organisation, row.version.number, row.at, verdict, row)
