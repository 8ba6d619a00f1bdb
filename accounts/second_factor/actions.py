"""What changes a second factor: each is an event, a letter, and the end of every other session."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP as App
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

import audit
from accounts import reach, roles
from accounts.models import Membership, Organisation, User
from accounts.second_factor import letters, state
from accounts.second_factor.checking import matching_step
from station.reasons import Refused

MOST_PASSKEYS = 10


@transaction.atomic
def add_app(*, secret: str, code: str, by: User) -> None:
    """An app on a telephone: the code shows that it holds the secret. The same code does not log in after it."""
    user = _locked(by)
    if state.app(user):
        raise Refused("second_factor.app_there")
    step = matching_step(secret, code)
    if step is None:
        raise Refused("second_factor.wrong")
    made = App.activate(user, secret).instance
    made.data["last_step"] = step
    made.save(update_fields=["data"])
    _changed("app_added", "second_factor.app_added", user)


@transaction.atomic
def add_passkey(*, name: str, response: Any, by: User) -> None:
    """A passkey, from what the browser answered to the challenge in this session."""
    user = _locked(by)
    if len(state.passkeys(user)) >= MOST_PASSKEYS:
        raise Refused("second_factor.many_passkeys", most=MOST_PASSKEYS)
    try:
        webauthn.parse_registration_response(response)
        webauthn.complete_registration(response)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("second_factor.passkey") from error
    webauthn.WebAuthn.add(user, name, response)
    _changed("passkey_added", "second_factor.passkey_added", user)


@transaction.atomic
def remove(*, factor: Authenticator, by: User) -> None:
    """Takes an app or a passkey away; with the last one the recovery codes go as well."""
    user = _locked(by)
    held = Authenticator.objects.filter(user=user, pk=factor.pk, type__in=state.FACTORS).first()
    if held is None:
        raise PermissionDenied
    held.delete()
    if state.has(user):
        _changed("removed", "second_factor.removed", user)
    else:
        Authenticator.objects.filter(user=user).delete()
        _changed("turned_off", "second_factor.turned_off", user)


@transaction.atomic
def new_recovery_codes(*, by: User) -> list[str]:
    """Ten codes; those from before count no longer."""
    user = _locked(by)
    if not state.has(user):
        raise Refused("second_factor.none")
    Authenticator.objects.filter(user=user, type=state.RECOVERY).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    _changed("codes_made", "second_factor.codes_made", user)
    return codes


@transaction.atomic
def reset(*, membership: Membership, by: User) -> None:
    """For somebody who lost everything: an administrator takes all of it away, so that it can be set up anew."""
    user = _locked(membership.user)
    _require_resetter(membership, by)
    if not Authenticator.objects.filter(user=user).exists():
        raise Refused("second_factor.none_there", name=user.full_name)
    Authenticator.objects.filter(user=user).delete()
    _changed("reset", "second_factor.reset", user, by=by, organisation=membership.organisation)


def _require_resetter(membership: Membership, by: User) -> None:
    if membership.user == by:
        raise Refused("second_factor.own_reset")
    if not reach.resets(by, membership.user, membership.organisation):
        raise PermissionDenied
    if roles.manages_platform(by):
        return
    if roles.manages_platform(membership.user):
        raise PermissionDenied
    elsewhere = Membership.objects.filter(user=membership.user, active=True).exclude(pk=membership.pk).first()
    if elsewhere:
        raise Refused("second_factor.elsewhere", name=membership.user.full_name)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _changed(
    what: str, event: str, user: User, *, by: User | None = None, organisation: Organisation | None = None, **facts: Any
) -> None:
    """Every session from before ends; the one that did it goes on when its view says so."""
    User.objects.filter(pk=user.pk).update(second_factor_round=F("second_factor_round") + 1)
    audit.record(event, by=by or user, about=user, organisation=organisation, member=user.pk, **facts)
    letters.send(what, user)
