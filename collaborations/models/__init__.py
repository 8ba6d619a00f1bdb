"""Why and with whom: use cases, partners, specifications, legal bases, agreements and contracts."""

from collaborations.models.agreements import Agreement, AgreementQuerySet
from collaborations.models.bases import LegalBasis, LegalBasisQuerySet
from collaborations.models.basis_parts import BasisCitation, BasisDocument
from collaborations.models.contracts import Contract, ContractDocument, ContractQuerySet, Signature
from collaborations.models.use_cases import Collaboration, Partner, SpecificationVersion, UseCase, UseCaseQuerySet
from collaborations.models.waiting import TurnsKept, TurnsWanted, WaitingTurn

__all__ = [
    "Agreement",
    "AgreementQuerySet",
    "BasisCitation",
    "BasisDocument",
    "Collaboration",
    "Contract",
    "ContractDocument",
    "ContractQuerySet",
    "LegalBasis",
    "LegalBasisQuerySet",
    "Partner",
    "Signature",
    "SpecificationVersion",
    "TurnsKept",
    "TurnsWanted",
    "UseCase",
    "UseCaseQuerySet",
    "WaitingTurn",
]
