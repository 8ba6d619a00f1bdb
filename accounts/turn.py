"""Something that waits for somebody: what, for whom, since when. Pages, inbox and gate all speak in these."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from station.reasons import Fact, Reason


@dataclass(frozen=True)
class Turn:
    """``code`` and ``facts`` make the sentence; ``who`` is the organisation key (empty: nobody in particular),
    ``permission`` what that organisation's person needs to mend it, ``since`` when it began to wait, ``url`` where."""

    code: str
    facts: dict[str, Fact] = field(default_factory=dict)
    who: str = ""
    permission: str = ""
    since: datetime | None = None
    url: str = ""

    @property
    def reason(self) -> Reason:
        return Reason(self.code, self.facts)

    def text(self, language: str = "nl") -> str:
        return self.reason.text(language)
