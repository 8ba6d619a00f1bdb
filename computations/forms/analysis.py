"""Which analysis, on which engine, with which parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.engines import ALWAYS, lacking
from computations.forms.questions import questions
from computations.forms.section import FieldSet, SectionForm
from computations.specifying import words
from station import analyses
from web.templatetags.components import in_language


class AnalysisForm(SectionForm):
    """Choosing another analysis saves the choice and comes back with the questions of that one."""

    bilingual = False
    intro = _("What is computed, from the catalogue that all stations share.")
    more_label = _("Save and add another condition")

    def build(self) -> Iterator[FieldSet]:
        self.checks: list[Callable[[], None]] = []
        self.conditions: dict[str, list[dict[str, Any]]] = {}
        self.known = analyses.catalogue().get(self.part["analysis"])
        self.questions = questions(self.known.parameters) if self.known else []
        first, given = self._choice(), self.part["parameters"] or {}
        yield first
        for question in self.questions:
            for made in question.build(self, given.get(question.name)):
                if question.simple:
                    first.rows.extend(made.rows)
                else:
                    yield made

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.is_another:
            for check in self.checks:
                check()
        return cleaned

    def stored(self) -> dict[str, Any]:
        chosen = self.cleaned_data["analysis"]
        if self.is_another:
            return {"analysis": chosen, "engine": analyses.get(chosen).engines[0], "parameters": {}}
        if self.known is None:
            return {"analysis": chosen, "engine": "", "parameters": {}}
        read = {question.name: question.read(self) for question in self.questions}
        return {
            "analysis": chosen,
            "engine": self.cleaned_data["engine"],
            "parameters": {name: value for name, value in read.items() if self._says(name, value)},
        }

    def _says(self, name: str, value: Any) -> bool:
        """Whether a parameter is worth a line: what was never touched is left to its default."""
        untouched = name not in (self.part["parameters"] or {})
        return value is not None and not (untouched and value == self._defaults.get(name))

    def _who_lacks(self, engine: str) -> str:
        """Of the computing parties; what their stations said last."""
        computing = self.setting.with_role("computing_party") or list(self.setting.names)
        if not (missing := [self.setting.names[key] for key in lacking(engine, computing)]):
            return say("Every station that computes has it.")
        return say("Not at the stations of: %(names)s. Their data stewards can install it.") % {
            "names": ", ".join(missing)
        }

    @property
    def _defaults(self) -> dict[str, Any]:
        fields = self.known.parameters.model_fields if self.known else {}
        return {name: field.get_default() for name, field in fields.items() if not field.is_required()}

    @property
    def comes_back(self) -> bool:
        return self.is_another

    @property
    def is_another(self) -> bool:
        chosen = self.cleaned_data.get("analysis")
        return bool(chosen) and chosen != self.part["analysis"]

    def _choice(self) -> FieldSet:
        options = [(key, in_language(entry.title)) for key, entry in analyses.catalogue().items()]
        chosen = forms.ChoiceField(label=words.FIELDS["analysis"], choices=options, widget=forms.RadioSelect)
        engines = self.known.engines if self.known else ()
        engine = forms.ChoiceField(label=words.FIELDS["engine"], choices=[(name, name) for name in engines])
        rows: list[tuple[str, ...]] = [(self.add("analysis", chosen, self.part["analysis"]),)]
        if engines:
            rows.append((self.add("engine", engine, self.part["engine"] or engines[0]),))
        facts = [(say("What it does"), in_language(self.known.summary))] if self.known else []
        facts += [
            (say("Engine %(name)s") % {"name": name}, self._who_lacks(name)) for name in engines if name != ALWAYS
        ]
        assumed = [(say("What it assumes"), in_language(self.known.assumptions))] if self.known else []
        return FieldSet(say("The analysis"), rows, facts=[*facts, *assumed])
