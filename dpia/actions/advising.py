"""The DPOs advise in numbered items; the drafter complies or explains."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from dpia.checking import LONGEST, storable
from dpia.models import Advice, AdviceItem, Assessment, ItemResponse
from dpia.parts import act_as, drafting_for
from dpia.requirements import all_advised
from dpia.steps import in_state, lock, record, same_version, step, written
from station.contract.canonical import digest
from station.reasons import Refused


@transaction.atomic
def advise(
    *, assessment: Assessment, organisation: Organisation, verdict: str, by: User, items: Sequence[str] = (),
    text: str = "", version: int | None = None,
) -> Advice:  # fmt: skip
    """A controller's DPO advises; the last one moves it on to the response. A condition or an objection is an item.
    ``version``: the number of the version that was read."""
    assessment = lock(assessment)
    in_state(assessment, "dpo_advice")
    act_as("advise_assessment", assessment=assessment, organisation=organisation, user=by)
    kept = [storable(item, LONGEST) for item in items if item.strip()]
    if verdict not in dict(Advice.VERDICTS):
        raise Refused("advice.verdict")
    if verdict in ("conditional", "negative") and not kept:
        raise Refused("advice.items")
    read = same_version(assessment.submitted_version, version)
    if read.advices.filter(organisation=organisation).exists():
        raise Refused("advice.done", organisation=organisation.name)
    advice = Advice.objects.create(
        version=read, organisation=organisation, by=by, verdict=verdict, text=storable(text, LONGEST)
    )
    AdviceItem.objects.bulk_create(AdviceItem(advice=advice, number=n, text=t) for n, t in enumerate(kept, start=1))
    facts = {"verdict": verdict, "items": len(kept), "version": read.number}
    record("assessment.advice_given", assessment, by=by, organisation=organisation, **facts)
    if not list(all_advised(assessment)):
        step("advised", assessment, by=by, organisation=organisation)
    return advice


def mark_of(response: ItemResponse | None) -> str:
    """What a form says of the response that it showed; empty when there was none."""
    return digest([response.decision, response.reasons]) if response else ""


@transaction.atomic
def respond(
    *, item: AdviceItem, decision: str, by: User, reasons: str = "", seen: str | None = None
) -> ItemResponse:
    """Comply or explain: what is not wholly followed says why. ``seen``: the mark of the response that was shown;
    refused when somebody else responded since."""
    version = item.advice.version
    assessment = lock(version.assessment)
    in_state(assessment, "response")
    organisation = drafting_for(assessment, by)
    act_as("draft_assessment", assessment=assessment, organisation=organisation, user=by)
    if version != assessment.submitted_version:
        raise Refused("advice.old")
    given = ItemResponse.objects.filter(item=item).first()
    if given is not None and seen is not None and seen != mark_of(given):
        raise Refused("advice.response_stale", by=str(given.by), now=f"{given.get_decision_display()}. {given.reasons}")
    if decision not in dict(ItemResponse.DECISIONS):
        raise Refused("advice.decision")
    reasons = storable(reasons, LONGEST) if decision == "follow" else written(reasons, "advice.explain")
    response, _made = ItemResponse.objects.update_or_create(
        item=item, defaults={"decision": decision, "reasons": reasons, "by": by, "at": timezone.now()}
    )
    facts = {"number": item.number, "decision": decision, "adviser": item.advice.organisation.name}
    record("assessment.item_answered", assessment, by=by, organisation=organisation, **facts)
    return response
