"""E-mail to the person whose second factor changed: who did not do this themselves must learn of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from web import letters


def send(what: str, user: User, **facts: Any) -> None:
    """Once what happened is kept."""
    template, context = "accounts/second_factor/letter.txt", {"what": what, **facts}
    transaction.on_commit(lambda: letters.send(user, template, lambda: _("Your second factor at NICPET"), **context))
