"""The run gate: everything that must hold before a run is scheduled, started or released.

Here the gate explains; the control is what every station checks for itself. A condition is one function in the table;
it yields a ``Turn`` per thing that is missing, which says who can mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from django.urls import reverse

from accounts.turn import Turn
from collaborations.coverage import Cell, matrix
from collaborations.facts import current_bases
from collaborations.gate_bases import cells_covered
from collaborations.gate_mandates import mandates_stand
from collaborations.models import Agreement, Contract, LegalBasis, UseCase
from collaborations.output_rules import looser
from collaborations.papers import agreement_document
from dpia import turns as dpia
from dpia.models import Assessment
from station.contract.canonical import digest
from station.contract.contract import Document, read_specification
from station.contract.rules import contract_reasons
from station.specification import Specification

Purpose = Literal["draft", "schedule", "start", "release"]
Unmet = Turn


@dataclass
class Case:
    """What the conditions look at, read once."""

    use_case: UseCase
    contract: Contract | None
    day: date
    purpose: Purpose
    spec: Specification

    @cached_property
    def bases(self) -> list[LegalBasis]:
        return current_bases(self.use_case)

    @cached_property
    def cells(self) -> list[Cell]:
        """What the specification asks for, with how it stands that day."""
        return matrix(self.spec, self.bases, self.day)

    def documents(self, kind: str) -> list[Document]:
        """Those of a kind that the contract rests on."""
        return [d for d in self.contract.read().documents if d.kind == kind] if self.contract else []

    @cached_property
    def agreements(self) -> list[tuple[Agreement, set[str]]]:
        """Those in force that day, each with its parties' keys."""
        rows = Agreement.objects.of(self.use_case)
        return [(row, {party.slug for party in row.parties.all()}) for row in rows if row.in_force(self.day)]

    @property
    def proposer(self) -> str:
        return self.use_case.proposer.slug

    @property
    def is_trial(self) -> bool:
        return self.contract is not None and self.contract.kind == "trial_contract"


Condition = Callable[[Case], Iterator[Unmet]]
_added: list[Condition] = []


def unmet(use_case: UseCase, contract: Contract | None, day: date, purpose: Purpose = "schedule") -> list[Unmet]:
    """What is missing; empty when the gate is open. ``draft`` asks what a contract needs before it can be drafted."""
    spec = _specification(use_case, contract)
    if spec is None:
        return [Turn("use_case.not_specified", {}, use_case.proposer.slug, "specify", use_case.state_since)]
    case = Case(use_case, contract, day, purpose, spec)
    conditions = TRIAL if case.is_trial else DRAFT if purpose == "draft" else RUN
    return [missing for condition in (*conditions, *_added) for missing in condition(case)]


def also(condition: Condition) -> None:
    """A room above adds a condition to every purpose; it explains as all others do."""
    _added.append(condition)


def about(use_case: UseCase, day: date, *conditions: Condition, contract: Contract | None = None) -> list[Unmet]:
    """What these conditions miss, for the page where that is mended; nothing before there is a specification."""
    spec = _specification(use_case, contract)
    case = Case(use_case, contract, day, "draft", spec) if spec else None
    return [missing for condition in conditions for missing in condition(case)] if case else []


def right_state(case: Case) -> Iterator[Unmet]:
    """The use case is authorised (a trial: exploring; a draft of a contract: assessing)."""
    wanted = "exploring" if case.is_trial else "assessing" if case.purpose == "draft" else "authorised"
    if case.use_case.state != wanted:
        facts = {"state": str(case.use_case.get_state_display()), "wanted": str(UseCase.State(wanted).label)}
        yield Turn("gate.use_case_state", facts, case.proposer, "propose_use_case", case.use_case.state_since)


