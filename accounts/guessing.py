"""Guessing passwords is slow: after some wrong ones an e-mail address waits, whether or not it has an account."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

MOST = 10
SECONDS = 300


def must_wait(email: str) -> bool:
    return int(cache.get(_key(email), 0)) >= MOST


def wrong(email: str) -> None:
    """Counts; the first wrong one begins the time after which all is forgotten."""
    cache.add(_key(email), 0, SECONDS)
    try:
        cache.incr(_key(email))
    except ValueError:
        return  # the time ended in between


def right(email: str) -> None:
    cache.delete(_key(email))


def _key(email: str) -> str:
    """The cache learns no address."""
    return f"guess:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"
