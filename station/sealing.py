"""Sealed shares (JWE, ECDH-ES with A256GCM): for one receiver's key of one attempt, the header says what they are."""

from __future__ import annotations

from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from station.contract.canonical import canonical, load_canonical
from station.reasons import Refused

_FIXED = {"alg": "ECDH-ES", "enc": "A256GCM", "typ": "nicpet-share+jwe"}
_NAMED = ("session", "output", "sender", "receiver")
_LARGEST = 8 << 20


def seal(share: dict[str, Any], receiver: str, key: ECKey) -> str:
    """The share of ``station.output`` for ``receiver``, whose public key for this attempt is ``key``."""
    header = {**_FIXED, **{name: share[name] for name in ("session", "output", "sender")}, "receiver": receiver}
    return jwe.encrypt_compact(header, canonical(share), key, registry=_registry())


def unseal(sealed: str, key: ECKey, **expected: str) -> dict[str, Any]:
    """The share inside; ``expected`` names session, output, sender and receiver, and all must be as the header says."""
    if set(expected) != set(_NAMED):
        raise TypeError(f"name exactly {', '.join(_NAMED)}")
    if not isinstance(sealed, str) or len(sealed) > 2 * _LARGEST:
        raise Refused("output.sealed_form")
    try:
        opened = jwe.decrypt_compact(sealed, key, registry=_registry())
    except (JoseError, ValueError, TypeError) as error:
        raise Refused("output.sealed_wrong", sender=expected["sender"]) from error
    header = {name: value for name, value in opened.protected.items() if name != "epk"}
    share = load_canonical(opened.plaintext or b"")
    if header != {**_FIXED, **expected} or not isinstance(share, dict):
        raise Refused("output.sealed_other", sender=expected["sender"])
    if any(share.get(name) != expected[name] for name in ("session", "output", "sender")):
        raise Refused("output.sealed_other", sender=expected["sender"])
    return share


def _registry() -> jwe.JWERegistry:
    registry = jwe.JWERegistry(algorithms=["ECDH-ES", "A256GCM"], strict_check_header=False)
    registry.max_ciphertext_length = 2 * _LARGEST
    return registry
