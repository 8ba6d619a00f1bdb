"""What comes out: the threshold, and per output who gets it and who checks it first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.forms.section import EMPTY_CHOICE, FieldSet, SectionForm
from computations.specifying import words
from station import analyses

MOST = 4
KEY = RegexValidator(r"^[a-z][a-z0-9_-]{0,62}$", _("Use small letters, digits and _, a letter first."))


class OutputForm(SectionForm):
    more_label = _("Save and add another output")

    def build(self) -> Iterator[FieldSet]:
        yield self._disclosure(self.part["disclosure"])
        stored = self.part["outputs"]
        self.number = min(MOST, self.rows("name", max(1, len(stored) + self.setting.more)))
        for place in range(self.number):
            yield self._output(place, stored[place] if place < len(stored) else {})

    def stored(self) -> dict[str, Any]:
        disclosure = {
            "k": self.cleaned_data["k"],
            "two_sided": self.cleaned_data["two_sided"],
            "rounding_base": self.cleaned_data["rounding_base"] or 0,
        }
        outputs = [self._read(place) for place in range(self.number)]
        return {"disclosure": disclosure, "outputs": [output for output in outputs if output]}

    def _disclosure(self, given: dict[str, Any]) -> FieldSet:
        k = forms.IntegerField(
            label=words.FIELDS["k"], min_value=2, max_value=10_000,
            help_text=_("The smallest number that may be shown. Every station also has a lowest threshold of its own."),
        )  # fmt: skip
        two_sided = forms.BooleanField(
            label=words.FIELDS["two_sided"], required=False,
            help_text=_("Without it, a table can tell that everybody in a group meets the conditions."),
        )  # fmt: skip
        rounding = forms.IntegerField(
            label=words.FIELDS["rounding_base"], min_value=0, max_value=100, required=False,
            help_text=_("0 means: not rounded."),
        )  # fmt: skip
        rows: list[tuple[str, ...]] = [
            (self.add("k", k, given.get("k")),),
            (self.add("two_sided", two_sided, given.get("two_sided", True)),),
            (self.add("rounding_base", rounding, given.get("rounding_base", 0)),),
        ]
        intro = say("Held to inside the computation, before anything is opened.")
        return FieldSet(say("What may be shown"), rows, intro=intro)

    def _output(self, place: int, given: dict[str, Any]) -> FieldSet:
        receivers = self.setting.with_role("result_party") or list(self.setting.names)
        checkers = [key for key in self.setting.names if key != self.setting.draft["asker"]]
        name = forms.CharField(
            label=words.FIELDS["id"], max_length=63, validators=[KEY],
            help_text=_("Small letters, digits and _; for example: stress_map."),
        )  # fmt: skip
        recipients = forms.MultipleChoiceField(
            label=words.FIELDS["recipients"], choices=self._named(receivers, given.get("recipients", [])),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        checker = forms.ChoiceField(
            label=words.FIELDS["checker"],
            choices=[EMPTY_CHOICE, *self._named(checkers, [given["checker"]] if given.get("checker") else [])],
            help_text=_("Not the asker. It sees the table first, at its own station, and decides."),
        )  # fmt: skip
        shown = forms.BooleanField(
            label=words.FIELDS["shown_on_platform"], required=False,
            help_text=_("Only members of the recipients can see it here. Otherwise it stays at their stations."),
        )  # fmt: skip
        rows = [
            (self.add(f"name_{place}", name, given.get("name", "")),),
            *self._kind(place, given),
            self.add_text(f"title_{place}", words.FIELDS["title"], given.get("title")),
            self.add_text(
                f"use_{place}", _("What it may be used for, and what not"), given.get("use"), rows=3,
            ),
            (self.add(f"recipients_{place}", recipients, given.get("recipients", [])),),
            (self.add(f"checker_{place}", checker, given.get("checker", "")),),
            (self.add(f"shown_{place}", shown, given.get("shown_on_platform", True)),),
        ]  # fmt: skip
        if given:
            out = forms.BooleanField(label=_("Take this output out"), required=False)
            rows.append((self.add(f"out_{place}", out),))
        return FieldSet(say("Output %(n)s") % {"n": place + 1}, rows)

    def _kind(self, place: int, given: dict[str, Any]) -> list[tuple[str, ...]]:
        """Asked only when the analysis has outputs of more than one kind."""
        if len(self.kinds) < 2:
            return []
        kind = forms.ChoiceField(
            label=words.FIELDS["kind"], choices=[(kind, words.OUTPUT_KINDS[kind]) for kind in self.kinds],
            help_text=_("A list of persons or cases goes to one recipient's station, and is never shown here."),
        )  # fmt: skip
        return [(self.add(f"kind_{place}", kind, given.get("kind", "aggregate_table")),)]

    @property
    def kinds(self) -> tuple[str, ...]:
        known = analyses.catalogue().get(self.setting.draft["analysis"])
        return known.output_kinds if known else ("aggregate_table",)

    def _named(self, keys: list[str], stored: list[str]) -> list[tuple[str, str]]:
        """What can be chosen now, and what was chosen before."""
        return [(key, self.setting.names.get(key, key)) for key in dict.fromkeys([*keys, *stored])]

    def _read(self, place: int) -> dict[str, Any] | None:
        """None when the row was left empty, or is to be taken out."""
        texts = [value for name in ("title", "use") for value in self.text(f"{name}_{place}").values()]
        others = [self.cleaned_data[f"{name}_{place}"] for name in ("name", "recipients", "checker")]
        if not any([*texts, *others]) or self.cleaned_data.get(f"out_{place}"):
            return None
        return {
            "name": self.cleaned_data[f"name_{place}"],
            "kind": self.cleaned_data.get(f"kind_{place}") or self.kinds[0],
            "title": self.text(f"title_{place}"),
            "recipients": self.cleaned_data[f"recipients_{place}"],
            "checker": self.cleaned_data[f"checker_{place}"],
            "shown_on_platform": self.cleaned_data[f"shown_{place}"],
            "use": self.text(f"use_{place}"),
        }
