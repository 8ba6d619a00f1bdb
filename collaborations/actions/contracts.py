"""The contract: drafted here from what was decided, signed at the stations, complete with the last signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

import audit
from accounts import roles
from accounts.models import Organisation, User
from audit import transitions
from collaborations import gate
from collaborations.access import lock
from collaborations.drafting import contract_text
from collaborations.lifecycle import CONTRACT, USE_CASE
from collaborations.models import Contract, ContractDocument, Signature, UseCase
from station.contract import signatures
from station.contract.canonical import canonical, code
from station.contract.contract import Contract as Terms
from station.contract.rules import contract_reasons
from station.contract.statements import read_statement
from station.reasons import Refused


@transaction.atomic
def draft_contract(
    *, use_case: UseCase, stations: Mapping[str, Mapping[str, str]], datasets: Sequence[Mapping[str, Any]], by: User,
    trial: bool = False,
) -> Contract:  # fmt: skip
    """Freezes what was decided into the text that every station signs.

    ``stations``: organisation key to the public JWK of its station. ``datasets``: ``{input, sha256, synthetic}`` per
    input, as the stations announced them. ``trial``: on synthetic data, while exploring, without DPIA and bases.
    """
    use_case = lock(use_case)
    roles.require(by, "draft_contract", use_case.proposer)
    _check_ready(use_case, trial)
    text, documents = contract_text(use_case, stations, datasets, trial=trial)
    reasons = contract_reasons(text)
    if reasons:
        raise Refused(*reasons)
    if any(_same(contract, text) for contract in use_case.contracts.current().filter(kind=text.kind)):
        raise Refused("contract.drafted_already")
    supersede_contracts(use_case, kind=text.kind, by=by)
    contract = Contract.objects.create(
        use_case=use_case, kind=text.kind, data=canonical(text.document()).decode(), sha256=text.sha256,
        code=code(text.sha256), drafted_by=by,
        keys=[{"organisation": s.organisation, "jwk": dict(stations[s.organisation])} for s in text.stations],
    )  # fmt: skip
    for document in documents:
        ContractDocument.objects.get_or_create(contract=contract, sha256=document.sha256, defaults=document.fields())
    audit.record(
        "contract.drafted", by=by, about=contract, context=use_case, organisation=use_case.proposer, sha256=text.sha256
    )
    return contract


@transaction.atomic
def record_signature(*, contract: Contract, organisation: Organisation, jws: str, by: str = audit.STATION) -> Signature:
    """Keeps a station's approval when it is valid; the last one authorises the use case. The same one twice is fine."""
    contract = lock(contract)
    known = contract.signatures.filter(organisation=organisation, kind="approval").first()
    if known is not None and known.jws == jws:
        return known
    text = contract.read()
    payload = signatures.verify(jws, text.approval_type, _pinned(contract, organisation))
    read_statement(payload)
    _check_approval(contract, organisation, payload)
    if known is not None:
        return known  # signed before, in other words: the first one stays
    if contract.state != "drafted":
        raise Refused("lifecycle.state", state=str(contract.get_state_display()))
    signature = Signature.objects.create(contract=contract, organisation=organisation, kind="approval", jws=jws)
    _record("contract.approved", contract, by, organisation)
    signed = set(contract.signatures.filter(kind="approval").values_list("organisation__slug", flat=True))
    if signed == {station.organisation for station in text.stations}:
        _complete(contract)
    return signature


@transaction.atomic
def record_revocation(
    *, contract: Contract, organisation: Organisation, jws: str, by: str = audit.STATION
) -> Signature:
    """Keeps a station's revocation: from now on nothing runs under this contract."""
    contract = lock(contract)
    known = contract.signatures.filter(organisation=organisation, kind="revocation").first()
    payload = signatures.verify(jws, "revocation", _pinned(contract, organisation))
    read_statement(payload)
    if payload.get("contract") != contract.sha256 or payload.get("organisation") != organisation.slug:
        raise Refused("approval.other_contract")
    if known is not None:
        return known
    signature = Signature.objects.create(contract=contract, organisation=organisation, kind="revocation", jws=jws)
    _record("contract.revocation_received", contract, by, organisation)
    if contract.state in CONTRACT["revoke"].sources:
        transitions.move(CONTRACT["revoke"], contract, by=by, context=contract.use_case, organisation=organisation)
        use_case = lock(contract.use_case)
        if use_case.state == "authorised" and contract.kind == "contract":
            transitions.move(USE_CASE["reassess"], use_case, by=audit.SYSTEM, context=use_case)
    return signature


def authorise_if_signed(use_case: UseCase) -> None:
    """The last signature authorises; when it came while the use case was on hold, resuming it does."""
    if use_case.state == "assessing" and use_case.contracts.filter(kind="contract", state="signed").exists():
        transitions.move(USE_CASE["authorise"], use_case, by=audit.SYSTEM, context=use_case)


def supersede_contracts(use_case: UseCase, *, by: User, kind: str | None = None) -> None:
    """Contracts that wait for signatures or are signed no longer count."""
    current = use_case.contracts.current().select_for_update()
    for contract in current.filter(kind=kind) if kind else current:
        transitions.move(
            CONTRACT["supersede"], contract, by=by, context=use_case, organisation=use_case.proposer,
            sha256=contract.sha256,
        )  # fmt: skip


def _same(contract: Contract, text: Terms) -> bool:
    """Whether a contract says the same but for its number and day."""
    own = {"serial": text.serial, "drafted_on": text.drafted_on}
    return contract.read().document() | own == text.document()


def _check_ready(use_case: UseCase, trial: bool) -> None:
    if use_case.specification is None:
        raise Refused("use_case.not_specified")
    if trial:
        if use_case.state != "exploring":
            raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
        return
    missing = gate.unmet(use_case, None, timezone.localdate(), "draft")
    if missing:
        raise Refused(*(turn.reason for turn in missing))


def _pinned(contract: Contract, organisation: Organisation) -> Any:
    """Only the key that stands in the contract for this organisation counts."""
    jwk = next((k["jwk"] for k in contract.keys if k["organisation"] == organisation.slug), None)
    key = signatures.import_public(jwk) if jwk else None
    return lambda kid: key if key is not None and signatures.thumbprint(key) == kid else None


def _check_approval(contract: Contract, organisation: Organisation, payload: dict[str, Any]) -> None:
    text = contract.read()
    party = text.specification.party(organisation.slug)
    if payload.get("contract") != contract.sha256 or payload.get("organisation") != organisation.slug:
        raise Refused("approval.other_contract")
    if party is None or payload.get("capacity") != party.capacity:
        raise Refused("approval.other_capacity")
    if sorted(payload["documents"]) != sorted(d.sha256 for d in text.documents):
        raise Refused("approval.other_documents")
    if _day(payload["mandate"]["valid_to"]) < timezone.localdate():
        raise Refused("approval.mandate_ended")


def _day(text: str | None) -> date:
    """What is no day has ended long ago."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return date.min


def _complete(contract: Contract) -> None:
    use_case = lock(contract.use_case)
    transitions.move(CONTRACT["complete"], contract, by=audit.SYSTEM, context=use_case)
    authorise_if_signed(use_case)


def _record(event: str, contract: Contract, by: str, organisation: Organisation) -> None:
    audit.record(event, by=by, about=contract, context=contract.use_case, organisation=organisation)