def everybody_in(case: Case) -> Iterator[Unmet]:
    """Every party still takes part: it joined, did not withdraw, and its organisation is active."""
    partners = {p.organisation.slug: p for p in case.use_case.everybody() if not p.advises}
    for party in case.spec.parties:
        partner = partners.get(party.organisation)
        facts = {"organisation": party.name}
        if partner is None or partner.state != "joined":
            since = partner.state_since if partner else None
            yield Turn("gate.party_left", facts, party.organisation, "join_use_case", since)
        elif partner.organisation.state != "active":
            page = reverse("collaborations:partners", args=[case.use_case.pk])
            since = partner.organisation.state_since
            yield Turn("gate.party_suspended", facts, party.organisation, "manage_platform", since, page)


def same_specification(case: Case) -> Iterator[Unmet]:
    """The contract is about the current specification, so its output rules are the ones that were assessed."""
    version = case.use_case.specification
    if case.contract and version and case.contract.read().specification_sha256 != version.sha256:
        yield Turn(
            "gate.specification_changed", {"version": version.number}, case.proposer, "draft_contract", version.at
        )


def contract_sound(case: Case) -> Iterator[Unmet]:
    """The contract is what its hash says, and holds no faults."""
    if case.contract is None:
        return
    text = case.contract.read()
    if text.sha256 != case.contract.sha256:
        yield Turn("gate.contract_changed", {}, case.proposer, "draft_contract", case.contract.state_since)
    for reason in contract_reasons(text):
        yield Turn(reason.code, reason.facts, case.proposer, "draft_contract", case.contract.state_since)


def assessment_adopted(case: Case) -> Iterator[Unmet]:
    """The DPIA is adopted for exactly this specification, and is the one in the contract."""
    assessment, version = case.use_case.assessment, case.use_case.specification
    if assessment is None:
        yield Turn("gate.no_assessment", {}, case.proposer, "specify", case.use_case.state_since)
        return
    if assessment.state != "adopted":
        facts = {"state": str(assessment.get_state_display())}
        yield Turn("gate.assessment_not_adopted", facts, *_who_decides(assessment), assessment.state_since)
    elif version and assessment.facts.specification_sha256 != version.sha256:
        coordinator = assessment.coordinator.slug
        yield Turn("gate.assessment_other_specification", {}, coordinator, "draft_assessment", version.at)
    elif case.contract and digest(assessment.document()) not in {d.sha256 for d in case.documents("assessment")}:
        yield Turn("gate.assessment_changed", {}, case.proposer, "draft_contract", assessment.state_since)


def output_rules(case: Case) -> Iterator[Unmet]:
    """What the contract lets out is at least as strict as what the DPIA was adopted for."""
    assessment = case.use_case.assessment
    if case.contract is None or assessment is None:
        return
    adopted = read_specification(assessment.facts.data["specification"])
    for what in looser(adopted, case.spec):
        facts = {"what": what["nl"], "what_en": what["en"]}
        yield Turn("gate.output_rules", facts, case.proposer, "draft_contract", case.contract.state_since)


def agreement_in_force(case: Case) -> Iterator[Unmet]:
    """An agreement is in force for all controllers together, and one for every processor."""
    missing = list(_agreements_missing(case))
    unsigned = list(_unsigned(case)) if missing else []
    yield from unsigned
    yield from (turn for turn in missing if not (unsigned and turn.code == "gate.no_agreement"))


def _agreements_missing(case: Case) -> Iterator[Unmet]:
    if not case.agreements:
        yield Turn("gate.no_agreement", {}, case.proposer, "record_agreement", case.use_case.state_since)
        return
    controllers = {p.organisation for p in case.spec.parties if p.capacity in ("controller", "joint_controller")}
    between = [keys for row, keys in case.agreements if row.kind == "art26"]
    if len(controllers) > 1 and not any(controllers <= keys for keys in between):
        names = ", ".join(p.name for p in case.spec.parties if p.organisation in controllers)
        yield Turn("gate.no_arrangement", {"organisations": names}, case.proposer, "record_agreement", None)
    for party in case.spec.parties:
        bound = any(
            party.organisation in keys and keys & controllers for row, keys in case.agreements if row.kind == "art28"
        )
        if party.capacity == "processor" and not bound:
            facts = {"organisation": party.name}
            yield Turn("gate.no_processing_contract", facts, case.proposer, "record_agreement", None)


