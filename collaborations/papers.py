"""What a legal basis and an agreement say, as canonical documents; the contract holds their hashes."""

from __future__ import annotations

from typing import Any

from collaborations.models import Agreement, LegalBasis


def basis_document(basis: LegalBasis) -> dict[str, Any]:
    """What a row says, without who handled it; the state is not part of it, so that its hash stays."""
    return {
        "schema": "nicpet.legal-basis/1",
        "organisation": basis.partner.organisation.slug,
        "specification_sha256": basis.specification.sha256,
        "row": basis.pk,
        "version": basis.version,
        "purpose": basis.purpose,
        "data_category": basis.data_category,
        "operation": basis.operation,
        "regime": basis.regime,
        "ground": basis.ground,
        "provision": basis.provision,
        "law_id": basis.law_id,
        "article": basis.article,
        "valid_from": basis.valid_from.isoformat(),
        "valid_to": basis.valid_to.isoformat(),
    }


def agreement_document(agreement: Agreement) -> dict[str, Any]:
    """Parties, validity and the hash of the signed paper."""
    return {
        "schema": "nicpet.agreement/1",
        "kind": agreement.kind,
        "title": agreement.title,
        "parties": sorted(party.slug for party in agreement.parties.all()),
        "valid_from": agreement.valid_from.isoformat(),
        "valid_to": agreement.valid_to.isoformat(),
        "document_sha256": agreement.document_sha256,
    }
