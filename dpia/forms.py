"""What people fill in about a DPIA beside its answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from dpia.actions.advising import Item
from dpia.checking import LONGEST, storable
from dpia.models import Advice, Assessment, ItemResponse, Review
from dpia.review_dates import in_a_year
from dpia.rows import Rows
from dpia.template import Label, Option, TableColumn, TemplateForm, stored_form
from station.reasons import Refused
from web.forms import Day, Form
from web.language import language

ITEM = TableColumn(id="item", label=Label(nl="Wat er moet gebeuren", en="What has to be done"))
WEIGHT = TableColumn(
    id="weight", label=Label(nl="Hoe zwaar weegt het?", en="How heavy does it weigh?"), type="choice",
    options=[
        Option(key="condition", label=Label(nl="voorwaarde: eerst voldoen", en="condition: has to be met first")),
        Option(key="recommendation", label=Label(nl="aanbeveling", en="recommendation")),
        Option(key="remark", label=Label(nl="opmerking", en="remark")),
    ],
)  # fmt: skip
LONGEST_OPTION = 90


def sentences(refusal: Refused) -> list[str]:
    return [reason.text(language()) for reason in refusal.reasons]


class LongText(forms.CharField):
    """A text that is stored as it is; one that is too long is refused and stays in the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), **kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return storable(super().to_python(value), LONGEST)
        except Refused as refusal:
            raise ValidationError(sentences(refusal)) from refusal


class OfVersion(Form):
    """A form about one version; the action refuses when another one is at hand by then."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReviewForm(OfVersion):
    verdict = forms.ChoiceField(label=_("What do you find?"), choices=Review.VERDICTS, widget=forms.RadioSelect)
    text = LongText(
        label=_("Explanation"), help_text=_("Needed when you send it back. All partners can read this."), required=False
    )


class AdviceForm(OfVersion):
    verdict = forms.ChoiceField(label=_("Your advice"), choices=Advice.VERDICTS, widget=forms.RadioSelect)
    text = LongText(label=_("Explanation"), help_text=_("All partners can read this."), required=False)
    items = forms.Field(
        label=_("Items"),
        help_text=_("One for each thing that asks for a response. A condition or an objection is an item."),
        widget=Rows([ITEM]),
        required=False,
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].widget = Rows([ITEM, WEIGHT, _about(stored_form(assessment.template))])

    def clean_items(self) -> list[Item]:
        return [Item(row["item"], row["weight"], row["question"]) for row in self.cleaned_data["items"]]


def _about(form: TemplateForm) -> TableColumn:
    """Which question an item is about."""
    options = [
        Option(key=question.id, label=Label(**{
            key: f"{point.number}. {getattr(question.label, key)}"[:LONGEST_OPTION] for key in ("nl", "en")
        }))
        for point in form.points() for question in point.questions
    ]  # fmt: skip
    about = Label(nl="Over welke vraag gaat het? (leeg: alles)", en="Which question is it about? (empty: all)")
    return TableColumn(id="question", label=about, type="choice", options=options)


class AdoptionForm(OfVersion):
    """Nothing to fill in: only whether it is meant, and about which version."""


class ResponseForm(Form):
    decision = forms.ChoiceField(
        label=_("What do you do with it?"), choices=ItemResponse.DECISIONS, widget=forms.RadioSelect
    )
    reasons = LongText(label=_("Reasons"), help_text=_("Needed unless you follow it wholly."), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ConsultationForm(Form):
    reference = forms.CharField(
        label=_("Reference"), help_text=_("Under which the question was sent to the authority."), max_length=200
    )
    asked_on = forms.DateField(label=_("Asked on"), widget=Day)


class ExtensionForm(Form):
    reason = LongText(label=_("Reasons of the authority"), help_text=_("All partners can read this."))
    on = forms.DateField(label=_("Told on"), widget=Day)


class PauseForm(Form):
    what = LongText(label=_("What does the authority want to know?"), help_text=_("All partners can read this."))
    on = forms.DateField(label=_("Asked on"), widget=Day)


class ContinueForm(Form):
    on = forms.DateField(label=_("Sent on"), widget=Day)


class SummaryForm(OfVersion):
    text = LongText(
        label=_("Joint summary of the advice"),
        help_text=_("What the DPOs agree on, where they differ, and what weighs most. All partners can read this."),
    )


class CoordinatingForm(Form):
    coordinator = forms.ModelChoiceField(label=_("Whose DPO coordinates?"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, controllers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = controllers


class AuthorityAnswerForm(Form):
    answer = LongText(label=_("Answer of the authority"), help_text=_("All partners can read this."))
    answered_on = forms.DateField(label=_("Answered on"), widget=Day)


class ReviewAgainForm(Form):
    reason = LongText(
        label=_("What did you look at, and why does the DPIA still hold?"),
        help_text=_("All partners can read this."),
    )
    review_on = forms.DateField(label=_("Next review date"), widget=Day, initial=in_a_year)


class SuspensionForm(Form):
    reason = LongText(label=_("Why does it have to stop?"), help_text=_("All partners can read this."))
