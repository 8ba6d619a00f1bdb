"""Whose turn it is in a DPIA, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from django.db.models import Max

from accounts.turn import Turn
from audit.transitions import missing
from dpia.lifecycle import ASSESSMENT, ONE_BY_ONE
from dpia.models import Advice, Assessment
from dpia.requirements import advice_summarised, open_consultation, open_items, undecided_items
from dpia.reviewers import REVIEWS, open_reviews
from dpia.sheet import Sheet

REVIEWING = {
    "privacy": "turn.review_assessment",
    "law": "turn.review_assessment_law",
    "security": "turn.review_assessment_security",
}
DECIDING = {
    "dpo_advice": "turn.advise_assessment",
    "adoption": "turn.adopt_assessment",
}
CHANGED = "turn.advise_changed"
"""For a DPO who advised before: what changed since then stands on a page of its own."""
PERMISSION = dict(ONE_BY_ONE[name] for name in ("advise", "adopt"))


def turns(assessment: Assessment) -> Iterator[Turn]:
    """One per organisation that has something to do now; none when the DPIA is adopted."""
    if assessment.state == "privacy_review":
        yield from _reviewing(assessment)
    elif assessment.state in DECIDING:
        yield from _deciding(assessment)
    elif assessment.state == "draft":
        yield from _drafting(assessment)
    elif assessment.state == "response":
        yield from _responding(assessment)
    elif assessment.state == "prior_consultation":
        yield _consulting(assessment)
    elif assessment.state == "withdrawn":
        yield _of_drafter(assessment, "turn.reopen_assessment")
    elif assessment.state == "under_review" and assessment.doubted_by:
        yield Turn(
            "turn.confirm_assessment", {}, assessment.doubted_by.slug, "adopt_assessment", assessment.state_since
        )
    elif assessment.state == "suspended" and assessment.suspended_by:
        yield Turn(
            "turn.suspended_assessment", {}, assessment.suspended_by.slug, "suspend_assessment", assessment.state_since
        )


def done(assessment: Assessment) -> set[int]:
    """The organisations that did what this state asks of every controller. Reviews: see ``reviewers``."""
    version = assessment.current_version
    if version is None or assessment.state not in DECIDING:
        return set()
    rows = {"dpo_advice": version.advices, "adoption": version.adoptions}
    return set(rows[assessment.state].values_list("organisation", flat=True))


def _reviewing(assessment: Assessment) -> Iterator[Turn]:
    for organisation, kind in open_reviews(assessment):
        yield Turn(REVIEWING[kind], {}, organisation.slug, REVIEWS[kind], assessment.state_since)


def _deciding(assessment: Assessment) -> Iterator[Turn]:
    permission, finished = PERMISSION[assessment.state], done(assessment)
    advised = advised_before(assessment) if assessment.state == "dpo_advice" else {}
    for controller in assessment.controllers.select_related("organisation"):
        key = controller.organisation_id
        if key in finished:
            continue
        code, facts = (CHANGED, {"version": advised[key]}) if key in advised else (DECIDING[assessment.state], {})
        yield Turn(code, facts, controller.organisation.slug, permission, assessment.state_since)


def advised_before(assessment: Assessment) -> dict[int, int]:
    """Organisation to the number of the version on which its DPO last advised, in an earlier round."""
    rows = Advice.objects.filter(version__assessment=assessment, version__round__lt=assessment.round)
    return dict(rows.values_list("organisation").annotate(number=Max("version__number")).order_by())


def _drafting(assessment: Assessment) -> Iterator[Turn]:
    """The coordinator drafts; every other controller gives its own answers."""
    found = list(Sheet(assessment).open())
    own = {one.organisation for one in found if one.organisation not in (None, assessment.coordinator)}
    for organisation in sorted(filter(None, own), key=lambda one: one.slug):
        yield Turn("turn.own_answers", {}, organisation.slug, "draft_assessment", assessment.state_since)
    mine = [one for one in found if one.organisation in (None, assessment.coordinator)]
    if mine:
        yield _of_drafter(assessment, "turn.draft_assessment", number=len(mine))
    elif not found:
        yield _of_drafter(assessment, "turn.submit_assessment")


def _responding(assessment: Assessment) -> Iterator[Turn]:
    """The drafter prepares the responses, each manager decides those to its own DPO; then the drafter goes on."""
    number, prepared = len(open_items(assessment)), undecided_items(assessment)
    if number:
        yield _of_drafter(assessment, "turn.respond", number=number)
    for key, items in groupby(prepared, key=lambda item: str(item.advice.organisation.slug)):
        facts = {"number": len(list(items))}
        yield Turn("turn.decide_items", facts, key, "adopt_assessment", assessment.state_since)
    if list(advice_summarised(assessment)) and assessment.coordinating_dpo:
        key = assessment.coordinating_dpo.slug
        yield Turn("turn.summarise_advice", {}, key, "advise_assessment", assessment.state_since)
    elif not number and not prepared:
        yield _after_responding(assessment)


def _after_responding(assessment: Assessment) -> Turn:
    """Whatever still stands in the way of the decision."""
    reasons = {reason.code for reason in missing(ASSESSMENT["propose_adoption"], assessment)}
    if "assessment.material_changed" in reasons:
        return _of_drafter(assessment, "turn.advise_again")
    if "assessment.consult_first" in reasons:
        return _of_drafter(assessment, "turn.consult_authority")
    return _of_drafter(assessment, "turn.draft_assessment" if reasons else "turn.propose_adoption", number=len(reasons))


def _consulting(assessment: Assessment) -> Turn:
    """By the last day of the authority's term; while that stands still, the drafter has something to send."""
    asked = open_consultation(assessment)
    if asked is None or asked.due_on is None:
        code = "turn.authority" if asked is None else "turn.authority_information"
        return _of_drafter(assessment, code)
    return replace(_of_drafter(assessment, "turn.authority"), deadline=asked.due_on)


def _of_drafter(assessment: Assessment, code: str, **facts: int) -> Turn:
    return Turn(code, dict(facts), assessment.coordinator.slug, "draft_assessment", assessment.state_since)
