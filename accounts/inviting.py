"""The mail to a new member: where to choose a password, or that the account now has another organisation."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import Membership
from web import letters


def invite(membership: Membership) -> bool:
    """Whether it could be sent. The membership stands either way."""
    user, organisation = membership.user, membership.organisation
    return letters.send(
        user, "accounts/invitation.txt",
        lambda: _("Invitation to NICPET: %(organisation)s") % {"organisation": organisation.name},
        organisation=organisation.name, new=not user.has_usable_password(),
        uid=urlsafe_base64_encode(force_bytes(user.pk)), token=default_token_generator.make_token(user),
    )  # fmt: skip
