"""Who has a second factor, and who needs one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone

from accounts import roles
from accounts.models import Deputy, RoleHeld, User

TOTP, PASSKEY, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
FACTORS = (TOTP, PASSKEY)
"""Recovery codes alone are none: they only stand in for a factor that is lost."""


def has(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def must_have(user: User) -> bool:
    """Whether this person approves or signs somewhere, also as a deputy, so that a password is not enough here."""
    if settings.SECOND_FACTOR != "required":
        return False
    wanted = {"membership__user": user, "membership__active": True, "role__in": roles.binding()}
    if RoleHeld.objects.filter(**wanted).exists():
        return True
    return Deputy.objects.on(timezone.localdate()).filter(**wanted).exists()


def lacks(user: User) -> bool:
    """Needs one and has none: may read, and act only once it is there."""
    return must_have(user) and not has(user)


def app(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, type=TOTP).first()


def passkeys(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type=PASSKEY).order_by("created_at"))


def recovery_codes(user: User) -> list[str]:
    """Those that were not used; pages show them only right after they were made."""
    held = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return list(held.wrap().get_unused_codes()) if held else []


def codes_left(user: User) -> int:
    return len(recovery_codes(user))
