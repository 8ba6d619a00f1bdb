"""What the stations signed about one run, beside what the contract says."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from computations.comparing.hashes import Check
from computations.comparing.reading import Signed, Text, of_document, records
from computations.models import Run, Statement
from computations.templatetags.specification import day


@dataclass(frozen=True)
class Told:
    """One thing that only a run can tell; ``same`` is None while nobody said it yet."""

    what: str
    agreed: str
    said: str
    same: bool | None


class Story:
    """One run, from the statements of its last attempt that carry the signature of their station."""

    def __init__(self, text: Text, run: Run, statements: Sequence[Statement]) -> None:
        self.text, self.run = text, run
        self.statements = [entry for entry in statements if entry.attempt == run.attempt or entry.type == "received"]
        self.readys = self._heard("ready")
        self.opens = self._heard("open")

    @property
    def begun(self) -> bool:
        return any(entry.type == "ready" for entry in self.statements)

    def document(self) -> dict[str, Any]:
        """The specification as it ran: that of the contract that the stations named, with what they told about it.

        Empty when a station named another contract: then nothing is known to be as it was signed.
        """
        said = [entry.said for entry in self.readys if entry.said]
        if any(entry["contract"] != self.text.sha256 for entry in said) or not said:
            return {}
        document = copy.deepcopy(self.text.specification)
        document["engine"] = ", ".join(sorted({str(entry["engine"]) for entry in said}))
        rows = {name: number for entry in said for name, number in entry["padded_rows"].items()}
        for entry in records(document.get("inputs")):
            entry["padded_rows"] = rows.get(entry.get("id"), entry.get("padded_rows"))  # type: ignore[index]
        return document

    def told(self) -> Iterator[Told]:
        yield self._slot()
        yield self._day()
        yield self._stations()
        for output in records(self.text.specification.get("outputs")):
            yield from self._output(output)

    def checks(self) -> Iterator[Check]:
        """The table of every output: what the checker released, what arrived, and what is shown here."""
        shown = {result.output: result for result in self.run.results.all()}
        for decision in self._decisions("release"):
            output, named = str(decision.said["output"]), str(decision.said["table_sha256"])
            for token in self._tokens("received", output):
                for receipt in self._of(token, "received"):
                    words = _("Table “%(output)s” as it arrived at %(name)s") % {"output": output, "name": receipt.name}
                    yield Check(words, _("decision of the checker"), named, str(receipt.said["table_sha256"]))
            if output in shown:
                words = _("Table “%(output)s” as it is shown here") % {"output": output}
                yield Check(words, _("decision of the checker"), named, of_document(shown[output].table))

    def _slot(self) -> Told:
        most = self.text.specification.get("schedule", {}).get("slots", 0)
        said = sorted({int(entry.said["slot"]) for entry in self.readys if entry.said})
        agreed = _("1 to %(most)s") % {"most": most}
        same = said == [self.run.slot] and self.run.slot <= most if said else None
        return Told(_("Number of the run"), agreed, ", ".join(map(str, said)), same)

    def _day(self) -> Told:
        schedule = self.text.specification.get("schedule", {})
        first, last = str(schedule.get("start", "")), str(schedule.get("end", ""))
        window = {"first": day(first), "last": day(last)}
        moments = [datetime.fromtimestamp(entry.said["at"], timezone.get_current_timezone()) for entry in self.opens
                   if entry.said]  # fmt: skip
        days = sorted({moment.date().isoformat() for moment in moments})
        same = all(first <= one <= last for one in days) if days else None
        return Told(_("Day of computing"), _("%(first)s to %(last)s") % window, ", ".join(map(day, days)), same)

    def _stations(self) -> Told:
        """What its station did not sign is a difference; a READY that is not in before the computing is none yet."""
        said = sorted(entry.organisation for entry in self.readys if entry.said)
        forged = {key for key, _jws in self._tokens("ready")} - set(said)
        missing = set(self.text.stations) - set(said)
        same = False if forged else None if missing and not self.opens_said else not missing
        agreed = ", ".join(self.text.names.get(key, key) for key in self.text.stations)
        names = ", ".join(entry.name for entry in self.readys if entry.said)
        return Told(_("Stations that took part"), agreed, names, same)

    @property
    def opens_said(self) -> bool:
        return any(entry.said for entry in self.opens)

    def _output(self, output: Any) -> Iterator[Told]:
        name, names = str(output.get("name")), self.text.names
        deciding = [entry for entry in self._decisions("release", "withhold") if entry.said["output"] == name]
        said = [entry.name for entry in deciding]
        checker = str(output.get("checker"))
        same = [entry.organisation for entry in deciding] == [checker] if deciding else None
        yield Told(_("Who checked “%(output)s”") % {"output": name}, names.get(checker, checker), ", ".join(said), same)
        got = [entry for token in self._tokens("received", name) for entry in self._of(token, "received")]
        allowed = [str(key) for key in output.get("recipients", [])]
        same = {entry.organisation for entry in got} <= set(allowed) if got else None
        agreed = ", ".join(names.get(key, key) for key in allowed)
        yield Told(
            _("Who received “%(output)s”") % {"output": name}, agreed, ", ".join(entry.name for entry in got), same
        )

    def _decisions(self, *kinds: str) -> list[Signed]:
        rows = [entry for entry in self.statements if entry.type in kinds]
        return [found for row in rows for found in self._of((row.organisation.slug, row.jws), *kinds)]

    def _of(self, token: tuple[str, str], *kinds: str) -> list[Signed]:
        """What one token says, when its signature holds."""
        return [entry for entry in self.text.heard([token], *kinds) if entry.said]

    def _heard(self, kind: str) -> list[Signed]:
        return self.text.heard(self._tokens(kind), kind)

    def _tokens(self, kind: str, output: str = "") -> list[tuple[str, str]]:
        return [
            (entry.organisation.slug, entry.jws)
            for entry in self.statements
            if entry.type == kind and (not output or entry.output == output)
        ]
