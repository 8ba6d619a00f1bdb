"""An oblivious pseudorandom function: one side knows a key, the other gets F(key, text) for its texts, and neither
learns what the other has. RFC 9497, suite ristretto255-SHA512, mode OPRF; its test vectors are in the tests.

The one who asks sends each text as a point, times a number drawn for that text alone: uniform, whatever the text is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import rbcl

POINT = rbcl.crypto_core_ristretto255_BYTES
OUTPUT = 16  # bytes kept of an output: two different ones among millions look alike with a chance of 2^-80
_SUITE = b"OPRFV1-\x00-ristretto255-SHA512"
_TO_GROUP = b"HashToGroup-" + _SUITE
_BLOCK, _WIDE = 128, 64  # of SHA-512, in bytes


def new_key() -> bytes:
    """A number that nobody can guess; also what a text is blinded with."""
    return bytes(rbcl.crypto_core_ristretto255_scalar_random())


def point_of(text: str) -> bytes:
    """The text as a point of the group (RFC 9380, expand_message_xmd with SHA-512, then the group's own map)."""
    return bytes(rbcl.crypto_core_ristretto255_from_hash(_expanded(text.encode())))


def blind(text: str, number: bytes) -> bytes:
    return bytes(rbcl.crypto_scalarmult_ristretto255(number, point_of(text)))


def evaluate(key: bytes, point: bytes) -> bytes:
    """ValueError for bytes that are no point, or the neutral one, which would tell the key's owner nothing new."""
    if len(point) != POINT or not rbcl.crypto_core_ristretto255_is_valid_point(point):
        raise ValueError("not a point of the group")
    try:
        return bytes(rbcl.crypto_scalarmult_ristretto255(key, point))
    except Exception as error:
        raise ValueError("the neutral point") from error


def finish(text: str, number: bytes, evaluated: bytes) -> bytes:
    """The output for ``text``, from the key owner's answer to ``blind(text, number)``."""
    return output(text, evaluate(rbcl.crypto_core_ristretto255_scalar_invert(number), evaluated))


def direct(key: bytes, text: str) -> bytes:
    """The same output, for who has the key."""
    return output(text, bytes(rbcl.crypto_scalarmult_ristretto255(key, point_of(text))))


def output(text: str, point: bytes) -> bytes:
    said = text.encode()
    parts = (len(said).to_bytes(2, "big"), said, len(point).to_bytes(2, "big"), point, b"Finalize")
    return hashlib.sha512(b"".join(parts)).digest()


def split(message: bytes, width: int) -> Iterator[bytes]:
    """A message as the pieces of ``width`` bytes that it is made of."""
    return (message[place : place + width] for place in range(0, len(message), width))


def joined(pieces: Iterable[bytes]) -> bytes:
    return b"".join(pieces)


def _expanded(message: bytes) -> bytes:
    tail = _TO_GROUP + bytes([len(_TO_GROUP)])
    first = hashlib.sha512(bytes(_BLOCK) + message + _WIDE.to_bytes(2, "big") + b"\x00" + tail).digest()
    return hashlib.sha512(first + b"\x01" + tail).digest()
