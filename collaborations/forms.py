"""What people fill in about a use case, its partners, legal bases and agreements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from collaborations.access import LONGEST
from collaborations.actions.use_cases import TEMPLATE
from collaborations.models import Partner
from dpia import catalogue
from dpia.models import Advice
from dpia.reading import words
from web.forms import Day, Form
from web.uploads import LARGEST


class PaperField(forms.FileField):
    """A file that is kept as it came; one that is too large is said so before it is read."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        document = super().clean(data, initial)
        if document and document.size > LARGEST:
            raise forms.ValidationError(_("This file is larger than 20 MB. Save it smaller and choose it again."))
        return document


def one_of(field: forms.Field, organisations: QuerySet[Organisation]) -> None:
    """Offers these organisations; nobody has to choose from one."""
    field.queryset = organisations
    found = list(organisations[:2])
    if len(found) == 1:
        field.widget, field.initial, field.required = forms.HiddenInput(), found[0], False
        field.clean = lambda value: found[0]


def _templates() -> list[tuple[str, str]]:
    """The newest published version of every template on which a contract can rest: the one for trials is none."""
    found = {one.form.key: one.form for one in reversed(catalogue.listed()) if one.state == "published"}
    return [(key, words(form.title)) for key, form in sorted(found.items()) if key != catalogue.FOR_TRIALS]


class StartAssessing(Form):
    template = forms.ChoiceField(
        label=_("On which template?"),
        help_text=_("The answers move along when you choose another one later."),
        choices=_templates,
        initial=TEMPLATE,
        widget=forms.RadioSelect,
    )


class AskToAct(Form):
    act_by = forms.DateField(label=_("By which day?"), widget=Day())


class Invitation(Form):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), to_field_name="slug"
    )
    capacity = forms.ChoiceField(
        label=_("Capacity, as expected now"),
        help_text=_("The specification settles it later."),
        choices=Partner._meta.get_field("capacity").choices,
        initial="joint_controller",
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class Answer(Form):
    organisation = forms.ModelChoiceField(
        label=_("On behalf of"), queryset=Organisation.objects.none(), to_field_name="slug", empty_label=None
    )
    text = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self.fields["organisation"], organisations)


class NewComment(Answer):
    text = forms.CharField(
        label=_("What do you want to say?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000
    )
    readers = forms.ChoiceField(
        label=_("Who can read it"),
        choices=[("all", _("all partners of this use case")), ("own", _("only people of my own organisation"))],
        initial="all",
        widget=forms.RadioSelect,
    )

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        return {"organisation": data["organisation"], "text": data["text"], "internal": data["readers"] == "own"}


class BasisAdvice(Form):
    verdict = forms.ChoiceField(
        label=_("Advice"),
        choices=Advice.VERDICTS,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Explanation"),
        help_text=_("Needed for a negative advice and for one with conditions."),
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )


class BasisApproval(Form):
    reasons = forms.CharField(
        label=_("Reasons"),
        help_text=_("Needed when the advice of the DPO is negative or has conditions."),
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )
