"""E-mail to the person whose second factor changed: who did not do this themselves must learn of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User


def send(what: str, user: User, **facts: Any) -> None:
    """In the person's own language, once what happened is kept."""
    with override(user.language):
        context = {"what": what, "user": user, "base_url": settings.BASE_URL, **facts}
        text = render_to_string("accounts/second_factor/letter.txt", context)
        subject = _("Your second factor at NICPET")
    transaction.on_commit(lambda: send_mail(subject, text, None, [user.email], fail_silently=True))
