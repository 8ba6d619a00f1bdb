"""Who takes part: inviting, accepting, declining, leaving."""

from __future__ import annotations

from django.db import transaction

import audit
from accounts import roles
from accounts.models import Organisation, User
from audit import transitions
from collaborations.access import lock, require_any, written
from collaborations.lifecycle import PARTNER, USE_CASE
from collaborations.models import Partner, UseCase
from collaborations.models.network import OPEN
from station.reasons import Refused


@transaction.atomic
def invite_partner(
    *, use_case: UseCase, organisation: Organisation, by: User, capacity: str = "joint_controller"
) -> Partner:
    """Invites an organisation; one that declined or left before can be invited again."""
    roles.require(by, "propose_use_case", use_case.proposer)
    return invited(use_case=use_case, organisation=organisation, capacity=capacity, by=by)


def invited(*, use_case: UseCase, organisation: Organisation, capacity: str, by: User | str) -> Partner:
    """The invitation itself, when whoever may invite asked for it before."""
    use_case = lock(use_case)
    if use_case.state not in OPEN:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    if organisation.state != "active":
        raise Refused("partner.suspended", organisation=organisation.name)
    partner = use_case.partners.filter(organisation=organisation).first()
    if partner is not None and partner.state in ("invited", "joined"):
        raise Refused("partner.already", organisation=organisation.name)
    facts = {"by": by, "context": use_case, "organisation": use_case.proposer, "partner": organisation.name}
    if partner is not None:
        partner.capacity, partner.reason = capacity, ""
        partner.party_roles = [] if partner.advises else partner.party_roles
        transitions.move(PARTNER["invite_again"], partner, **facts)
        return partner
    partner = Partner.objects.create(use_case=use_case, organisation=organisation, capacity=capacity)
    audit.record("partner.invited", about=partner, **facts)
    return partner


@transaction.atomic
def accept_invitation(*, partner: Partner, by: User) -> Partner:
    """The organisation joins; the first one that does more than advise opens the exploration."""
    partner = _answer("accept", partner, by)
    use_case = lock(partner.use_case)
    if use_case.state == "proposed" and not partner.advises:
        transitions.move(USE_CASE["explore"], use_case, by=audit.SYSTEM, context=use_case)
    return partner


@transaction.atomic
def decline_invitation(*, partner: Partner, reason: str, by: User) -> Partner:
    return _answer("decline", partner, by, written(reason, "reason.needed"))


@transaction.atomic
def leave(*, partner: Partner, reason: str, by: User) -> Partner:
    """A partner stops: from now on the run gate is shut for every contract it is a party to."""
    return _answer("leave", partner, by, written(reason, "reason.needed"))


def _answer(name: str, partner: Partner, by: User, reason: str = "") -> Partner:
    partner = lock(partner)
    step = PARTNER[name]
    require_any(by, step, partner.organisation)
    partner.reason = reason
    facts = {"reason": reason} if reason else {}
    transitions.move(step, partner, by=by, context=partner.use_case, organisation=partner.organisation, **facts)
    return partner
