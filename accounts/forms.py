"""Forms to get in: Django's own checks in our components."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from web.forms import dress


class Dressed:
    """Mixed into Django's forms, so that their fields look like ours."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            dress(field)


class LogIn(Dressed, AuthenticationForm):
    error_messages = {
        "invalid_login": _("This e-mail address and password do not belong together. Check both and try again."),
        "inactive": _("This account is closed. The administrator of your organisation can tell you more."),
    }


class AskReset(Dressed, PasswordResetForm):
    pass


class NewPassword(Dressed, SetPasswordForm):
    pass
