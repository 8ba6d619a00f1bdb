"""The mail to a new member: where to choose a password, or that the account now has another organisation."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Membership


def invite(membership: Membership) -> bool:
    """Sends it in the member's own language; whether it could be sent. The membership stands either way."""
    user, organisation = membership.user, membership.organisation
    with override(user.language):
        context = {
            "user": user,
            "organisation": organisation.name,
            "new": not user.has_usable_password(),
            "base": settings.BASE_URL,
            "uid": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        }
        text = render_to_string("accounts/invitation.txt", context)
        subject = _("Invitation to NICPET: %(organisation)s") % {"organisation": _one_line(organisation.name)}
        try:
            return bool(send_mail(subject, text, None, [user.email]))
        except (OSError, SMTPException):
            return False


def _one_line(text: str) -> str:
    return " ".join(text.split())
