"""Where a draft starts: at the current version, else at what is known of the use case."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

from django.utils import timezone

from collaborations.models import Partner, UseCase
from computations.models import SpecificationDraft
from station import analyses

WINDOW_DAYS = 365


def current(use_case: UseCase) -> SpecificationDraft:
    """The draft as it was saved; an unsaved one when nobody saved yet."""
    found = SpecificationDraft.objects.select_related("saved_by", "based_on").filter(use_case=use_case).first()
    return found or fresh(use_case)


def fresh(use_case: UseCase) -> SpecificationDraft:
    version = use_case.specification
    data = deepcopy(version.data) if version else _first(use_case)
    return SpecificationDraft(use_case=use_case, data=data, based_on=version)


def copied(document: dict[str, Any], use_case: UseCase) -> dict[str, Any]:
    """Another use case's specification as a draft of this one; who takes part and which data is left to mend."""
    data, first = deepcopy(document), _first(use_case)
    known = {party["organisation"] for party in data["parties"]}
    data["parties"] += [party for party in first["parties"] if party["organisation"] not in known]
    schedule = data["schedule"] | {key: first["schedule"][key] for key in ("start", "end")}
    return data | {"asker": first["asker"], "schedule": schedule}


def candidates(use_case: UseCase) -> list[Partner]:
    """The partners that can be a party (no advisers): invited or joined, the proposer first."""
    found = use_case.partners.parties().filter(state__in=["invited", "joined"]).select_related("organisation")
    return sorted(found, key=lambda partner: partner.organisation_id != use_case.proposer_id)


def _first(use_case: UseCase) -> dict[str, Any]:
    today, known = timezone.localdate(), list(analyses.catalogue().values())
    only = known[0] if len(known) == 1 else None
    return {
        "schema": "nicpet.specification/1",
        "title": {"nl": use_case.title, "en": ""},
        "purpose": {"nl": use_case.summary, "en": ""},
        "asker": use_case.proposer.slug,
        "parties": [_party(partner) for partner in candidates(use_case)],
        "inputs": [],
        "analysis": only.key if only else "",
        "engine": only.engines[0] if only else "",
        "parameters": {},
        "disclosure": {"k": None, "two_sided": True, "rounding_base": 0},
        "outputs": [],
        "retention": [],
        "schedule": {
            "recurrence": "once", "start": today.isoformat(),
            "end": (today + timedelta(days=WINDOW_DAYS)).isoformat(), "slots": 1,
        },
    }  # fmt: skip


def _party(partner: Partner) -> dict[str, Any]:
    organisation = partner.organisation
    return {
        "organisation": organisation.slug, "name": organisation.name, "capacity": partner.capacity, "party_roles": [],
    }  # fmt: skip
