"""E-mail to one person: whose turn it is, who mentioned them and what ends soon, in one letter. Titles and addresses
alone, in the reader's language, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from collaborations.models import UseCase, WaitingTurn
from collaborations.own_turns import held_by, rows_for
from discussion.models import Mention
from inbox.models import MailWish, Notice, Reminder
from inbox.telling import key_of
from web import letters

DIGEST = time(7)
Row = TypeVar("Row", Notice, Reminder)


@dataclass
class Waiting:
    """What waits in one use case: how much, by when at the earliest, and where."""

    use_case: UseCase
    url: str
    number: int = 0
    deadline: date | None = None

    def add(self, row: WaitingTurn) -> None:
        self.number += 1
        self.url = row.url if self.number == 1 else reverse("collaborations:use_case", args=[self.use_case.pk])
        self.deadline = min(filter(None, [self.deadline, row.deadline]), default=None)


@dataclass
class Content:
    """What one letter says."""

    waiting: list[Waiting] = field(default_factory=list)
    mentions: list[Notice] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.waiting or self.mentions or self.reminders)

    @property
    def subject(self) -> str:
        if self.waiting:
            return _("It is your turn at NICPET")
        return _("You were mentioned at NICPET") if self.mentions else _("Something ends soon at NICPET")


def post(moment: datetime) -> int:
    """Sends what waits for each person by their wish. Says how many letters went out."""
    unmailed = (model.objects.filter(mailed_at=None, user__is_active=True) for model in (Notice, Reminder))
    keys = {key for rows in unmailed for key in rows.values_list("user", flat=True).distinct()}
    wishes = dict(MailWish.objects.filter(user__in=keys).values_list("user", "when"))
    users = User.objects.filter(pk__in=keys).order_by("pk")
    return sum(_letter(user, wishes.get(user.pk, "now"), moment) for user in users)


def _letter(user: User, wish: str, moment: datetime) -> bool:
    """The rows are marked before the letter goes: a letter that is lost stands in the inbox, none comes twice."""
    with transaction.atomic():
        reminders = _taken(Reminder.objects.filter(user=user), wish, moment)
        notices = _taken(Notice.objects.filter(user=user), wish, moment)
    if wish == "none" or not (reminders or notices):
        return False
    content = _content(user, reminders, notices)
    if content:
        letters.send(user, "inbox/letter.txt", lambda: content.subject, content=content)
    return bool(content)


def _taken(rows: QuerySet[Row], wish: str, moment: datetime) -> list[Row]:
    """Those for this letter, marked as said."""
    found = _due(rows.filter(mailed_at=None).select_for_update(skip_locked=True, of=("self",)), wish, moment)
    rows.model._default_manager.filter(pk__in=[row.pk for row in found]).update(mailed_at=moment)
    return found


def _due(rows: Iterable[Row], wish: str, moment: datetime) -> list[Row]:
    """All for who wants them now or not at all; for the daily letter what was made before 07:00 Dutch time."""
    found = list(rows)
    if wish != "daily":
        return found
    local = timezone.localtime(moment)
    seven = timezone.make_aware(datetime.combine(local.date(), DIGEST))
    return [row for row in found if row.made_at < seven <= moment]


def _content(user: User, reminders: list[Reminder], notices: list[Notice]) -> Content:
    """Only what still waits, and what this person may still see."""
    keys = {notice.key for notice in notices if notice.mention_id is None}
    mentioned = [notice for notice in notices if notice.mention_id is not None]
    return Content(_waiting(user, keys) if keys else [], _unseen(user, mentioned) if mentioned else [], reminders)


def _waiting(user: User, keys: set[str]) -> list[Waiting]:
    found: dict[Any, Waiting] = {}
    for row in rows_for(user, held_by(user)).select_related("use_case").order_by("since", "pk"):
        if key_of(row) in keys:
            found.setdefault(row.use_case_id, Waiting(row.use_case, row.url)).add(row)
    return list(found.values())


def _unseen(user: User, notices: list[Notice]) -> list[Notice]:
    unseen = set(Mention.objects.unseen(user).values_list("pk", flat=True))
    visible = UseCase.objects.visible_to(user).in_bulk([notice.use_case_id for notice in notices])
    return [one for one in notices if one.mention_id in unseen and one.use_case_id in visible]
