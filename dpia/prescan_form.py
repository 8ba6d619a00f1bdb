"""The pre-scan as a form: the same questions as data, with what the facts speak for ticked already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dpia.forms import LongText
from dpia.point_form import QuestionField
from dpia.prescan import PreScanForm, suggested
from web.forms import Form


class PreScanPage(Form):
    text = LongText(
        label=_("Explanation"), required=False,
        help_text=_("Needed when you leave out what the specification speaks for, or when no personal data take part."),
    )  # fmt: skip

    def __init__(self, *args: Any, asked: PreScanForm, facts: dict[str, Any], **kwargs: Any) -> None:
        self.asked = asked
        fields = {question.id: QuestionField(question) for question in asked.questions if not question.locked}
        self.base_fields = {**fields, "text": type(self).base_fields["text"]}
        super().__init__(*args, initial=suggested(asked, facts), **kwargs)

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "text"}


class DecisionForm(Form):
    needed = forms.ChoiceField(
        label=_("Is a DPIA needed?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    reasons = LongText(label=_("Reasons"))
