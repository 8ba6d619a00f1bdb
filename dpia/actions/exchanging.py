"""Taking over the answers of a file: what fits is saved, what does not is told and kept, nothing is overwritten
unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from dpia import official_file
from dpia.desk import Desk, at_desk
from dpia.exchange import Given, Left, fitting, read
from dpia.models import Assessment, Import
from dpia.official_in import Incoming, pointed, with_known_ids
from dpia.sheet import Sheet
from dpia.steps import in_state, record
from station.reasons import Reason, Refused

LONGEST_LEFT = 20_000


@transaction.atomic
def import_answers(*, assessment: Assessment, content: bytes, by: User) -> Import:
    """Answers of the organisation that ``by`` drafts for, and joint ones, from a file of ours. What stood there is kept
    as an earlier answer."""
    given = read(content)
    return take(at_desk(assessment.pk, by), given, [], "own", content)


@transaction.atomic
def import_official(*, assessment: Assessment, content: bytes, by: User) -> Import:
    """The same from the assessment output of the official form, of which only the 17 points are known."""
    fields = official_file.read(content)
    desk = at_desk(assessment.pk, by)
    given, left = Incoming(Sheet(desk.assessment), desk.seat.drafting_for().slug).read(fields)
    return take(desk, given, left, "official", content)


def take(
    desk: Desk, given: Sequence[Given], left: Sequence[Left], form: str, content: bytes, origin: str = ""
) -> Import:
    """Saves every answer that fits, each after what it refers to, and keeps what was left."""
    in_state(desk.assessment, "draft", "response")
    acting = desk.seat.drafting_for()
    number, lost = 0, list(left)
    for one in _in_order(desk, given):
        saved = _one(desk, one, acting.slug)
        number += saved is True
        lost += saved if isinstance(saved, list) else []
    made = Import.objects.create(
        assessment=desk.assessment, organisation=acting, by=desk.by, form=form, origin=origin[:300], number=number,
        sha256=hashlib.sha256(content).hexdigest(), left=[_kept(one) for one in lost],
    )  # fmt: skip
    record(
        "assessment.answers_imported", desk.assessment, by=desk.by, organisation=acting, number=number,
        left=len(lost), sha256=made.sha256,
    )  # fmt: skip
    return made


def _in_order(desk: Desk, given: Sequence[Given]) -> list[Given]:
    order = {question.id: place for place, question in enumerate(Sheet(desk.assessment).form.in_order)}
    return sorted(given, key=lambda one: order.get(one.question, 0))


def _one(desk: Desk, one: Given, mine: str) -> bool | list[Left]:
    """Whether something was saved; or what was left of it, and why."""
    sheet = Sheet(desk.assessment)
    asked = sheet.form.question(one.question)
    if asked is not None:
        value, lost = pointed(asked, one.value)
        stood = sheet.answer(asked, next((o for o in sheet.controllers if o.slug == one.organisation), None))
        one = Given(one.question, one.organisation, with_known_ids(asked, value, stood))
    else:
        lost = []
    question, reason = fitting(sheet, one)
    if one.organisation is not None and one.organisation != mine:
        reason = Reason("exchange.not_yours", {"organisation": one.organisation[:60]})
    if question is None or reason is not None:
        why = reason or Reason("exchange.no_place", {"question": one.question[:60]})
        return [Left(one.question, _text(one.value), why)]
    whose = next((o for o in sheet.controllers if o.slug == one.organisation), None)
    try:
        saved, _before = desk.save(question, one.value, whose, keep=True)
    except Refused as refusal:
        return [Left(one.question, _text(one.value), refusal.reasons[0])]
    told = [Left(one.question, text, Reason("exchange.value", {"value": text[:80]})) for text in lost]
    return told or saved is not None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _kept(one: Left) -> dict[str, Any]:
    return {"task": one.task[:200], "text": one.text[:LONGEST_LEFT], "reason": one.reason.document()}
