"""What waits for one person, across all use cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.turn import Turn
from collaborations.models import UseCase, WaitingTurn
from collaborations.own_turns import Held, held_by, rows_for
from web.language import language
from web.moments import Days
from web.templatetags.components import badge

ORDERS = {
    "deadline": (F("deadline").asc(nulls_last=True), "since", "pk"),
    "since": ("since", "pk"),
    "use_case": ("use_case__title", "use_case", F("deadline").asc(nulls_last=True), "since", "pk"),
}
SHOWN = ("code", "facts", "facts_en", "who", "permission", "since", "url", "deadline", "use_case__title")
"""What an item says; a use case has long texts."""


@dataclass(frozen=True)
class Item:
    """One thing that waits: in which use case, for which organisation of this person, what, since when, where."""

    use_case: UseCase
    organisation: Organisation
    turn: Turn

    def line(self, days: Days) -> dict[str, str]:
        """As the page shows it."""
        due, turn = self.turn.deadline, self.turn
        shown = {"url": turn.url, "text": turn.text(language()), "organisation": self.organisation.name}
        shown |= {"use_case": str(self.use_case), "since": days.since(turn.since) if turn.since else ""}
        if due is not None:
            said = _("was due %(day)s") if due < days.today else _("by %(day)s")
            shown["badge"] = badge(said % {"day": days.day(due)}, "stop" if due < days.today else "wait")
        return shown


def ordered(user: User, held: Held, order: str = "deadline") -> QuerySet[WaitingTurn]:
    return rows_for(user, held).select_related("use_case").only(*SHOWN).order_by(*ORDERS[order])


def items(held: Held, rows: Iterable[WaitingTurn]) -> list[Item]:
    return [Item(row.use_case, held[row.who][0], row.turn(language())) for row in rows]


def waiting_for(user: User) -> list[Item]:
    """All of it, the first deadline first."""
    held = held_by(user)
    return items(held, ordered(user, held))
