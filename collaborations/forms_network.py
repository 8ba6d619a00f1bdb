"""What people fill in to find partners, and what the partners tell everybody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import NewOrganisation
from accounts.models import Organisation
from collaborations.forms import one_of
from collaborations.models import Partner
from collaborations.models.plan import THEMES
from web.forms import Day, Form, Reasoned


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _capacity() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Capacity, as expected now"),
        help_text=_("The specification settles it later; a knowledge partner never becomes a party by itself."),
        choices=Partner._meta.get_field("capacity").choices,
        initial="joint_controller",
    )


class FindCall(Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=[("", _("all")), *THEMES])


class NewCall(Form):
    wanted = forms.CharField(
        label=_("We are looking for"), help_text=_("Such as: an organisation that holds data on energy contracts."),
        max_length=200,
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why"), help_text=_("What you want to reach together. Name no people and nothing confidential."),
        widget=_lines(6), max_length=4_000,
    )  # fmt: skip
    until = forms.DateField(label=_("Open until"), help_text=_("That day included, at most a year ahead."), widget=Day)


class OnBehalf(Form):
    organisation = forms.ModelChoiceField(
        label=_("On behalf of"), queryset=Organisation.objects.none(), to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of(self.fields["organisation"], organisations)


class AnswerCall(OnBehalf):
    text = forms.CharField(
        label=_("What you offer"), help_text=_("Which data or knowledge you have, and what you expect."),
        widget=_lines(6), max_length=4_000,
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Whom the partners can reach"),
        help_text=_("Name or team, with telephone or e-mail. Removed as soon as your answer is decided."),
        max_length=300,
    )


class AcceptAnswer(Form):
    capacity = _capacity()


class DeclineAnswer(Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The organisation that answered reads this, and so do all partners."),
        widget=_lines(4), max_length=2_000,
    )  # fmt: skip


class AskOutsider(Form):
    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address of a contact"),
        help_text=_(
            "Only to write to this organisation. Removed when its first member is there, at the latest after 90 days."
        ),
    )
    message = forms.CharField(
        label=_("Message"), help_text=_("Why you ask this organisation. It stands in the e-mail as you write it."),
        widget=_lines(6), max_length=2_000,
    )  # fmt: skip
    capacity = _capacity()


class Admit(NewOrganisation):
    """The organisation that the platform administrator makes; its key is proposed from its name."""


class NewSummary(Form):
    title_nl = forms.CharField(label=_("Title in Dutch"), max_length=200)
    text_nl = forms.CharField(label=_("Text in Dutch"), widget=_lines(8), max_length=4_000)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    text_en = forms.CharField(label=_("Text in English"), widget=_lines(8), max_length=4_000)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AgreeSummary(OnBehalf):
    """``sha256``: of the words that stood on this page."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class WithdrawSummary(OnBehalf, Reasoned):
    """One of the partners stops agreeing, with its reason."""
