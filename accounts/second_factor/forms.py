"""Forms of the second factor. What changes it asks for the password again."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import guessing
from accounts.models import User
from station.reasons import Reason
from web.forms import Form
from web.language import language

LONGEST_ANSWER = 20_000


def code_field(label: Any, help_text: Any = "", most: int = 12) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=forms.TextInput(attrs=attrs))


class WithPassword(Form):
    """The password once more, from whoever sits at this screen now."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "password"])

    def clean_password(self) -> str:
        given: str = self.cleaned_data["password"]
        if guessing.must_wait(self.user.email):
            raise forms.ValidationError(Reason("log_in.wait", {"minutes": guessing.SECONDS // 60}).text(language()))
        if not self.user.check_password(given):
            guessing.wrong(self.user.email)
            raise forms.ValidationError(_("This is not your password. Try again."))
        guessing.right(self.user.email)
        return given


class AddApp(WithPassword):
    code = code_field(_("Code in the app"), _("Six digits. Each code counts for half a minute."))


class Answer(forms.CharField):
    """What the browser made of a challenge, as JSON."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise forms.ValidationError(Reason("second_factor.passkey").text(language())) from error


class AddPasskey(WithPassword):
    name = forms.CharField(
        label=_("Name of this passkey"), help_text=_("For example: work laptop, or security key."), max_length=60
    )
    answer = Answer(required=False, max_length=LONGEST_ANSWER)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("answer"):
            raise forms.ValidationError(Reason("second_factor.no_answer").text(language()))
        return cleaned


class SecondStep(Form):
    """The code; or what a passkey answered, which a script fills in."""

    code = code_field(_("Code"), _("The six digits in your app, or a recovery code of eight digits."))
    answer = Answer(required=False, max_length=LONGEST_ANSWER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("answer"):
            self.fields["code"].required = False
