"""The DPOs advise in numbered items; the controllers comply or explain, each through its own mandated manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.actions import mandate_today
from accounts.models import Mandate, Organisation, User
from dpia.checking import LONGEST, storable
from dpia.models import Advice, AdviceItem, Assessment, ItemResponse
from dpia.parts import act_as, candidates
from dpia.requirements import all_advised
from dpia.steps import in_state, lock, record, same_version, step, written
from dpia.template import stored_form
from station.contract.canonical import digest
from station.reasons import Refused


@dataclass(frozen=True)
class Item:
    """One item as a DPO writes it. ``weight``: when it is not given, what the verdict says of it."""

    text: str
    weight: str = ""
    question: str = ""


@transaction.atomic
def advise(
    *, assessment: Assessment, organisation: Organisation, verdict: str, by: User, items: Sequence[str | Item] = (),
    text: str = "", version: int | None = None,
) -> Advice:  # fmt: skip
    """A controller's DPO advises; the last one moves it on to the response. A condition or an objection is an item.
    ``version``: the number of the version that was read."""
    assessment = lock(assessment)
    in_state(assessment, "dpo_advice")
    act_as("advise_assessment", assessment=assessment, organisation=organisation, user=by)
    if verdict not in dict(Advice.VERDICTS):
        raise Refused("advice.verdict")
    kept = _items(assessment, verdict, items)
    if verdict in ("conditional", "negative") and not kept:
        raise Refused("advice.items")
    read = same_version(assessment.submitted_version, version)
    if read.advices.filter(organisation=organisation).exists():
        raise Refused("advice.done", organisation=organisation.name)
    advice = Advice.objects.create(
        version=read, organisation=organisation, by=by, verdict=verdict, text=storable(text, LONGEST)
    )
    for item in kept:
        item.advice = advice
    AdviceItem.objects.bulk_create(kept)
    facts = {"verdict": verdict, "items": len(kept), "version": read.number}
    record("assessment.advice_given", assessment, by=by, organisation=organisation, **facts)
    if not list(all_advised(assessment)):
        step("advised", assessment, by=by, organisation=organisation)
    return advice


def _items(assessment: Assessment, verdict: str, given: Sequence[str | Item]) -> list[AdviceItem]:
    """Numbered, in storable form. A row that says nothing at all is left out."""
    rows = [Item(one) if isinstance(one, str) else one for one in given]
    rows = [one for one in rows if one.text.strip() or one.question]
    known = {question.id for question in stored_form(assessment.template).questions()}
    usual = "condition" if verdict in ("conditional", "negative") else "recommendation"
    for number, one in enumerate(rows, start=1):
        if not one.text.strip():
            raise Refused("advice.item_empty", number=number)
        if one.weight and one.weight not in dict(AdviceItem.WEIGHTS):
            raise Refused("advice.weight", number=number)
        if one.question and one.question not in known:
            raise Refused("advice.question", number=number)
    return [
        AdviceItem(number=n, text=storable(one.text, LONGEST), weight=one.weight or usual, question=one.question)
        for n, one in enumerate(rows, start=1)
    ]


def mark_of(response: ItemResponse | None) -> str:
    """What a form says of the response that it showed; empty when there was none."""
    return digest([response.decision, response.reasons]) if response else ""


@transaction.atomic
def respond(
    *, item: AdviceItem, decision: str, by: User, reasons: str = "", seen: str | None = None
) -> ItemResponse:
    """Comply or explain: what is not wholly followed says why. A drafter prepares it; the manager of the organisation
    whose DPO advised decides, under a mandate, and can decide otherwise until it is put up for adoption.

    ``seen``: the mark of the response that was shown; refused when somebody else responded since."""
    version = item.advice.version
    assessment = lock(version.assessment)
    in_state(assessment, "response")
    organisation, permission = responding(assessment, item, by)
    act_as(permission, assessment=assessment, organisation=organisation, user=by)
    mandate = mandate_today(by, organisation) if permission == "adopt_assessment" else None
    if version != assessment.submitted_version:
        raise Refused("advice.old")
    given = ItemResponse.objects.filter(item=item).first()
    _not_overtaken(given, seen, mandate)
    if decision not in dict(ItemResponse.DECISIONS):
        raise Refused("advice.decision")
    reasons = storable(reasons, LONGEST) if decision == "follow" else written(reasons, "advice.explain")
    response, _made = ItemResponse.objects.update_or_create(
        item=item,
        defaults={"decision": decision, "reasons": reasons, "by": by, "at": timezone.now(), "mandate": mandate},
    )
    facts = {"number": item.number, "decision": decision, "adviser": item.advice.organisation.name}
    if mandate is None:
        record("assessment.item_answered", assessment, by=by, organisation=organisation, **facts)
    else:
        facts["function"] = mandate.function
        record("assessment.item_decided", assessment, by=by, organisation=organisation, **facts)
    return response


def responding(assessment: Assessment, item: AdviceItem, by: User) -> tuple[Organisation, str]:
    """For whom and by which permission somebody responds: the own part first."""
    adviser = item.advice.organisation
    for organisation, permission in candidates(assessment, by, "draft_assessment", "adopt_assessment"):
        if permission == "draft_assessment" or organisation == adviser:
            return organisation, permission
    raise PermissionDenied(f"draft_assessment at a controller or adopt_assessment at {adviser.slug}")


def _not_overtaken(given: ItemResponse | None, seen: str | None, mandate: Mandate | None) -> None:
    if given is None:
        return
    if given.decided and mandate is None:
        raise Refused("advice.decided", by=str(given.by))
    if seen is not None and seen != mark_of(given):
        raise Refused("advice.response_stale", by=str(given.by), now=f"{given.get_decision_display()}. {given.reasons}")
