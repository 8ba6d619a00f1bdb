"""A use case from the proposal to just before its end; writing it down is in intake.py, the end in closing.py."""

from __future__ import annotations

from typing import Any

from django.db import transaction

import audit
from accounts import roles
from accounts.models import Organisation, User
from audit import transitions
from collaborations.access import lock, require_any, written
from collaborations.actions import bases
from collaborations.actions.contracts import authorise_if_signed, supersede_contracts
from collaborations.facts import facts_document
from collaborations.lifecycle import USE_CASE
from collaborations.models import SpecificationVersion, UseCase
from dpia import actions as dpia
from station.contract.canonical import digest
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from station.reasons import Refused
from station.specification import Specification

TEMPLATE = "nl-dpia-pet"


@transaction.atomic
def submit(*, use_case: UseCase, by: User) -> UseCase:
    """Puts the proposal before the invited partners; it explores at once when one of them is already in."""
    return _step("submit", use_case, by)


@transaction.atomic
def specify(*, use_case: UseCase, data: dict[str, Any], by: User) -> SpecificationVersion:
    """A new version of the specification. It reopens the legal bases and the DPIA that rest on the old one."""
    use_case = lock(use_case)
    roles.require(by, "specify", use_case.proposer)
    if use_case.state not in ("exploring", "assessing"):
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    spec = read_specification(data)
    reasons = specification_reasons(spec)
    if spec.asker != use_case.proposer.slug:
        raise Refused("specification.asker_not_proposer", asker=spec.asker, proposer=use_case.proposer.slug)
    if reasons:
        raise Refused(*reasons)
    _check_parties(use_case, spec)
    newest = use_case.specification
    version = SpecificationVersion.objects.create(
        use_case=use_case,
        number=newest.number + 1 if newest else 1,
        data=spec.document(),
        sha256=digest(spec.document()),
        by=by,
    )
    _give_roles(use_case, spec)
    audit.record(
        "use_case.specified", by=by, about=use_case, context=use_case, organisation=use_case.proposer,
        version=version.number, sha256=version.sha256,
    )  # fmt: skip
    supersede_contracts(use_case, by=by)
    bases.respecify(use_case, version, by=by)
    if use_case.assessment is not None:
        dpia.bind_facts(assessment=use_case.assessment, facts=facts_document(use_case), by=by)
    return version


@transaction.atomic
def start_assessing(*, use_case: UseCase, by: User, template: str = TEMPLATE) -> UseCase:
    """Ends the exploration: makes the DPIA on a template, bound to the current specification."""
    use_case = lock(use_case)
    step = USE_CASE["start_assessing"]
    require_any(by, step, use_case.proposer)
    transitions.check(step, use_case)
    spec = use_case.specification.read()  # type: ignore[union-attr]
    keys = [p.organisation for p in spec.parties if p.capacity in ("controller", "joint_controller")]
    use_case.assessment = dpia.create_assessment(
        title=use_case.title,
        template=template,
        facts=facts_document(use_case),
        controllers=list(Organisation.objects.filter(slug__in=keys)),
        coordinator=use_case.proposer,
        context=use_case,
        by=by,
    )
    transitions.move(step, use_case, by=by, context=use_case, organisation=use_case.proposer)
    return use_case


@transaction.atomic
def reassess(*, use_case: UseCase, reason: str, by: User) -> UseCase:
    """Takes an authorised use case back to assessing; its contract no longer counts."""
    supersede_contracts(use_case, by=by)
    return _step("reassess", use_case, by, reason=written(reason, "reason.needed"))


@transaction.atomic
def hold(*, use_case: UseCase, reason: str, by: User) -> UseCase:
    use_case = lock(use_case)
    use_case.held_from = use_case.state
    return _step("hold", use_case, by, locked=True, reason=written(reason, "reason.needed"))


@transaction.atomic
def resume(*, use_case: UseCase, by: User) -> UseCase:
    """Back to where it was when it was put on hold."""
    use_case = lock(use_case)
    back, use_case.held_from = use_case.held_from, ""
    use_case = _step("resume", use_case, by, locked=True, to=back)
    authorise_if_signed(use_case)
    return use_case


@transaction.atomic
def reject(*, use_case: UseCase, reason: str, by: User) -> UseCase:
    supersede_contracts(use_case, by=by)
    return _step("reject", use_case, by, reason=written(reason, "reason.needed"))


@transaction.atomic
def withdraw(*, use_case: UseCase, reason: str, by: User) -> UseCase:
    supersede_contracts(use_case, by=by)
    return _step("withdraw", use_case, by, reason=written(reason, "reason.needed"))



def _step(name: str, use_case: UseCase, by: User, *, locked: bool = False, to: str = "", **facts: Any) -> UseCase:
    use_case = use_case if locked else lock(use_case)
    step = USE_CASE[name]
    require_any(by, step, use_case.proposer)
    transitions.move(step, use_case, by=by, context=use_case, organisation=use_case.proposer, to=to, **facts)
    return use_case


def _check_parties(use_case: UseCase, spec: Specification) -> None:
    found = use_case.partners.filter(state__in=["invited", "joined"]).select_related("organisation")
    partners = {partner.organisation.slug: partner for partner in found}
    for party in spec.parties:
        if party.organisation not in partners:
            raise Refused("specification.party_no_partner", organisation=party.organisation)
        if partners[party.organisation].advises:
            raise Refused("partner.advises", organisation=party.name)


def _give_roles(use_case: UseCase, spec: Specification) -> None:
    """Capacity and party roles of each partner follow from the specification."""
    for partner in use_case.partners.select_related("organisation"):
        party = spec.party(partner.organisation.slug)
        if party is not None:
            partner.capacity, partner.party_roles = party.capacity, list(party.party_roles)
            partner.save(update_fields=["capacity", "party_roles"])
