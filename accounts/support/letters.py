"""E-mail about support access: to whoever must answer, and to whoever waits for the answer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import SupportAccess, User
from web import letters


def asked(access: SupportAccess) -> None:
    """To every administrator of the organisation: one of them answers."""
    for reader in access.organisation.administrators():
        _send(access, reader, "asked")


def answered(access: SupportAccess) -> None:
    """To who asked; its state says what the answer is."""
    _send(access, access.asked_by, access.state)


def _send(access: SupportAccess, reader: User, what: str) -> None:
    """Once what happened is kept."""
    name = access.organisation.name
    facts = {"what": what, "access": access, "organisation": name}

    def subject() -> str:
        return _("Support access at NICPET: %(organisation)s") % {"organisation": name}

    transaction.on_commit(lambda: letters.send(reader, "accounts/support/letter.txt", subject, **facts))
