"""Getting contracts and signatures from the platform, and checking them from the station's own store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from station.agent.platform import Platform
from station.agent.queries import cut_reasons
from station.contract.canonical import load_canonical
from station.contract.contract import Contract, read_contract
from station.contract.coverage import uncovered
from station.contract.rules import contract_reasons
from station.contract.signatures import import_public, public, read_header, thumbprint, unverified, verify
from station.contract.statements import read_statement
from station.engine.available import lacking
from station.home import Home
from station.reasons import Reason, Refused


def fetch(home: Home, platform: Platform, sha256: str) -> Contract:
    """Gets a contract with its documents, checks every hash and thumbprint, and keeps it."""
    answer = platform.contract(sha256)
    try:
        text, keys = answer["contract"], [item["jwk"] for item in answer["keys"]]
        documents = [(str(item["sha256"]), str(item["text"])) for item in answer["documents"]]
        held = {given for given, body in documents if hashlib.sha256(body.encode()).hexdigest() == given}
        signatures = [*answer["approvals"], *answer.get("revocations", [])]
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("platform.unreadable") from error
    contract = read_contract(load_canonical(text))
    if contract.sha256 != sha256:
        raise Refused("contract.other_hash")
    for document in contract.documents:
        if document.sha256 not in held:
            raise Refused("contract.document_missing", title=document.title)
    jwks = [public(import_public(jwk)) for jwk in keys]
    known = {thumbprint(import_public(jwk)) for jwk in jwks}
    if not {station.thumbprint for station in contract.stations} <= known:
        raise Refused("contract.key_missing")
    home.ledger.keep_contract(text, jwks, [pair for pair in documents if pair[0] in held])
    keep_signatures(home, contract, signatures)
    return contract


def keep_signatures(home: Home, contract: Contract, tokens: list[str]) -> None:
    """Keeps approvals and revocations really signed by the pinned key of their organisation; drops the rest."""
    for token in tokens:
        try:
            kind = str(read_header(token)["typ"]).removeprefix("nicpet-").removesuffix("+jws")
            organisation = str(unverified(token).get("organisation"))
            payload = verify(token, (contract.approval_type, "revocation"), home.pins.key_of(contract, organisation))
            read_statement(payload)
        except (Refused, ValueError):
            continue
        if payload["contract"] == contract.sha256 and payload["organisation"] == organisation:
            home.ledger.keep_signature(contract.sha256, organisation, kind, token)


def own_reasons(home: Home, contract: Contract) -> list[Reason]:
    """Why this station would not sign, or not run, this contract: its rules, bases, own policy, data, key and pins."""
    spec, own = contract.specification, home.organisation
    if spec.party(own) is None:
        return [Reason("contract.not_ours", {"organisation": own})]
    agreed = {dataset.input: dataset for dataset in contract.datasets}
    faults = contract_reasons(contract) or [*uncovered(contract, _texts(home, contract), date.today())]
    reasons = [*faults, *home.policy.reasons(spec, own), *lacking(spec, own), *home.pins.reasons(contract)]
    if contract.key_of(own) != thumbprint(home.key):
        reasons.append(Reason("contract.own_key"))
    for entry in spec.inputs_of(own):
        reasons.extend(home.datasets.reasons(entry, agreed.get(entry.id)))
    return [*reasons, *cut_reasons(home, contract)]


def _texts(home: Home, contract: Contract) -> dict[str, str]:
    """The documents it rests on, from the own store; their hashes were checked when they came in."""
    found = {document.sha256: home.ledger.document(document.sha256) for document in contract.documents}
    return {sha256: text for sha256, text in found.items() if text is not None}


def signature_reasons(home: Home, contract: Contract, day: date) -> Iterator[Reason]:
    """Who did not sign, withdrew, or may no longer take part on this day; every signature is verified again."""
    signed = {(organisation, kind): token for organisation, kind, token in home.ledger.signatures(contract.sha256)}
    for party in contract.specification.parties:
        who: dict[str, str | int] = {"organisation": party.organisation}
        if (party.organisation, "revocation") in signed:
            yield Reason("contract.revoked", who)
            continue
        token = signed.get((party.organisation, contract.approval_type))
        if token is None:
            yield Reason("contract.not_signed", who)
            continue
        try:
            payload = verify(token, contract.approval_type, home.pins.key_of(contract, party.organisation))
        except Refused as refusal:
            yield from refusal.reasons
            continue
        if payload["contract"] != contract.sha256 or payload["organisation"] != party.organisation:
            yield Reason("contract.not_signed", who)
        if not _mandate_held(payload):
            yield Reason("contract.mandate_ended", who)
        if not contract.valid_on(day, party.organisation):
            yield Reason("contract.not_valid_today", who)


def _mandate_held(payload: dict[str, Any]) -> bool:
    """On the day of the decision; what was signed outlives the mandate. Who no longer stands by it revokes."""
    end, decided = payload["mandate"].get("valid_to"), payload["decided_on"]
    try:
        return date.fromisoformat(decided) <= date.fromisoformat(end or decided)
    except ValueError:
        return False
