"""Randomness that whoever holds a key can repeat: AES-256 in counter mode. Never a statistics generator.

A secret shared by two parties becomes many independent streams, one per label; a label is used once per session.
"""

from __future__ import annotations

import hmac
import secrets

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from station.alignment.field import Elements, P

Positions = npt.NDArray[np.int64]


class Keystream:
    def __init__(self, key: bytes) -> None:
        self._cipher = Cipher(algorithms.AES256(key), modes.CTR(bytes(16))).encryptor()

    @classmethod
    def labelled(cls, secret: bytes, label: str) -> Keystream:
        return cls(hmac.digest(secret, label.encode(), "sha256"))

    @classmethod
    def own(cls) -> Keystream:
        """A stream that nobody else can repeat."""
        return cls(secrets.token_bytes(32))

    def take(self, size: int) -> bytes:
        return self._cipher.update(bytes(size))

    def words(self, size: int) -> npt.NDArray[np.uint64]:
        return np.frombuffer(self.take(8 * size), dtype="<u8").astype(np.uint64)

    def elements(self, size: int) -> Elements:
        """Uniform in [0, P): 61 bits each, and another try for the one value that does not fit."""
        drawn = self.words(size) & np.uint64(P)
        while (outside := np.flatnonzero(drawn == P)).size:
            drawn[outside] = self.words(outside.size) & np.uint64(P)
        return drawn

    def permutation(self, size: int) -> Positions:
        """A uniform order of ``size`` positions: sort random 64-bit keys."""
        return np.argsort(self.words(size), kind="stable")

    def below(self, limit: int) -> int:
        """Uniform in [0, limit), by rejection."""
        size = (limit.bit_length() + 7) // 8
        while (drawn := int.from_bytes(self.take(size), "little") >> (8 * size - limit.bit_length())) >= limit:
            pass
        return drawn


def inverse(order: Positions) -> Positions:
    """``inverse(order)[order[i]] == i``."""
    found = np.empty_like(order)
    found[order] = np.arange(order.size)
    return found
