"""Beginning from a DPIA that somebody shared: only what is shown there, only where nothing stands yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from dpia.actions.exchanging import take
from dpia.checking import empty
from dpia.desk import Desk, at_desk
from dpia.exchange import Given, Left
from dpia.models import Assessment, Import
from dpia.moving import cells
from dpia.sheet import Sheet
from station.contract.canonical import canonical
from station.reasons import Reason


@transaction.atomic
def begin_from(*, assessment: Assessment, data: Mapping[str, Any], sha256: str, by: User) -> Import:
    """Answers that people gave there; what came from their specification is theirs. An answer of one controller there
    becomes a start for the own organisation. The origin is kept with it."""
    desk = at_desk(assessment.pk, by)
    given, left = _fitting(desk, data)
    return take(desk, given, left, "shared", canonical(data), origin=f"{data['title']} ({sha256[:12]})")


def _fitting(desk: Desk, data: Mapping[str, Any]) -> tuple[list[Given], list[Left]]:
    sheet, mine = Sheet(desk.assessment), desk.seat.drafting_for()
    given: dict[str, Given] = {}
    left = []
    for answer in (one for point in data["points"] for one in point["answers"] if one["typed"]):
        key, question = answer["question"], sheet.form.question(answer["question"])
        whose = mine if question is not None and question.per == "controller" else None
        stands = sheet.given(question, whose) if question is not None else None
        if key in given or (stands is not None and not empty(stands.value)):
            left.append(Left(key, _said(answer), Reason("exchange.answered")))
        elif answer["value"] is None:
            left.append(Left(key, _said(answer), Reason("sharing.blacked")))
        else:
            value = cells(question, answer["value"]) if question is not None else answer["value"]
            given[key] = Given(key, whose.slug if whose else None, value)
    return list(given.values()), left


def _said(answer: Mapping[str, Any]) -> str:
    """As it was shown there, without its layout."""
    seen = answer["shown"]["nl"]
    rows = [" | ".join(cell.get("text", "") for cell in row) for row in seen.get("rows", [])]
    return "\n".join([*filter(None, [seen.get("text", "")]), *seen.get("lines", []), *rows])
