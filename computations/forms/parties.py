"""Which partners take part, in which capacity, and what each does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.forms.section import FieldSet, SectionForm, choices
from computations.specifying import words
from computations.specifying.starting import candidates


class PartiesForm(SectionForm):
    bilingual = False
    intro = _(
        "Exactly three parties compute. Whoever gives data to this analysis also computes; a party without data can be "
        "the third."
    )

    def build(self) -> Iterator[FieldSet]:
        self.known = self._candidates()
        for key, name in self.known.items():
            yield self._party(key, name, next((p for p in self.part["parties"] if p["organisation"] == key), None))

    def stored(self) -> dict[str, Any]:
        before = [party["organisation"] for party in self.part["parties"]]
        order = sorted(self.known, key=lambda key: before.index(key) if key in before else len(before))
        parties = [self._read(key) for key in order if self._takes_part(key)]
        return {"asker": self.setting.use_case.proposer.slug, "parties": parties}

    def _candidates(self) -> dict[str, str]:
        """Key to name: the partners, and parties of the draft that are no partners, so that they can be taken out."""
        partners = {p.organisation.slug: p.organisation.name for p in candidates(self.setting.use_case)}
        return partners | {party["organisation"]: party["name"] for party in self.part["parties"]}

    def _party(self, key: str, name: str, party: dict[str, Any] | None) -> FieldSet:
        is_asker = key == self.setting.use_case.proposer.slug
        rows: list[tuple[str, ...]] = []
        if not is_asker:
            takes_part = forms.BooleanField(label=_("Takes part in the computation"), required=False)
            rows.append((self.add(f"in_{key}", takes_part, party is not None),))
        capacity = forms.ChoiceField(label=words.FIELDS["capacity"], choices=choices(words.CAPACITIES))
        roles = forms.MultipleChoiceField(
            label=words.FIELDS["party_roles"], choices=choices(words.PARTY_ROLES, empty=False),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        given = party or {}
        rows.append((self.add(f"capacity_{key}", capacity, given.get("capacity", "")),))
        rows.append((self.add(f"roles_{key}", roles, given.get("party_roles", [])),))
        return FieldSet(name, rows, intro=say("Asks the question, and always takes part.") if is_asker else "")

    def _takes_part(self, key: str) -> bool:
        return key == self.setting.use_case.proposer.slug or bool(self.cleaned_data.get(f"in_{key}"))

    def _read(self, key: str) -> dict[str, Any]:
        return {
            "organisation": key,
            "name": self.known[key],
            "capacity": self.cleaned_data[f"capacity_{key}"],
            "party_roles": [role for role in words.PARTY_ROLES if role in self.cleaned_data[f"roles_{key}"]],
        }
