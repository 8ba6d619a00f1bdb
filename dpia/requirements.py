"""What must hold before a DPIA takes a step, each with the reason that a person understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dpia.checking import named
from dpia.measures import verified
from dpia.reviewers import open_reviews
from dpia.sheet import Sheet
from station.reasons import Reason

if TYPE_CHECKING:
    from dpia.models import AdviceItem, Assessment, AuthorityConsultation

NO_REVIEW = {
    "privacy": "assessment.review_missing",
    "law": "assessment.review_missing_law",
    "security": "assessment.review_missing_security",
}


def complete(assessment: Assessment) -> Iterator[Reason]:
    """Every required question is answered."""
    for one in Sheet(assessment).open():
        yield one.reason


def measures_hold(assessment: Assessment) -> Iterator[Reason]:
    """No measure that is said to be there is contradicted by the specification or the register."""
    for found in verified(Sheet(assessment)):
        if found.state == "fails":
            because = found.because
            yield Reason(
                "assessment.measure_fails",
                {"number": found.number, "measure": found.measure, "because": because["nl"],
                 "because_en": because["en"]},
            )  # fmt: skip


def items_answered(assessment: Assessment) -> Iterator[Reason]:
    """Every item of the DPOs' advice has a response that the mandated manager decided: comply or explain."""
    yield from _each_organisation("assessment.items_open", open_items(assessment))
    yield from _each_organisation("assessment.items_undecided", undecided_items(assessment))


def _each_organisation(code: str, items: list[AdviceItem]) -> Iterator[Reason]:
    by_organisation: dict[str, list[str]] = {}
    for item in items:
        by_organisation.setdefault(item.advice.organisation.name, []).append(str(item.number))
    for name, numbers in by_organisation.items():
        yield Reason(code, {"organisation": name, "numbers": ", ".join(numbers)})


def open_items(assessment: Assessment) -> list[AdviceItem]:
    """The items of this round's advice that nobody responded to yet."""
    version = assessment.submitted_version
    return list(version.items().filter(response=None)) if version else []


def undecided_items(assessment: Assessment) -> list[AdviceItem]:
    """Those to which a drafter prepared a response, for the manager to decide."""
    version = assessment.submitted_version
    return list(version.items().exclude(response=None).filter(response__mandate=None)) if version else []


def advice_still_fits(assessment: Assessment) -> Iterator[Reason]:
    """No material answer changed after the DPOs advised."""
    version = assessment.submitted_version
    if version is None:
        return
    sheet = Sheet(assessment)
    before, now = sheet.material(version.data), sheet.material(sheet.frozen())
    changed = {key.split("/")[0] for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    for question in sheet.form.questions():
        if question.id in changed:
            yield Reason("assessment.material_changed", {**named(question)})


def authority_consulted(assessment: Assessment) -> Iterator[Reason]:
    """A high risk that remains has been put before the authority, which answered (GDPR art. 36)."""
    if Sheet(assessment).values().get("risk_after") != "high":
        return
    if not assessment.consultations.filter(round=assessment.round).exclude(answered_on=None).exists():
        yield Reason("assessment.consult_first")


def advice_summarised(assessment: Assessment) -> Iterator[Reason]:
    """Where a coordinating DPO was chosen and several DPOs advised, the joint summary is written."""
    coordinator, version = assessment.coordinating_dpo, assessment.submitted_version
    if coordinator is None or version is None or version.advices.count() < 2:
        return
    if not version.summaries.exists():
        yield Reason("assessment.summary_missing", {"organisation": coordinator.name})


def not_extended(assessment: Assessment) -> Iterator[Reason]:
    """The authority extended its term at most once."""
    asked = open_consultation(assessment)
    if asked is not None and asked.extended_on is not None:
        yield Reason("consultation.extended", {"day": asked.extended_on.isoformat()})


def term_runs(assessment: Assessment) -> Iterator[Reason]:
    """The authority does not wait for information yet."""
    asked = open_consultation(assessment)
    if asked is not None and asked.pauses.filter(end=None).exists():
        yield Reason("consultation.paused")


def term_stands_still(assessment: Assessment) -> Iterator[Reason]:
    """The authority waits for information."""
    asked = open_consultation(assessment)
    if asked is None or not asked.pauses.filter(end=None).exists():
        yield Reason("consultation.not_paused")


def open_consultation(assessment: Assessment) -> AuthorityConsultation | None:
    """The one of this round that waits for its answer."""
    return assessment.consultations.filter(round=assessment.round, answered_on=None).first()


def all_reviewed(assessment: Assessment) -> Iterator[Reason]:
    """Every review that is asked of a controller found it ready: privacy, law, security."""
    for organisation, kind in open_reviews(assessment, found_ready=True):
        yield Reason(NO_REVIEW[kind], {"organisation": organisation.name})


def all_advised(assessment: Assessment) -> Iterator[Reason]:
    """Every controller's DPO advised."""
    version = assessment.submitted_version
    done = set(version.advices.values_list("organisation", flat=True)) if version else set()
    yield from _waiting(assessment, done, "assessment.advice_missing")


def all_adopted(assessment: Assessment) -> Iterator[Reason]:
    """Every controller adopted the newest version: unanimity."""
    version = assessment.current_version
    done = set(version.adoptions.values_list("organisation", flat=True)) if version else set()
    yield from _waiting(assessment, done, "assessment.adoption_missing")


def _waiting(assessment: Assessment, done: set[int], code: str) -> Iterator[Reason]:
    for controller in assessment.controllers.select_related("organisation"):
        if controller.organisation_id not in done:
            yield Reason(code, {"organisation": controller.organisation.name})
