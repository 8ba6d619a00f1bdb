"""Taking over the answers of a file: what fits is saved, what does not is told, nothing is overwritten unseen."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from dpia.desk import at_desk
from dpia.exchange import fitting, read
from dpia.models import Assessment
from dpia.sheet import Sheet
from station.reasons import Reason


@dataclass(frozen=True)
class Taken:
    """``left``: question and why its answer was not taken over."""

    number: int
    left: list[tuple[str, Reason]]


@transaction.atomic
def import_answers(*, assessment: Assessment, content: bytes, by: User) -> Taken:
    """Answers of the organisation that ``by`` drafts for, and joint ones. What stood there is kept as an earlier
    answer."""
    given = read(content)
    desk = at_desk(assessment.pk, by)
    number, left = 0, []
    whose = {organisation.slug: organisation for organisation in Sheet(desk.assessment).controllers}
    mine = desk.seat.drafting_for().slug
    order = {question.id: place for place, question in enumerate(Sheet(desk.assessment).form.in_order)}
    for one in sorted(given, key=lambda one: order.get(one.question, 0)):
        sheet = Sheet(desk.assessment)
        question, reason = fitting(sheet, one)
        organisation = whose.get(one.organisation or "")
        if one.organisation is not None and one.organisation != mine:
            reason = Reason("exchange.not_yours", {"organisation": one.organisation[:60]})
        if question is None or reason is not None:
            left.append((one.question, reason or Reason("exchange.no_place", {"question": one.question[:60]})))
            continue
        saved, _before = desk.save(question, one.value, organisation)
        number += saved is not None
    return Taken(number, left)
