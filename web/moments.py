"""Moments in words, for all rows of a page: which day it is here is looked up once."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _


class Days:
    """Made for one page, in the language and the time zone of its reader."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self._zone = timezone.get_current_timezone()
        self._written: dict[date, str] = {}
        self._since = _("since %(day)s (%(days)s days)")

    def day(self, moment: date) -> str:
        """Such as 3 maart 2026."""
        day = moment.astimezone(self._zone).date() if isinstance(moment, datetime) else moment
        if day not in self._written:
            self._written[day] = format_date(day, "j F Y")
        return self._written[day]

    def since(self, moment: datetime) -> str:
        """Since when something waits, in days: nobody counts the hours of a decision."""
        begin = moment.astimezone(self._zone).date()
        days = (self.today - begin).days
        if days < 1:
            return _("since today")
        if days == 1:
            return _("since yesterday")
        return self._since % {"day": self.day(begin), "days": days}
