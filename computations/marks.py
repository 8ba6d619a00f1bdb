"""Who signed a contract, who did not yet, and who revoked: one mark per party, read from what its station signed.

The platform checked each statement when it came in; here it is only shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from collaborations.models import Contract, Signature
from computations.models.runs import read_terms
from station.contract.signatures import unverified

State = Literal["waiting", "signed", "revoked"]


@dataclass(frozen=True)
class Mark:
    organisation: str
    name: str
    capacity: str
    state: State
    thumbprint: str
    valid_to: str
    at: datetime | None = None
    function: str = ""
    reference: str = ""
    mandate_to: str = ""
    decided_on: str = ""
    statement: str = ""
    revoked_at: datetime | None = None
    reason: str = ""


def marks(contract: Contract) -> list[Mark]:
    """In the order of the parties in the specification."""
    terms = read_terms(contract.data)
    given = {(s.organisation.slug, s.kind): s for s in contract.signatures.select_related("organisation")}
    ends = {validity.organisation: validity.valid_to for validity in terms.valid_to}
    found = []
    for party in terms.specification.parties:
        key = party.organisation
        approval, revocation = given.get((key, "approval")), given.get((key, "revocation"))
        found.append(
            Mark(
                organisation=key,
                name=party.name,
                capacity=party.capacity,
                thumbprint=terms.key_of(key) or "",
                valid_to=ends.get(key, terms.specification.schedule.end),
                state="revoked" if revocation else "signed" if approval else "waiting",
                **_approved(approval),
                **_revoked(revocation),
            )
        )
    return found


def _approved(signature: Signature | None) -> dict[str, Any]:
    if signature is None:
        return {}
    said = unverified(signature.jws)
    mandate = said.get("mandate") or {}
    return {
        "at": signature.at,
        "function": str(mandate.get("function", "")),
        "reference": str(mandate.get("reference", "")),
        "mandate_to": str(mandate.get("valid_to") or ""),
        "decided_on": str(said.get("decided_on", "")),
        "statement": hashlib.sha256(signature.jws.encode()).hexdigest(),
    }


def _revoked(signature: Signature | None) -> dict[str, Any]:
    if signature is None:
        return {}
    return {"revoked_at": signature.at, "reason": str(unverified(signature.jws).get("reason", ""))}
