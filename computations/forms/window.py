"""When it may run and how often, and how long what comes out is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.forms.section import EMPTY_CHOICE, FieldSet, SectionForm, choices
from computations.specifying import words
from web.forms import Day

MOST_RUNS, MOST_DAYS = 400, 36_500


class WindowForm(SectionForm):
    more_label = _("Save and add another period")

    def build(self) -> Iterator[FieldSet]:
        yield self._schedule(self.part["schedule"])
        self.number = self.rows("holder", len(self.part["retention"]) + 1 + self.setting.more)
        for place in range(self.number):
            given = self.part["retention"][place] if place < len(self.part["retention"]) else {}
            yield self._retention(place, given)

    def stored(self) -> dict[str, Any]:
        given = self.cleaned_data
        schedule = {
            "recurrence": given["recurrence"],
            "start": given["start"].isoformat() if given["start"] else "",
            "end": given["end"].isoformat() if given["end"] else "",
            "slots": given["slots"],
        }
        rows = [self._read(place) for place in range(self.number)]
        kept = [row for row in rows if row["artefact"]["nl"] or row["holder"] or row["days"] is not None]
        return {"schedule": schedule, "retention": kept}

    def _schedule(self, given: dict[str, Any]) -> FieldSet:
        recurrence = forms.ChoiceField(label=words.FIELDS["recurrence"], choices=choices(words.RECURRENCES))
        start = forms.DateField(label=words.FIELDS["start"], widget=Day)
        end = forms.DateField(label=words.FIELDS["end"], widget=Day, help_text=_("That day included."))
        slots = forms.IntegerField(
            label=words.FIELDS["slots"], min_value=1, max_value=MOST_RUNS,
            help_text=_("How many runs the contract allows. A station does not compute more than it signed for."),
        )  # fmt: skip
        rows: list[tuple[str, ...]] = [
            (self.add("recurrence", recurrence, given.get("recurrence")), self.add("slots", slots, given.get("slots"))),
            (self.add("start", start, given.get("start")), self.add("end", end, given.get("end"))),
        ]
        return FieldSet(say("Window and runs"), rows)

    def _retention(self, place: int, given: dict[str, Any]) -> FieldSet:
        holder = forms.ChoiceField(label=words.FIELDS["holder"], choices=[EMPTY_CHOICE, *self.setting.names.items()])
        days = forms.IntegerField(label=words.FIELDS["days"], min_value=0, max_value=MOST_DAYS)
        text = self.add_text(f"artefact_{place}", words.FIELDS["artefact"], given.get("artefact"))
        who = self.add(f"holder_{place}", holder, given.get("holder"))
        how_long = self.add(f"days_{place}", days, given.get("days"))
        intro = say("What is kept of the outcome, by whom, and for how long. An empty row is left out.")
        legend = say("Retention %(n)s") % {"n": place + 1}
        return FieldSet(legend, [text, (who, how_long)], intro="" if place else intro)

    def _read(self, place: int) -> dict[str, Any]:
        return {
            "artefact": self.text(f"artefact_{place}"),
            "holder": self.cleaned_data[f"holder_{place}"],
            "days": self.cleaned_data[f"days_{place}"],
        }
