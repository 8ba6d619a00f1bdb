"""The facts document: what is known about a use case, as canonical JSON handed to the DPIA."""

from __future__ import annotations

from typing import Any

from collaborations.models import LegalBasis, UseCase
from collaborations.papers import basis_document
from station import analyses
from station.analyses import techniques
from station.specification import Specification

SCHEMA = "nicpet.facts/1"
CURRENT = (
    LegalBasis.objects.exclude(state__in=["withdrawn", "superseded"])
    .select_related("partner__organisation", "replaces", "specification")
    .prefetch_related("citations", "documents")
)


def facts_document(use_case: UseCase) -> dict[str, Any]:
    """Specification with its hash, use case, parties, bases and leakage. The use case must be specified."""
    version = use_case.specification
    if version is None:
        raise ValueError("a use case without a specification has no facts")
    spec = version.read()
    return {
        "schema": SCHEMA,
        "specification": version.data,
        "specification_sha256": version.sha256,
        "specification_version": version.number,
        "use_case": {
            "id": str(use_case.pk),
            "title": use_case.title,
            "summary": use_case.summary,
            "theme": use_case.theme,
            "proposer": use_case.proposer.slug,
        },
        "parties": _parties(use_case, spec),
        "bases": [basis_document(basis) for basis in current_bases(use_case)],
        "leakage": _leakage(spec),
        "technique": _technique(spec),
    }


def current_bases(use_case: UseCase) -> list[LegalBasis]:
    """The rows about the current specification that are not withdrawn or superseded."""
    version = use_case.specification
    if version is None:
        return []
    read_together = "bases" in getattr(version, "_prefetched_objects_cache", {})
    return list(version.bases.all() if read_together else CURRENT.filter(specification=version))


def _parties(use_case: UseCase, spec: Specification) -> list[dict[str, Any]]:
    kinds = {p.organisation.slug: p.organisation.kind for p in use_case.joined()}
    return [
        {**party.model_dump(mode="json"), "kind": kinds.get(party.organisation, "public")} for party in spec.parties
    ]


def _leakage(spec: Specification) -> list[dict[str, Any]]:
    return [
        {
            "what": leak.what.model_dump(),
            "to_whom": list(leak.to_whom),
            "phase": leak.phase.model_dump(),
            "bound": leak.bound.model_dump(),
        }
        for leak in analyses.get(spec.analysis).leakage(spec)
    ]


def _technique(spec: Specification) -> dict[str, Any]:
    """What the catalogue says about the analysis, and what its engine promises on which conditions."""
    analysis = analyses.get(spec.analysis)
    return {
        "title": analysis.title.model_dump(),
        "summary": analysis.summary.model_dump(),
        "assumptions": analysis.assumptions.model_dump(),
        "program": analysis.program,
        "engine": spec.engine,
        "properties": [
            {"what": one.what.model_dump(), "value": one.value.model_dump(), "assumes": one.assumes.model_dump()}
            for one in techniques.of(spec.engine)
        ],
    }
