"""Whose turn it is in a DPIA, and since when."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.turn import Turn
from dpia import sheet
from dpia.models import Assessment
from dpia.requirements import items_answered

DRAFTING = {"draft": "turn.draft_assessment", "response": "turn.respond", "prior_consultation": "turn.authority"}
DECIDING = {
    "privacy_review": ("turn.review_assessment", "review_assessment"),
    "dpo_advice": ("turn.advise_assessment", "advise_assessment"),
    "adoption": ("turn.adopt_assessment", "adopt_assessment"),
}


def turns(assessment: Assessment) -> Iterator[Turn]:
    """One per organisation that has something to do now; none when the DPIA is adopted or withdrawn."""
    coordinator, since = assessment.coordinator.slug, assessment.state_since
    if assessment.state in DECIDING:
        code, permission = DECIDING[assessment.state]
        for controller in assessment.controllers.select_related("organisation"):
            if controller.organisation_id not in _done(assessment):
                yield Turn(code, {}, controller.organisation.slug, permission, since)
    elif assessment.state == "draft":
        yield from _drafting(assessment)
    elif assessment.state in DRAFTING:
        number = len(list(items_answered(assessment)))
        yield Turn(DRAFTING[assessment.state], {"number": number}, coordinator, "draft_assessment", since)
    elif assessment.state == "under_review":
        yield Turn("turn.confirm_assessment", {}, coordinator, "adopt_assessment", since)
    elif assessment.state == "suspended" and assessment.suspended_by:
        yield Turn("turn.suspended_assessment", {}, assessment.suspended_by.slug, "suspend_assessment", since)


def _drafting(assessment: Assessment) -> Iterator[Turn]:
    names = {c.organisation.name: c.organisation.slug for c in assessment.controllers.select_related("organisation")}
    reasons = list(sheet.missing(assessment))
    own = {str(r.facts["organisation"]) for r in reasons if "organisation" in r.facts}
    for name in sorted(own):
        slug = names[name]
        if slug != assessment.coordinator.slug:
            yield Turn("turn.own_answers", {}, slug, "draft_assessment", assessment.state_since)
    facts = {"number": len(reasons)}
    code = "turn.draft_assessment" if reasons else "turn.submit_assessment"
    yield Turn(code, facts, assessment.coordinator.slug, "draft_assessment", assessment.state_since)


def _done(assessment: Assessment) -> set[int]:
    version = assessment.current_version
    if version is None:
        return set()
    rows = {"privacy_review": version.reviews, "dpo_advice": version.advices, "adoption": version.adoptions}
    return set(rows[assessment.state].values_list("organisation", flat=True))
