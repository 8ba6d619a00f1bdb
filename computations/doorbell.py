"""A ring tells a station that something may wait. It carries nothing and may be lost: ``hints`` hold the truth.

Each station has a count of rings in Valkey. The address it gets with its work holds the count from *before* its hints
were computed, so a ring between the two is noticed at once.
"""

from __future__ import annotations

import logging
from functools import cache

import redis
from django.conf import settings
from django.core import signing

CHANNEL = "nicpet:ring"
SALT = "computations.doorbell"
TOKEN_SECONDS = 600

log = logging.getLogger(__name__)


@cache
def valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def counter(organisation: str) -> str:
    return f"nicpet:rings:{organisation}"


def ring(*organisations: str) -> None:
    """Never fails: a lost ring only costs time."""
    try:
        pipe = valkey().pipeline(transaction=False)
        for organisation in organisations:
            pipe.incr(counter(organisation))
            pipe.publish(CHANNEL, organisation)
        pipe.execute()
    except redis.RedisError as error:
        log.warning("doorbell: ring lost (%s)", type(error).__name__)


def rings(organisation: str) -> int:
    """How often it rang for this station; -1 when nobody knows."""
    try:
        return int(valkey().get(counter(organisation)) or 0)
    except redis.RedisError:
        return -1


def url(organisation: str, heard: int) -> str:
    """Where this station may wait for the ring after the ``heard``-th."""
    token = signing.dumps({"o": organisation, "n": heard}, salt=SALT)
    return f"{settings.DOORBELL_URL}/{token}"


def read_token(token: str) -> tuple[str, int]:
    """(organisation, rings heard); raises signing.BadSignature when it is not ours or too old."""
    data = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    return str(data["o"]), int(data["n"])
