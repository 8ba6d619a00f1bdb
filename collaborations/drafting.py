"""The text of a contract, put together from what was decided, with the documents it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from collaborations.facts import current_bases
from collaborations.models import Agreement, LegalBasis, UseCase
from collaborations.papers import agreement_document, basis_document
from station.contract import signatures
from station.contract.canonical import canonical, digest
from station.contract.contract import Contract, read_contract
from station.reasons import Refused

Key = Mapping[str, str]


@dataclass(frozen=True)
class Paper:
    """A document of the contract: how it is named there, and its canonical text."""

    entry: dict[str, Any]
    text: str

    @property
    def sha256(self) -> str:
        return str(self.entry["sha256"])

    def fields(self) -> dict[str, str]:
        return {"kind": self.entry["kind"], "data": self.text}


def contract_text(
    use_case: UseCase, stations: Mapping[str, Key], datasets: Sequence[Mapping[str, Any]], *, trial: bool
) -> tuple[Contract, list[Paper]]:
    """The contract and its documents; Refused when a party has no station or an input no dataset."""
    version = use_case.specification
    if version is None:
        raise Refused("use_case.not_specified")
    spec = version.read()
    for party in spec.parties:
        if party.organisation not in stations:
            raise Refused("contract.no_station", organisation=party.name)
    papers = [] if trial else list(_papers(use_case))
    document = {
        "schema": "nicpet.contract/1",
        "kind": "trial_contract" if trial else "contract",
        "use_case": str(use_case.pk),
        "serial": use_case.contracts.count() + 1,
        "specification": version.data,
        "specification_sha256": version.sha256,
        "documents": [paper.entry for paper in papers],
        "stations": [_station(key, stations[key]) for key in sorted(p.organisation for p in spec.parties)],
        "datasets": sorted((dict(dataset) for dataset in datasets), key=lambda d: str(d.get("input"))),
        "valid_to": [] if trial else _validity(papers, [p.organisation for p in spec.parties], use_case),
        "drafted_on": timezone.localdate().isoformat(),
    }
    return read_contract(document), papers


def _station(organisation: str, jwk: Key) -> dict[str, str]:
    return {"organisation": organisation, "thumbprint": signatures.thumbprint(signatures.import_public(dict(jwk)))}


def _papers(use_case: UseCase) -> Iterator[Paper]:
    if use_case.assessment is not None:
        yield _paper("assessment", None, use_case.assessment.title, use_case.assessment.document(), None)
    for basis in _approved(use_case):
        title = f"{basis.law_id} {basis.article}"
        organisation = basis.partner.organisation.slug
        yield _paper("legal_basis", organisation, title, basis_document(basis), basis.valid_to.isoformat())
    for agreement in _agreements(use_case):
        document = agreement_document(agreement)
        yield _paper("agreement", None, agreement.title, document, agreement.valid_to.isoformat())


def _approved(use_case: UseCase) -> list[LegalBasis]:
    """What is approved, but for what has ended and was not marked yet: it would end the contract at once."""
    today = timezone.localdate()
    return [basis for basis in current_bases(use_case) if basis.state == "approved" and basis.valid_to >= today]


def _agreements(use_case: UseCase) -> list[Agreement]:
    return [row for row in Agreement.objects.of(use_case) if row.in_force(timezone.localdate())]


def _paper(kind: str, organisation: str | None, title: str, document: Any, valid_to: str | None) -> Paper:
    entry = {
        "kind": kind,
        "organisation": organisation,
        "title": title[:300],
        "sha256": digest(document),
        "valid_to": valid_to,
    }
    return Paper(entry, canonical(document).decode())


def _validity(papers: list[Paper], parties: list[str], use_case: UseCase) -> list[dict[str, str]]:
    """Per party the earliest end of its own bases and of the agreements it is a party to."""
    ends: dict[str, list[str]] = defaultdict(list)
    for paper in papers:
        if paper.entry["kind"] == "legal_basis":
            ends[paper.entry["organisation"]].append(paper.entry["valid_to"])
    for agreement in _agreements(use_case):
        for party in agreement.parties.all():
            ends[party.slug].append(agreement.valid_to.isoformat())
    return [{"organisation": key, "valid_to": min(ends[key])} for key in sorted(parties) if ends[key]]
