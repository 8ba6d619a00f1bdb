"""Which datasets take part, out of what the parties' own stations announced."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.forms.section import FieldSet, SectionForm
from web.templatetags.components import in_language


class DatasetsForm(SectionForm):
    bilingual = False
    intro = _(
        "Only descriptions are known here; the rows stay at the stations. Per dataset there is a page for its columns. "
        "Taking a dataset out also takes out what was written about its columns."
    )

    def build(self) -> Iterator[FieldSet]:
        givers = self.setting.with_role("input_party") or list(self.setting.names)
        chosen = [name.split("/", 1)[0] for name in self.part]
        self.organisations = list(dict.fromkeys([*givers, *chosen]))
        for organisation in self.organisations:
            yield self._organisation(organisation)

    def stored(self) -> list[str]:
        ticked = [name for key in self.organisations for name in self.cleaned_data.get(f"datasets_{key}", [])]
        return [name for name in self.part if name in ticked] + [name for name in ticked if name not in self.part]

    def _organisation(self, key: str) -> FieldSet:
        name = self.setting.names.get(key, key)
        offered = self._offered(key)
        if not offered:
            intro = say(
                "The station of %(name)s has not announced a dataset yet. Its data steward does so with the command "
                "“dataset add”, at the station."
            )
            return FieldSet(name, [], intro=intro % {"name": name})
        field = forms.MultipleChoiceField(
            label=_("Datasets that take part"), choices=list(offered.items()), widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        return FieldSet(name, [(self.add(f"datasets_{key}", field, [d for d in self.part if d in offered]),)])

    def _offered(self, key: str) -> dict[str, str]:
        """What was announced, and what the draft holds although it is not announced (any more)."""
        offered = {}
        for dataset in self.setting.datasets:
            if dataset.organisation.slug == key:
                size = say("at most about %(n)s rows") % {"n": dataset.rows_rounded_up}
                synthetic = f" ({say('synthetic')})" if dataset.synthetic else ""
                about = f"{in_language(dataset.description)}, {size}{synthetic}"
                offered[f"{key}/{dataset.key}"] = f"{dataset.key}: {about}"
        for name in self.part:
            if name.startswith(f"{key}/"):
                offered.setdefault(name, say("%(name)s (not announced by the station)") % {"name": name})
        return offered
