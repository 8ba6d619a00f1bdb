"""The columns of one dataset: what each is used for, and why it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.forms.section import FieldSet, SectionForm, choices
from computations.specifying import words
from web.templatetags.components import in_language

MOST_ROWS = 5_000_000


class ColumnsForm(SectionForm):
    intro = _(
        "Choose only what the question needs. One column aligns the lists; nobody gets to see which rows match. "
        "Columns that are not used never leave the station, not even as shares."
    )

    def build(self) -> Iterator[FieldSet]:
        self.columns = self._columns()
        dataset = self._announced()
        size = forms.IntegerField(
            label=words.FIELDS["padded_rows"], min_value=1, max_value=MOST_ROWS,
            help_text=_(
                "The station fills its list up to this number with random ids, so that the true number stays hidden. "
                "The number itself is public."
            ),
        )  # fmt: skip
        subjects = self.add_text(
            "subjects", words.FIELDS["subject_category"], self.part["subject_category"],
            help_text=_("For example: entrepreneurs with payment arrears."),
        )  # fmt: skip
        initial = self.part["padded_rows"] or (dataset.rows_rounded_up if dataset else None)
        size_told = [say("at most about %(n)s rows") % {"n": dataset.rows_rounded_up}] if dataset else []
        facts = [(say("Announced by the station"), told) for told in size_told]
        yield FieldSet(say("The list"), [subjects, (self.add("padded_rows", size, initial),)], facts=facts)
        for column in self.columns:
            yield self._column(column)

    def stored(self) -> dict[str, Any]:
        used = [self._read(column) for column in self.columns]
        return {
            **self.part,
            "subject_category": self.text("subjects"),
            "padded_rows": self.cleaned_data["padded_rows"],
            "columns": [column for column in used if column["use"]],
        }

    def _announced(self) -> Any:
        key = (self.part["organisation"], self.part["dataset"])
        return next((d for d in self.setting.datasets if (d.organisation.slug, d.key) == key), None)

    def _columns(self) -> list[dict[str, Any]]:
        """The announced columns, each with what the draft says of it; then those that are no longer announced."""
        dataset = self._announced()
        said = {column["name"]: column for column in self.part["columns"]}
        empty = {"use": "", "justification": {"nl": "", "en": ""}}
        found = []
        for column in dataset.columns if dataset else []:
            known = said.pop(column["name"], None)
            found.append({**empty, **column, **(known or {}), "type": column["type"]})
        return [*found, *({**column, "strange": True} for column in said.values())]

    def _column(self, column: dict[str, Any]) -> FieldSet:
        name = column["name"]
        use = forms.ChoiceField(
            label=words.FIELDS["use"], choices=[("", _("not used")), *choices(words.USES, empty=False)]
        )
        kind = forms.ChoiceField(label=words.FIELDS["data_class"], choices=choices(words.DATA_CLASSES, empty=False))
        rows: list[tuple[str, ...]] = [
            (self.add(f"use_{name}", use, column["use"]), self.add(f"class_{name}", kind, column["data_class"])),
            self.add_text(f"why_{name}", words.FIELDS["justification"], column["justification"], rows=2),
        ]
        alert = say("The station does not announce this column.") if column.get("strange") else ""
        facts = [
            (words.FIELDS["description"], in_language(column["description"])),
            (words.FIELDS["type"], words.form_of(column["type"])),
        ]
        return FieldSet(name, rows, facts=facts, alert=alert)

    def _read(self, column: dict[str, Any]) -> dict[str, Any]:
        name = column["name"]
        return {
            "name": name,
            "type": column["type"],
            "data_class": self.cleaned_data[f"class_{name}"],
            "use": self.cleaned_data[f"use_{name}"],
            "description": column["description"],
            "justification": self.text(f"why_{name}"),
        }
