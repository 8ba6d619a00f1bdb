"""What must hold before a DPIA takes a step, each with the reason that a person understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dpia import sheet
from station.reasons import Reason

if TYPE_CHECKING:
    from dpia.models import Assessment


def complete(assessment: Assessment) -> Iterator[Reason]:
    """Every required question is answered."""
    yield from sheet.missing(assessment)


def items_answered(assessment: Assessment) -> Iterator[Reason]:
    """Every item of the DPOs' advice has a response: comply or explain."""
    version = assessment.submitted_version
    if version is None:
        return
    for advice in version.advices.select_related("organisation"):
        open_items = [item.number for item in advice.items.filter(response=None)]
        if open_items:
            numbers = ", ".join(map(str, open_items))
            yield Reason("assessment.items_open", {"organisation": advice.organisation.name, "numbers": numbers})


def advice_still_fits(assessment: Assessment) -> Iterator[Reason]:
    """No material answer changed after the DPOs advised."""
    version = assessment.submitted_version
    if version is None:
        return
    before, now = sheet.material(assessment, version.data), sheet.material(assessment, sheet.frozen(assessment))
    changed = sorted({key.split("/")[0] for key in before.keys() | now.keys() if before.get(key) != now.get(key)})
    labels = {question.id: question.label for question in sheet.form(assessment).questions()}
    for key in changed:
        yield Reason("assessment.material_changed", {"question": labels[key].nl, "question_en": labels[key].en})


def authority_consulted(assessment: Assessment) -> Iterator[Reason]:
    """A high risk that remains has been put before the authority, which answered (GDPR art. 36)."""
    if sheet.values(assessment).get("risk_after") != "high":
        return
    if not assessment.consultations.filter(round=assessment.round).exclude(answered_on=None).exists():
        yield Reason("assessment.consult_first")


def all_reviewed(assessment: Assessment) -> Iterator[Reason]:
    """Every controller's privacy officer found it ready."""
    version = assessment.submitted_version
    done = set(version.reviews.filter(verdict="positive").values_list("organisation", flat=True)) if version else set()
    yield from _waiting(assessment, done, "assessment.review_missing")


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
