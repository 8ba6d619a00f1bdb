"""What people fill in to share a DPIA: with whom, which answers, and what is blacked out."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborations.forms_network import OnBehalf
from collaborations.models import SharedAssessment, UseCase
from dpia.reading import words
from dpia.redaction import Choice
from dpia.report import is_public
from web.forms import Form, Reasoned


class NewSharing(Form):
    """One group of answers for each point; those that tell what happens and why are picked beforehand."""

    title = forms.CharField(label=_("Title that others see"), max_length=200)
    audience = forms.ChoiceField(
        label=_("Who may read it?"), choices=SharedAssessment.AUDIENCES, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, offered: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picked = self.initial.get("picks")
        self.points = []
        for point, group in groupby(offered, key=lambda one: one.point):
            found, name = list(group), f"pick_{point.id}"
            proposed = [one.key for one in found if (is_public(one.question) if picked is None else one.key in picked)]
            self.fields[name] = forms.MultipleChoiceField(
                label=f"{point.number}. {words(point.title)}", required=False, initial=proposed,
                choices=[(one.key, _label(one)) for one in found], widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
            self.points.append(name)
        self.fields["passages"] = forms.CharField(
            label=_("Black out"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 6}),
            help_text=_("One passage on each line. It is blacked out wherever it stands in what you picked above."),
        )  # fmt: skip
        type(self).dressed(self.fields["passages"])

    @staticmethod
    def dressed(field: forms.Field) -> None:
        field.widget.attrs["class"] = "utrecht-textarea utrecht-textarea--html-textarea"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kept = {key: value for key, value in data.items() if key not in self.points}
        return kept | {"picks": [pick for name in self.points for pick in data.get(name, [])]}


def _label(choice: Choice) -> str:
    label = words(choice.question.label)
    return f"{label} ({choice.whose})" if choice.whose else label


class ProposeSharing(Form):
    """``sha256``: of what stood in the preview."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AgreeSharing(OnBehalf):
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class WithdrawSharing(OnBehalf, Reasoned):
    """One of the controllers stops sharing, with its reason."""


class BeginFrom(Form):
    use_case = forms.ModelChoiceField(
        label=_("In which of your DPIAs?"), queryset=UseCase.objects.none(), empty_label=None,
        help_text=_("Drafts that you fill in. Answers that stand there already stay."),
    )  # fmt: skip

    def __init__(self, *args: Any, drafts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use_case"].queryset = drafts
