"""The form to compare a contract's code with the one on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborations.models import Contract
from web.forms import Form


class CompareCode(Form):
    contract = forms.ChoiceField(label=_("Contract"))
    code = forms.CharField(
        label=_("Code on your paper"), help_text=_("Capitals, spaces and dashes do not matter."), max_length=100
    )

    def __init__(self, *args: Any, contracts: list[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contracts = {str(contract.pk): contract for contract in contracts}
        named = [(key, f"{one.use_case.title} ({one.get_kind_display()})") for key, one in self.contracts.items()]
        self.fields["contract"].choices = [("", "---------"), *named]

    def given(self) -> dict[str, Any]:
        """What the action asks for."""
        return {"contract": self.contracts[self.cleaned_data["contract"]], "code": self.cleaned_data["code"]}
