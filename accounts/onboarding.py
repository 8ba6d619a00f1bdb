"""What an organisation still has to arrange before it can take part: worked out from what is there, never ticked off.

A line says who does it and where to click. Rooms above add what they know with ``also``, such as an enrolled station.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles, staff
from accounts.models import Organisation
from web.language import language


@dataclass(frozen=True)
class Line:
    """``role`` is who does it, ``detail`` what was found or what is missing, ``url`` where it is done, by whoever
    holds ``permission`` (empty: all members can look there)."""

    label: str
    done: bool
    role: str
    detail: str
    url: str
    permission: str = "manage_members"

    @property
    def who(self) -> str:
        return str(getattr(roles.ROLES[self.role], language()))

    @property
    def status(self) -> str:
        return _("done") if self.done else _("to do")

    @property
    def tone(self) -> str:
        return "ok" if self.done else "wait"


Source = Callable[[Organisation], Iterator[Line]]
_also: list[Source] = []


def also(source: Source) -> None:
    """A room above adds its lines below ours. Telling it twice does it once."""
    if source not in _also:
        _also.append(source)


def lines(organisation: Organisation) -> list[Line]:
    """Everything, in the order in which it is best done."""
    return [line for source in (_contact, _dpo, _mandate, *_also) for line in source(organisation)]


def _contact(organisation: Organisation) -> Iterator[Line]:
    names = ", ".join(str(contact) for contact in organisation.contacts.all()[:3])
    page = reverse("accounts:contact_new", args=[organisation.slug])
    missing = _("Nobody is recorded to write to.")
    yield Line(_("A contact is recorded"), bool(names), "organisation_admin", names or missing, page)


def _dpo(organisation: Organisation) -> Iterator[Line]:
    names = ", ".join(one.user.full_name for one in staff.holding(organisation, *roles.DPOS))
    page = reverse("accounts:organisation", args=[organisation.slug])
    missing = _("No member holds the role of DPO. Choose a member and give the role.")
    yield Line(_("A DPO is named"), bool(names), "organisation_admin", names or missing, f"{page}#members")


def _mandate(organisation: Organisation) -> Iterator[Line]:
    managers = {one.user for one in staff.holding(organisation, "mandated_manager")}
    binding = [one for one in organisation.mandates.all() if one.holds(timezone.localdate()) and one.holder in managers]
    found = max(binding, key=lambda one: one.valid_to, default=None)
    page = reverse("accounts:mandate_new", args=[organisation.slug])
    detail = _("No mandated manager holds a mandate in force today.") if found is None else found.holder.full_name
    yield Line(_("A mandate is recorded and in force"), found is not None, "organisation_admin", detail, page)
