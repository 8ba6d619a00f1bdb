"""Organisations that are not on the platform yet, asked into a use case: by a partner, let in by the platform."""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext

import audit
from accounts import actions as accounts
from accounts import roles
from accounts.models import Membership, Organisation, User
from audit import transitions
from collaborations.access import lock, short, written
from collaborations.actions.partners import OPEN, invited
from collaborations.lifecycle import OUTSIDER
from collaborations.models import Outsider, Partner, UseCase
from collaborations.models.network import KEPT
from station.reasons import Refused

MOST_ASKED = 10
"""Requests of one use case that wait at the same time, so that nobody sends e-mail to a whole list."""
log = logging.getLogger(__name__)


@transaction.atomic
def ask_outsider(
    *, use_case: UseCase, name: str, email: str, message: str, by: User, capacity: str = "joint_controller"
) -> Outsider:
    """Tells the platform administrator and, by e-mail, the organisation itself."""
    use_case = lock(use_case)
    roles.require(by, "propose_use_case", use_case.proposer)
    if use_case.state not in OPEN:
        raise Refused("lifecycle.state", state=str(use_case.get_state_display()))
    name = short(written(" ".join(name.split()), "outsider.no_name"), gettext("name of the organisation"), 200)
    email = _address(email)
    waiting = use_case.outsiders.filter(state="asked")
    if waiting.filter(Q(name__iexact=name) | Q(email=email)).exists():
        raise Refused("outsider.already", organisation=name)
    if waiting.count() >= MOST_ASKED:
        raise Refused("outsider.too_many", most=MOST_ASKED)
    known = Organisation.objects.filter(name__iexact=name).first()
    if known is not None:
        raise Refused("outsider.on_platform", organisation=known.name)
    message = short(written(message, "outsider.no_message"), gettext("message"), 2_000)
    made = Outsider.objects.create(
        use_case=use_case, name=name, email=email, message=message, capacity=capacity, by=by
    )
    audit.record(
        "outsider.asked", by=by, about=made, context=use_case, organisation=use_case.proposer, partner=name
    )  # fmt: skip
    transaction.on_commit(lambda: _write(made.pk, "asked"))
    return made


@transaction.atomic
def admit_outsider(*, outsider: Outsider, by: User, **organisation: Any) -> Partner:
    """The platform administrator makes the organisation; the request becomes an invitation at once. ``organisation``:
    what ``create_organisation`` takes."""
    outsider = _asked(outsider, by)
    made = accounts.create_organisation(**organisation, by=by)
    outsider.organisation = made
    _move("admit", outsider, by)
    return invited(use_case=outsider.use_case, organisation=made, capacity=outsider.capacity, by=audit.SYSTEM)


@transaction.atomic
def decline_outsider(*, outsider: Outsider, reason: str, by: User) -> Outsider:
    """Not let in; the partners read why. The address is of no use any more."""
    outsider = _asked(outsider, by)
    outsider.email, outsider.reason = "", written(reason, "reason.needed")
    return _move("decline", outsider, by, reason=outsider.reason)


@transaction.atomic
def withdraw_outsider(*, outsider: Outsider, by: User) -> Outsider:
    outsider = lock(outsider)
    roles.require(by, "propose_use_case", outsider.use_case.proposer)
    address, outsider.email = outsider.email, ""
    outsider = _move("withdraw", outsider, by)
    transaction.on_commit(lambda: _write(outsider.pk, "withdrawn", address))
    return outsider


@transaction.atomic
def forget_addresses(*, moment: datetime) -> int:
    """Empties every address that served its purpose or was kept for ``KEPT``. Says how many."""
    onboarded = Membership.objects.filter(active=True).values("organisation")
    done = Q(organisation__in=onboarded) | Q(asked_at__lt=moment - KEPT) | Q(state__in=["declined", "withdrawn"])
    found = Outsider.objects.exclude(email="").filter(done).select_for_update(of=("self",))
    rows = list(found.select_related("use_case__proposer"))
    if not rows:
        return 0
    Outsider.objects.filter(pk__in=[row.pk for row in rows]).update(email="")
    audit.record_all(
        "outsider.address_removed", ((row, row.use_case, row.use_case.proposer, {"partner": row.name}) for row in rows)
    )
    return len(rows)


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("member.email") from error
    return email


def _asked(outsider: Outsider, by: User) -> Outsider:
    """Only platform administrators; they see the request, not the use case."""
    if not roles.manages_platform(by):
        raise PermissionDenied
    outsider = lock(outsider)
    transitions.check(OUTSIDER["admit"], outsider)
    return outsider


def _move(name: str, outsider: Outsider, by: User, **facts: str) -> Outsider:
    use_case = outsider.use_case
    transitions.move(
        OUTSIDER[name], outsider, by=by, context=use_case, organisation=use_case.proposer, partner=outsider.name,
        **facts,
    )  # fmt: skip
    return outsider


def _write(pk: int, what: str, address: str = "") -> None:
    """Dutch and English in one letter, as nobody knows which of them is read there. A letter that cannot be sent
    leaves the request standing: the administrator sees it anyway."""
    outsider = Outsider.objects.select_related("use_case__proposer", "by").get(pk=pk)
    context = {
        "outsider": outsider, "asker": outsider.use_case.proposer.name, "base": settings.BASE_URL,
        "days": KEPT.days, "what": what,
    }  # fmt: skip
    asker = " ".join(outsider.use_case.proposer.name.split())
    subject = f"NICPET: {asker}"
    try:
        send_mail(subject, render_to_string("collaborations/network_letter.txt", context), None,
                  [address or outsider.email])  # fmt: skip
    except (OSError, SMTPException) as error:
        log.warning("outsiders: a letter was not accepted (%s)", type(error).__name__)
