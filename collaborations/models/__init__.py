"""Why and with whom: use cases, partners, specifications, legal bases, agreements and contracts."""

from collaborations.models.agreements import Agreement, AgreementQuerySet
from collaborations.models.bases import LegalBasis, LegalBasisQuerySet
from collaborations.models.basis_parts import BasisCitation, BasisDocument
from collaborations.models.contracts import Contract, ContractDocument, ContractQuerySet, Signature
from collaborations.models.network import Call, CallAnswer, CallQuerySet, Interest, Outsider, Summary, SummaryAgreement
from collaborations.models.shared import SharedAssessment, SharedAssessmentQuerySet, SharingAgreement
from collaborations.models.use_cases import Collaboration, Partner, SpecificationVersion, UseCase, UseCaseQuerySet
from collaborations.models.waiting import TurnsKept, TurnsWanted, WaitingTurn

__all__ = [
    "Agreement",
    "AgreementQuerySet",
    "BasisCitation",
    "BasisDocument",
    "Call",
    "CallAnswer",
    "CallQuerySet",
    "Collaboration",
    "Contract",
    "ContractDocument",
    "ContractQuerySet",
    "Interest",
    "LegalBasis",
    "LegalBasisQuerySet",
    "Outsider",
    "Partner",
    "SharedAssessment",
    "SharedAssessmentQuerySet",
    "SharingAgreement",
    "Signature",
    "SpecificationVersion",
    "Summary",
    "SummaryAgreement",
    "TurnsKept",
    "TurnsWanted",
    "UseCase",
    "UseCaseQuerySet",
    "WaitingTurn",
]
