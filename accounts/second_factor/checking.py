"""Whether what somebody gives at the second step is right: a code counts once, and guessing is slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction

import audit
from accounts import guessing
from accounts.models import User
from accounts.second_factor import letters
from accounts.second_factor.state import PASSKEY, RECOVERY, TOTP
from station.reasons import Refused

CODE_DIGITS = 6


def check_code(user: User, code: str) -> None:
    """A code of the app or, when it is longer, a recovery code; refused with the reason."""
    digits = "".join(sign for sign in code if sign.isalnum())
    _check(user, lambda: _app(user, digits) if len(digits) <= CODE_DIGITS else _recovery(user, digits))


def check_passkey(user: User, response: Any) -> None:
    """What the browser answered to the challenge in this session."""
    _check(user, lambda: _passkey(user, response))


def matching_step(secret: str, code: str) -> int | None:
    """The step of the clock to which this code belongs, when it is one that counts now."""
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if compare_user_code(actual=code, expected=expected):
            return int(step)
    return None


def _check(user: User, right: Callable[[], None]) -> None:
    """One at a time for one account, so that many at once do not get past the limit. What a wrong try leaves behind is
    kept: the refusal leaves only after the transaction."""
    name = f"second step of {user.pk}"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if guessing.must_wait(name, guessing.MOST_CODES):
            raise Refused("second_factor.wait", minutes=guessing.CODE_SECONDS // 60)
        try:
            right()
        except Refused as wrong:
            refusal = wrong
        else:
            guessing.right(name)
            return
        locked = guessing.wrong(name, guessing.CODE_SECONDS) == guessing.MOST_CODES
        if locked:
            audit.record("second_factor.guessed", by=audit.SYSTEM, about=user, member=user.pk)
            letters.send("guessed", user)
    raise refusal


def _app(user: User, code: str) -> None:
    """A step that was used, and those before it, never count again."""
    held = Authenticator.objects.select_for_update().filter(user=user, type=TOTP).first()
    step = matching_step(decrypt(held.data["secret"]), code) if held else None
    if held is None or step is None:
        raise Refused("second_factor.wrong")
    if step <= held.data.get("last_step", 0):
        raise Refused("second_factor.used")
    held.data["last_step"] = step
    held.save(update_fields=["data"])
    held.record_usage()


def _recovery(user: User, code: str) -> None:
    held = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    codes = held.wrap() if held else None
    if codes is None or not codes.validate_code(code):
        raise Refused("second_factor.wrong")
    codes.instance.record_usage()
    left = len(codes.get_unused_codes())
    audit.record("second_factor.recovery_used", by=user, about=user, member=user.pk, left=left)
    letters.send("recovery_used", user, left=left)


def _passkey(user: User, response: Any) -> None:
    """A counter that goes back means a copied key; authenticators without one say 0."""
    try:
        held = webauthn.complete_authentication(user, response)
        counter = webauthn.parse_authentication_response(response).response.authenticator_data.counter
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise Refused("second_factor.passkey") from None
    if held.type != PASSKEY or (counter and counter <= held.data.get("counter", 0)):
        raise Refused("second_factor.passkey")
    held.data["counter"] = counter
    held.save(update_fields=["data"])
    held.record_usage()
