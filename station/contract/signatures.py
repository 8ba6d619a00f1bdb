"""Typed ES256 signatures (JWS, RFC 7515): one type per statement, keys only from pins.

Nothing in the header is trusted; it holds exactly ``alg``, ``typ`` and ``kid`` (the RFC 7638 thumbprint of the signing
key). The payload is canonical JSON and must re-serialise to itself, so a signature never covers two readings of it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from station.contract.canonical import canonical, load, load_canonical
from station.reasons import Refused

TYPES = (
    "enrolment", "dataset", "request", "approval", "trial_approval", "revocation",
    "refusal", "ready", "open", "failure", "release", "withhold", "received",
)  # fmt: skip
_HEADER = {"alg", "typ", "kid"}


def new_key() -> ECKey:
    """A fresh P-256 key."""
    return ECKey.generate_key("P-256")


def public(key: ECKey) -> dict[str, str]:
    """The public JWK with only its required members (crv, kty, x, y)."""
    data = key.as_dict(private=False)
    return {name: str(data[name]) for name in ("crv", "kty", "x", "y")}


def import_public(data: Any) -> ECKey:
    """A public P-256 key from a JWK; anything else, private members included, is refused."""
    if not isinstance(data, dict) or set(data) != {"crv", "kty", "x", "y"}:
        raise Refused("key.malformed")
    if (data["kty"], data["crv"]) != ("EC", "P-256"):
        raise Refused("key.malformed")
    try:
        return ECKey.import_key(data)
    except (JoseError, ValueError, TypeError) as error:
        raise Refused("key.malformed") from error


def thumbprint(key: ECKey) -> str:
    """RFC 7638 thumbprint (base64url of SHA-256, 43 characters)."""
    return key.thumbprint()


def sign(kind: str, payload: dict[str, Any], key: ECKey) -> str:
    """A compact JWS of ``payload`` (which gets ``type: kind``) by ``key``."""
    if kind not in TYPES:
        raise ValueError(f"unknown statement type {kind!r}")
    header = {"alg": "ES256", "kid": thumbprint(key), "typ": f"nicpet-{kind}+jws"}
    return jws.serialize_compact(header, canonical({**payload, "type": kind}), key, algorithms=["ES256"])


def verify(token: str, kinds: str | tuple[str, ...], key_of: Callable[[str], ECKey | None]) -> dict[str, Any]:
    """The payload of a statement of one of ``kinds``; ``key_of`` maps a kid to a pinned key or None.

    Raises Refused: malformed, another type, a header member too many (jwk, jku, x5c, crit ...), unknown kid,
    wrong signature, payload that is not canonical.
    """
    allowed = (kinds,) if isinstance(kinds, str) else kinds
    header = read_header(token)
    kind = str(header["typ"]).removeprefix("nicpet-").removesuffix("+jws")
    if header["alg"] != "ES256" or header["typ"] != f"nicpet-{kind}+jws" or kind not in allowed:
        raise Refused("signature.type", expected=", ".join(allowed))
    key = key_of(str(header["kid"]))
    if key is None or thumbprint(key) != header["kid"]:
        raise Refused("signature.unknown_key", kid=str(header["kid"])[:43])
    try:
        signed = jws.deserialize_compact(token, key, algorithms=["ES256"])
    except (JoseError, ValueError) as error:
        raise Refused("signature.wrong") from error
    payload = load_canonical(signed.payload)
    if not isinstance(payload, dict) or payload.get("type") != kind:
        raise Refused("signature.type", expected=kind)
    return payload


def read_header(token: str) -> dict[str, Any]:
    """The header of a compact JWS, only when it holds exactly the three allowed members."""
    parts = token.split(".") if isinstance(token, str) and len(token) < 200_000 else []
    if len(parts) != 3:
        raise Refused("signature.malformed")
    try:
        raw = base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4))
    except (binascii.Error, ValueError) as error:
        raise Refused("signature.malformed") from error
    header = load(raw)
    if not isinstance(header, dict) or set(header) != _HEADER or not all(isinstance(v, str) for v in header.values()):
        raise Refused("signature.header")
    return header


def unverified(token: str) -> dict[str, Any]:
    """The payload without any check: only for showing, never for deciding."""
    parts = token.split(".")
    payload = load(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    return payload if isinstance(payload, dict) else {}
