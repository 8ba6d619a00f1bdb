"""Whether a DPIA is needed: answered, judged by the rules, and decided by the DPO where the rules leave it open."""

from __future__ import annotations

from typing import Any

from django.db import transaction

import audit
from accounts import roles
from accounts.models import Organisation, User
from dpia.actions.drafting import kept
from dpia.checking import LONGEST, checked, empty, named, storable
from dpia.models import PreScan, PreScanDecision
from dpia.prescan import PreScanForm, given, judge, shipped, suggested
from dpia.steps import written
from station.reasons import Reason, Refused


@transaction.atomic
def prescan(
    *, context: Any, facts: dict[str, Any], answers: dict[str, Any], organisation: Organisation, by: User,
    text: str = "",
) -> PreScan:  # fmt: skip
    """Judges the answers and keeps them with the reasons. What the facts speak for and somebody left out needs a
    reason (``text``)."""
    roles.require(by, "draft_assessment", organisation)
    form = shipped()
    sound = _sound(form, answers) | given(form, facts)
    left_out = _left_out(form, facts, sound)
    if left_out and not text.strip():
        raise Refused("prescan.explain", options=", ".join(one["nl"] for one in left_out),
                      options_en=", ".join(one["en"] for one in left_out))  # fmt: skip
    found = judge(form, sound)
    kind, key = audit.reference(context)
    row = PreScan.objects.create(
        context_type=kind, context_id=key, facts=kept(facts), organisation=organisation, by=by, answers=sound,
        form=f"{form.key} {form.version}", result=found.result, found=found.document() | {"left_out": left_out},
        text=storable(text, LONGEST),
    )  # fmt: skip
    audit.record("prescan.answered", by=by, about=row, context=context, organisation=organisation, result=found.result)
    return row


@transaction.atomic
def decide_prescan(*, prescan: PreScan, needed: bool, reasons: str, by: User) -> PreScanDecision:
    """The DPO decides where one criterion applies, with reasons; once per pre-scan."""
    prescan = PreScan.objects.select_for_update().get(pk=prescan.pk)
    roles.require(by, "advise_assessment", prescan.organisation)
    if prescan.result != "dpo_decides":
        raise Refused("prescan.no_decision")
    if PreScanDecision.objects.filter(prescan=prescan).exists():
        raise Refused("prescan.decided")
    row = PreScanDecision.objects.create(prescan=prescan, by=by, needed=needed, reasons=written(reasons))
    audit.record(
        "prescan.decided", by=by, about=prescan, context=(prescan.context_type, prescan.context_id),
        organisation=prescan.organisation, needed=needed,
    )  # fmt: skip
    return row


def _sound(form: PreScanForm, answers: dict[str, Any]) -> dict[str, Any]:
    asked = [question for question in form.questions if not question.locked]
    sound = {question.id: checked(question, answers.get(question.id)) for question in asked}
    missing = [question for question in asked if question.required and empty(sound[question.id])]
    if missing:
        raise Refused(*(Reason("assessment.unanswered", dict(named(question))) for question in missing))
    for question in asked:
        if question.type == "multichoice" and "none" in sound[question.id] and len(sound[question.id]) > 1:
            raise Refused("prescan.none_and_more", **named(question))
    return sound


def _left_out(form: PreScanForm, facts: dict[str, Any], answers: dict[str, Any]) -> list[dict[str, str]]:
    return [
        option.label.model_dump()
        for question, keys in suggested(form, facts).items()
        for option in form.known[question].options
        if option.key in keys and option.key not in answers[question]
    ]
