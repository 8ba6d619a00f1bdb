"""MPyC over our own connections: no sockets, no certificates and no pickle of its own."""

from __future__ import annotations

import asyncio
import copy
import sys
from typing import Any

from station.engine import wire
from station.transport.circle import Circle
from station.transport.connection import Connection

PARTIES, THRESHOLD, SECURITY = 3, 1, 40


class Channel:
    """What MPyC knows of a peer: messages labelled by its program counter, in our frames."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.nbytes_sent = 0

    def send(self, counter: int, payload: bytes) -> None:
        self._connection.send(f"mpyc/{counter}", payload)
        self.nbytes_sent += len(payload)

    def receive(self, counter: int) -> asyncio.Future[bytes]:
        return self._connection.receive(f"mpyc/{counter}")


def load() -> Any:
    """Imports MPyC without letting it read our command line or write to standard output; gives ``mpyc.runtime``."""
    given, sys.argv = sys.argv, ["mpyc", "--no-log", "--no-uvloop"]
    try:
        from mpyc import runtime
    finally:
        sys.argv = given
    runtime.pickle = wire
    return runtime


def runtime(circle: Circle) -> Any:
    """An MPyC runtime for this party of the circle. Three parties, at most one of them corrupt, 2^-40 leakage."""
    mpyc = load()
    options = copy.copy(mpyc.mpc.options)
    options.threshold, options.sec_param = THRESHOLD, SECURITY
    options.no_prss = options.no_async = options.no_barrier = options.mix32_64bit = False
    parties = [mpyc.Party(point - 1) for point in circle.members]
    made = mpyc.Runtime(circle.me - 1, parties, options)
    if len(parties) != PARTIES or made.threshold != THRESHOLD or options.sec_param != SECURITY:
        raise AssertionError("MPyC must run with three parties and threshold 1")
    for point, connection in circle.connections.items():
        made.parties[point - 1].protocol = Channel(connection)
    made._prss_keys = {  # pseudorandom secret sharing: one key for every two parties
        tuple(sorted((circle.me - 1, point - 1))): circle.stream(point, "mpyc/prss").take(16)
        for point in circle.connections
    }
    made.prfs.cache_clear()
    for name in ("asyncoro", "sectypes", "mpctools", "seclists", "secpols", "secgroups", "random", "statistics"):
        sys.modules[f"mpyc.{name}"].runtime = made  # type: ignore[attr-defined]
    return made
