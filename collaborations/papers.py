"""What a legal basis and an agreement say, as canonical documents; the contract holds their hashes."""

from __future__ import annotations

from typing import Any

from collaborations.models import Agreement, BasisCitation, LegalBasis

MORE = (
    "special", "criminal", "number", "side", "counterpart", "secrecy", "secrecy_provision", "secrecy_lifted_by",
    "further_use", "collected_for", "compatibility",
)  # fmt: skip


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
        **_more(basis),
    }


def _more(basis: LegalBasis) -> dict[str, Any]:
    """What a row says beyond that. Empty parts are left out, so that the hash of a row without them stays as it was."""
    more: dict[str, Any] = {name: getattr(basis, name) for name in MORE}
    cited = [_cited(entry) for entry in basis.citations.all()]
    if len(cited) > 1 or any(entry.keys() - {"law_id", "article"} for entry in cited):
        more["citations"] = cited
    more["documents"] = [{"name": paper.name, "sha256": paper.sha256} for paper in basis.documents.all()]
    return {name: value for name, value in more.items() if value}


def _cited(entry: BasisCitation) -> dict[str, Any]:
    said = {
        "law_id": entry.law_id,
        "article": entry.article,
        "version_date": entry.version_date.isoformat() if entry.version_date else "",
        "quote": entry.quote,
        "remark": entry.remark,
        "verified": entry.verified,
    }
    return {name: value for name, value in said.items() if value}


def agreement_document(agreement: Agreement) -> dict[str, Any]:
    """Parties, validity, the hash of the signed paper, and what was recorded of who does what for people's rights."""
    return {
        "schema": "nicpet.agreement/1",
        "kind": agreement.kind,
        "title": agreement.title,
        "parties": sorted(party.slug for party in agreement.parties.all()),
        "valid_from": agreement.valid_from.isoformat(),
        "valid_to": agreement.valid_to.isoformat(),
        "document_sha256": agreement.document_sha256,
        **_who_does_what(agreement),
    }


def _who_does_what(agreement: Agreement) -> dict[str, Any]:
    """Left out where nothing was recorded (it stands in the paper then), so that the hash stays what it was."""
    rights = [
        {"right": row.right, "organisation": row.organisation.slug, "remarks": row.remarks}
        for row in agreement.rights.select_related("organisation")
    ]
    contact = {
        "name": agreement.contact_name, "email": agreement.contact_email, "phone": agreement.contact_phone
    }  # fmt: skip
    return ({"rights": rights} if rights else {}) | ({"contact": contact} if any(contact.values()) else {})
