"""Something that waits for somebody: what, for whom, since when. Pages, inbox and gate all speak in these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from station.reasons import Fact, Reason


@dataclass(frozen=True)
class Turn:
    """``code`` and ``facts`` make the sentence; ``who`` is the organisation key (empty: nobody in particular),
    ``permission`` what that organisation's person needs to mend it, ``since`` when it began to wait, ``url`` where,
    ``deadline`` the last day on which it is in time, when there is one."""

    code: str
    facts: dict[str, Fact] = field(default_factory=dict)
    who: str = ""
    permission: str = ""
    since: datetime | None = None
    url: str = ""
    deadline: date | None = None

    @property
    def overdue(self) -> bool:
        return self.deadline is not None and self.deadline < timezone.localdate()

    @property
    def reason(self) -> Reason:
        return Reason(self.code, self.facts)

    def text(self, language: str = "nl") -> str:
        return self.reason.text(language)
