"""Guessing is slow: after some wrong passwords an e-mail address waits, whether or not it has an account; after some
wrong codes of the second factor the account does, and longer, since a code is short."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

MOST = 10
SECONDS = 300
MOST_CODES = 5
CODE_SECONDS = 900


def must_wait(who: str, most: int = MOST) -> bool:
    return int(cache.get(_key(who), 0)) >= most


def wrong(who: str, seconds: int = SECONDS) -> int:
    """Counts, and says how many; the first wrong one begins the time after which all is forgotten."""
    cache.add(_key(who), 0, seconds)
    try:
        return int(cache.incr(_key(who)))
    except ValueError:
        return 0  # the time ended in between


def right(who: str) -> None:
    cache.delete(_key(who))


def _key(who: str) -> str:
    """The cache learns no address."""
    return f"guess:{hashlib.sha256(who.strip().lower().encode()).hexdigest()}"
