"""A partner asks another one to do by a day what waits for it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import Organisation, User
from collaborations.access import lock
from collaborations.models import Partner
from collaborations.turns import waiting
from station.reasons import Refused

ASKS = "join_use_case"


@transaction.atomic
def ask_to_act(*, partner: Partner, act_by: date, by: User) -> Partner:
    """About what waits for the partner at this moment; asked again, the new day counts."""
    partner = lock(partner)
    organisation = _asking(partner, by)
    if partner.organisation.state != "active":
        raise Refused("partner.suspended", organisation=partner.organisation.name)
    if act_by < timezone.localdate():
        raise Refused("asking.past")
    if not any(turn.who == partner.organisation.slug for turn in waiting(partner.use_case)):
        raise Refused("asking.nothing", organisation=partner.organisation.name)
    partner.act_by, partner.asked_by, partner.asked_at = act_by, organisation, timezone.now()
    partner.save(update_fields=["act_by", "asked_by", "asked_at"])
    audit.record(
        "partner.asked", by=by, about=partner, context=partner.use_case, organisation=organisation,
        partner=partner.organisation.name, day=act_by.isoformat(),
    )  # fmt: skip
    return partner


def _asking(partner: Partner, by: User) -> Organisation:
    """The other party in whose name this person asks; the proposer first."""
    proposer, others = partner.use_case.proposer_id, partner.use_case.parties().exclude(pk=partner.pk)
    for row in sorted(others, key=lambda row: row.organisation_id != proposer):
        if roles.allowed(by, ASKS, row.organisation):
            return row.organisation
    if roles.allowed(by, ASKS, partner.organisation):
        raise Refused("asking.own")
    raise PermissionDenied(f"{ASKS} at another partner")
