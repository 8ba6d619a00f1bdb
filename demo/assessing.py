"""The DPIA on the road: drafted, reviewed, advised, answered and adopted, each by somebody else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from accounts.models import Organisation
from dpia import actions as dpia
from dpia.models import AdviceItem, Assessment
from dpia.questions import TABULAR
from dpia.reviewers import open_reviews
from dpia.sheet import Sheet
from dpia.template import Question

if TYPE_CHECKING:
    from demo.road import Journey


REVIEWERS = {"privacy": "privacy_officer", "law": "lawyer", "security": "security_officer"}


def submit(journey: Journey) -> None:
    fill(journey)
    dpia.submit(assessment=assessment_of(journey), by=journey.person(journey.asker, "drafter"))


def fill(journey: Journey, only: Collection[str] | None = None) -> None:
    """The asker's drafter fills in what is joint, each controller's own drafter the rest."""
    for question, organisation in _open_questions(journey):
        if only is not None and question.id not in only:
            continue
        drafter = journey.person(organisation.slug if organisation else journey.asker, "drafter")
        dpia.answer(
            assessment=assessment_of(journey), question=question.id, value=_answer(journey, question),
            organisation=organisation, by=drafter,
        )  # fmt: skip


def review(journey: Journey) -> None:
    """What nobody gave yet: by privacy officers, and by the lawyers and security officers that the template asks."""
    for organisation, kind in open_reviews(assessment_of(journey)):
        dpia.review(
            assessment=assessment_of(journey), organisation=organisation, kind=kind, verdict="positive",
            text=journey.dossier["review"], by=journey.person(organisation.slug, REVIEWERS[kind]),
        )  # fmt: skip


def advise(journey: Journey) -> None:
    """The asker's DPO sets a condition; the others have none."""
    for organisation in _controllers(journey):
        advice = journey.dossier["advice"]["first" if organisation.slug == journey.asker else "others"]
        dpia.advise(
            assessment=assessment_of(journey), organisation=organisation, verdict=advice["verdict"],
            text=advice["text"], items=advice["items"], by=journey.person(organisation.slug, "dpo"),
        )  # fmt: skip


def respond(journey: Journey) -> None:
    answer_advice(journey)
    dpia.propose_adoption(assessment=assessment_of(journey), by=journey.person(journey.asker, "drafter"))


def answer_advice(journey: Journey) -> None:
    """Every item of the advice is followed: prepared by the drafter, decided by the manager whose DPO advised."""
    drafter = journey.person(journey.asker, "drafter")
    items = AdviceItem.objects.filter(advice__version__assessment=assessment_of(journey), response=None)
    for item in items.select_related("advice__organisation"):
        manager = journey.person(item.advice.organisation.slug, "mandated_manager")
        for by in (drafter, manager):
            dpia.respond(item=item, decision="follow", reasons=journey.dossier["response"], by=by)


def adopt(journey: Journey) -> None:
    for organisation in _controllers(journey):
        manager = journey.person(organisation.slug, "mandated_manager")
        dpia.adopt(assessment=assessment_of(journey), organisation=organisation, by=manager)


def _open_questions(journey: Journey) -> Iterator[tuple[Question, Organisation | None]]:
    """Every question that somebody has to answer, with the organisation when each controller answers for itself. An
    answer can bring up another question, so the sheet is read again until nothing new is asked."""
    asked: set[tuple[str, Organisation | None]] = set()
    while left := [one for one in _askable(Sheet(assessment_of(journey))) if (one[0].id, one[1]) not in asked]:
        asked |= {(question.id, organisation) for question, organisation in left}
        yield from left


def _askable(sheet: Sheet) -> Iterator[tuple[Question, Organisation | None]]:
    for organisation in [None, *sheet.controllers]:
        per = "controller" if organisation else "joint"
        yield from ((q, organisation) for q in sheet.shown(organisation) if q.per == per and not q.locked)


def _answer(journey: Journey, question: Question) -> Any:
    """The dossier's answer; else the specification's purpose where that is asked, else a plain example."""
    prefilled = {"context": journey.specification.purpose.nl, "purpose": journey.specification.outputs[0].use.nl}
    given = journey.dossier["answers"].get(question.id, prefilled.get(question.id))
    if given is not None:
        return given
    choices = [option.key for option in question.options]
    by_type: dict[str, Any] = {
        "bool": False, "choice": choices[:1], "multichoice": choices[:1], "number": 0, "date": "", "reference": [],
        "attachment": [], **{key: [] for key in TABULAR},
    }  # fmt: skip
    value = by_type.get(question.type, journey.dossier["answer"])
    return value[0] if question.type == "choice" else value


def assessment_of(journey: Journey) -> Assessment:
    """As it is now: every step of somebody else changes it."""
    journey.use_case.refresh_from_db()
    if journey.use_case.assessment is None:
        raise LookupError("no assessment was made yet")
    return journey.use_case.assessment


def _controllers(journey: Journey) -> list[Organisation]:
    return [row.organisation for row in assessment_of(journey).controllers.select_related("organisation")]
