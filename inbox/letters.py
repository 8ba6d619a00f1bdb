"""E-mail about reminders: titles and addresses alone, in the reader's language, never twice."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from inbox.models import MailWish, Reminder
from web import letters

DIGEST = time(7)


def post(moment: datetime) -> int:
    """Sends what waits for each person by their wish. Says how many letters went out."""
    waiting = Reminder.objects.filter(mailed_at=None, user__is_active=True)
    users = User.objects.filter(pk__in=waiting.values("user")).order_by("pk")
    wishes = dict(MailWish.objects.filter(user__in=users).values_list("user", "when"))
    return sum(_letter(user, wishes.get(user.pk, "now"), moment) for user in users)


def _letter(user: User, wish: str, moment: datetime) -> bool:
    """The rows are marked before the letter goes: a letter that is lost stands in the inbox, none comes twice."""
    with transaction.atomic():
        rows = Reminder.objects.filter(user=user, mailed_at=None).select_for_update(skip_locked=True)
        found = list(_due(rows, wish, moment))
        Reminder.objects.filter(pk__in=[row.pk for row in found]).update(mailed_at=moment)
    if not found or wish == "none":
        return False
    letters.send(user, "inbox/letter.txt", lambda: _("Something ends soon at NICPET"), found=found)
    return True


def _due(rows: object, wish: str, moment: datetime) -> list[Reminder]:
    """All for who wants them now or not at all; for the daily letter what was made before 07:00 Dutch time."""
    found: list[Reminder] = list(rows)  # type: ignore[call-overload]
    if wish != "daily":
        return found
    local = timezone.localtime(moment)
    seven = timezone.make_aware(datetime.combine(local.date(), DIGEST))
    return [row for row in found if row.made_at < seven <= moment]