def _unsigned(case: Case) -> Iterator[Unmet]:
    """The signatures that would mend it; a draft beside an agreement that is in force stands in nobody's way."""
    page = reverse("collaborations:agreement", args=[case.use_case.pk])
    rows = Agreement.objects.of(case.use_case).filter(state="drafted", valid_to__gte=case.day)
    for row in rows.prefetch_related("signatures"):
        for party in row.unsigned():
            facts = {"organisation": party.name, "title": row.title}
            yield Turn("gate.agreement_unsigned", facts, party.slug, "approve_basis", row.recorded_at, page)


def agreements_unchanged(case: Case) -> Iterator[Unmet]:
    """The agreements of the contract are still in force."""
    if case.contract is None:
        return
    held = {digest(agreement_document(row)) for row, _keys in case.agreements}
    for document in case.documents("agreement"):
        if document.sha256 not in held:
            yield Turn("gate.agreement_ended", {"title": document.title}, case.proposer, "record_agreement", None)


def signed_by_all(case: Case) -> Iterator[Unmet]:
    """Every station signed, and none revoked."""
    if case.contract is None:
        yield Turn("gate.no_contract", {}, case.proposer, "draft_contract", case.use_case.state_since)
        return
    marks = set(case.contract.signatures.values_list("organisation__slug", "kind"))
    names = {p.organisation: p.name for p in case.contract.read().specification.parties}
    for station in case.contract.read().stations:
        facts, key = {"organisation": names.get(station.organisation, station.organisation)}, station.organisation
        if (key, "revocation") in marks:
            yield Turn("gate.revoked", facts, key, "manage_station", case.contract.state_since)
        elif (key, "approval") not in marks:
            yield Turn("gate.not_signed_by", facts, key, "manage_station", case.contract.drafted_at)
    if case.contract.state == "superseded":
        yield Turn("gate.superseded", {}, case.proposer, "draft_contract", case.contract.state_since)


def inside_window(case: Case) -> Iterator[Unmet]:
    """The day is inside the window, and not after any party's own end. Before it begins a contract can be drafted."""
    schedule = case.spec.schedule
    if case.day > schedule.last_day or (case.contract and case.day < schedule.first_day):
        passed = schedule.last_day if case.day > schedule.last_day else None
        facts = {"start": schedule.start, "end": schedule.end, "day": case.day.isoformat()}
        yield Turn("gate.outside_window", facts, case.proposer, "specify", None, deadline=passed)
    for validity in case.contract.read().valid_to if case.contract else ():
        if case.day > date.fromisoformat(validity.valid_to):
            party = case.spec.party(validity.organisation)
            facts = {"organisation": party.name if party else validity.organisation, "valid_to": validity.valid_to}
            yield Turn("gate.party_ended", facts, validity.organisation, "draft_basis", None)


FOUNDATION: tuple[Condition, ...] = (
    right_state, everybody_in, assessment_adopted, cells_covered, agreement_in_force, mandates_stand
)  # fmt: skip
DRAFT: tuple[Condition, ...] = (*FOUNDATION, inside_window)
TRIAL: tuple[Condition, ...] = (
    right_state, everybody_in, same_specification, contract_sound, signed_by_all, inside_window
)  # fmt: skip
RUN: tuple[Condition, ...] = (
    *FOUNDATION, same_specification, output_rules, contract_sound, agreements_unchanged, signed_by_all, inside_window
)  # fmt: skip


def _who_decides(assessment: Assessment) -> tuple[str, str]:
    """The one for whom the DPIA waits now; its coordinator when it waits for several, or for nobody."""
    waiting = list(dpia.turns(assessment))
    if len(waiting) == 1:
        return waiting[0].who, waiting[0].permission
    return assessment.coordinator.slug, "draft_assessment"


def _specification(use_case: UseCase, contract: Contract | None) -> Specification | None:
    if contract is not None:
        return contract.read().specification
    version = use_case.specification
    return version.read() if version else None
