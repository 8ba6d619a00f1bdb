"""Everything that stands between a draft and a version, each with the section where it can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collaborations.models import UseCase
from computations.models import Dataset
from computations.specifying.gaps import gaps
from computations.specifying.sections import Draft, document
from computations.specifying.starting import candidates
from station.contract.contract import read_specification
from station.contract.rules import specification_reasons
from station.reasons import Reason, Refused
from station.specification import Specification


@dataclass(frozen=True)
class Finding:
    section: str
    reason: Reason


PLACES = (
    ("specification.party", "parties"), ("specification.three", "parties"), ("specification.asker", "parties"),
    ("specification.no_controller", "parties"), ("analysis.base_computes", "parties"),
    ("specification.input", "datasets"), ("specification.giver", "datasets"), ("analysis.inputs", "datasets"),
    ("analysis.one_input_each", "datasets"), ("analysis.key_types", "datasets"),
    ("contract.no_dataset", "datasets"),
    ("specification.output", "output"), ("specification.recipient", "output"), ("specification.checker", "output"),
    ("specification.window", "window"), ("grouped_counts.rounding", "output"),
    ("survival.giver_computes", "parties"), ("survival.two_lists", "datasets"), ("survival.key_types", "datasets"),
    ("membership.requests", "datasets"), ("membership.registrations", "datasets"), ("membership.recipient", "output"),
    ("membership.rounding", "output"), ("survival.rows", "datasets"), ("survival.rounding", "output"),
    ("regression.rows", "datasets"), ("regression.rounding", "output"),
)  # fmt: skip
"""Beginning of a reason's code -> section. Reasons about a column are placed by their input; the rest: the analysis."""
ABOUT_COLUMNS = ("specification.column_twice", "specification.one_join_key", "contract.dataset_column")


def findings(draft: Draft, use_case: UseCase) -> list[Finding]:
    """Empty when the draft can be saved as a version."""
    missing = [Finding(section, Reason("draft.empty", {"what": what})) for section, what in gaps(draft)]
    if missing:
        return missing
    try:
        spec = read_specification(document(draft))
    except Refused as refusal:
        return [Finding("", reason) for reason in refusal.reasons]
    reasons = [*specification_reasons(spec), *_use_case_reasons(spec, use_case)]
    return [Finding(_place(reason, spec), reason) for reason in reasons]


def warnings(spec: Specification) -> list[Finding]:
    """What does not stop a version, but will stop a contract: datasets that the stations did not announce so."""
    return [Finding(_place(reason, spec), reason) for reason in _dataset_reasons(spec)]


def readable(draft: Draft) -> Specification | None:
    """The typed specification when the draft has its form, sound or not."""
    try:
        return read_specification(document(draft))
    except Refused:
        return None


def _use_case_reasons(spec: Specification, use_case: UseCase) -> Iterator[Reason]:
    if spec.asker != use_case.proposer.slug:
        facts: dict[str, str | int] = {"asker": spec.asker, "proposer": use_case.proposer.slug}
        yield Reason("specification.asker_not_proposer", facts)
    partners = {partner.organisation.slug for partner in candidates(use_case)}
    for party in spec.parties:
        if party.organisation not in partners:
            yield Reason("specification.party_no_partner", {"organisation": party.organisation})


def _dataset_reasons(spec: Specification) -> Iterator[Reason]:
    keys = [entry.organisation for entry in spec.inputs]
    known = Dataset.objects.filter(organisation__slug__in=keys).select_related("organisation")
    announced = {(dataset.organisation.slug, dataset.key): dataset for dataset in known}
    for entry in spec.inputs:
        facts: dict[str, str | int] = {"organisation": entry.organisation, "dataset": entry.dataset}
        dataset = announced.get((entry.organisation, entry.dataset))
        if dataset is None:
            yield Reason("contract.no_dataset", facts)
            continue
        for name in dataset.strange_columns(entry):
            yield Reason("contract.dataset_column", {**facts, "column": name})


def _place(reason: Reason, spec: Specification) -> str:
    if reason.code in ABOUT_COLUMNS:
        return _columns_section(reason, spec)
    return next((section for start, section in PLACES if reason.code.startswith(start)), "analysis")


def _columns_section(reason: Reason, spec: Specification) -> str:
    entry = spec.input(str(reason.facts.get("input", "")))
    if entry is not None:
        return f"columns/{entry.organisation}/{entry.dataset}"
    return f"columns/{reason.facts.get('organisation')}/{reason.facts.get('dataset')}"
