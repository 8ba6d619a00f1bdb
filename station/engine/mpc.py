"""MPyC over our own connections: no sockets, no certificates, no pickle, and no global runtime of its own."""

from __future__ import annotations

import asyncio
import copy
import sys
import warnings
from contextvars import ContextVar
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from station.alignment import field
from station.alignment.sharing import POINTS
from station.engine import wire
from station.engine.own_runtime import own_runtime
from station.transport.circle import Circle

PARTIES, THRESHOLD, SECURITY = 3, 1, 40

_at_work: ContextVar[Any] = ContextVar("the MPyC runtime of the party at work")


class _AtWork:
    """MPyC's modules look for one global runtime. They find that of the task they run in."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_at_work.get(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_at_work.get(), name, value)


class Channel:
    """What MPyC knows of a peer: arrays labelled by its program counter, as bytes in our frames."""

    def __init__(self, circle: Circle, point: int) -> None:
        self._circle, self._point = circle, point

    def send(self, counter: int, payload: bytes) -> None:
        self._circle.send(self._point, f"mpyc/{counter}", payload)

    def receive(self, counter: int) -> asyncio.Future[wire.Array]:
        """Pending for ever when what comes is no array: then the circle ends the work."""
        found: asyncio.Future[wire.Array] = asyncio.get_running_loop().create_future()
        arriving = self._circle.connections[self._point].receive(f"mpyc/{counter}")
        arriving.add_done_callback(lambda done: self._read(done, found))
        return found

    def _read(self, done: asyncio.Future[bytes], found: asyncio.Future[wire.Array]) -> None:
        if done.cancelled() or found.done():
            return
        try:
            found.set_result(wire.loads(done.result()))
        except ValueError:
            self._circle.fail(self._circle.misfit(self._point))


@cache
def load() -> Any:
    """Imports MPyC without letting it read our command line or write to standard output; gives ``mpyc.runtime``."""
    given, sys.argv = sys.argv, ["mpyc", "--no-log", "--no-uvloop"]
    try:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # numpy's old module names
            from mpyc import asyncoro, runtime
    finally:
        sys.argv = given
    runtime.pickle = SimpleNamespace(dumps=wire.dumps, loads=_loads)
    asyncoro._reconcile = _reconcile
    for name in ("asyncoro", "sectypes", "mpctools", "seclists", "secpols", "secgroups", "random", "statistics"):
        sys.modules[f"mpyc.{name}"].runtime = _AtWork()  # type: ignore[attr-defined]
    return runtime


def runtime(circle: Circle) -> Any:
    """An MPyC runtime for this party of the circle. Three parties, at most one of them corrupt, 2^-40 leakage."""
    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    mpyc = load()
    options = copy.copy(mpyc.mpc.options)
    options.threshold, options.sec_param = THRESHOLD, SECURITY
    options.no_prss = options.no_async = options.no_barrier = options.mix32_64bit = False
    parties = [mpyc.Party(point - 1) for point in circle.members if point in POINTS]
    made = own_runtime(mpyc)(circle.me - 1, parties, options)
    loop.set_exception_handler(handler)  # MPyC's own prints
    if len(parties) != PARTIES or made.threshold != THRESHOLD or options.sec_param != SECURITY:
        raise AssertionError("MPyC must run with three parties and threshold 1")
    computing = [point for point in circle.connections if point in POINTS]
    for point in computing:
        made.parties[point - 1].protocol = Channel(circle, point)
    made._prss_keys = {  # pseudorandom secret sharing: one key for every two parties
        tuple(sorted((circle.me - 1, point - 1))): circle.stream(point, "mpyc/prss").take(16) for point in computing
    }
    made.prfs.cache_clear()
    made.circle = circle
    _at_work.set(made)
    return made


def whole_numbers(runtime: Any, most: int) -> Any:
    """MPyC's type for numbers whose differences are at most ``most``. In our own field when they fit: MPyC then takes
    its square roots, one for each secret bit of a comparison, a whole array at a time.
    """
    bits = most.bit_length() + 1
    if field.P.bit_length() < bits + SECURITY + 2:
        return runtime.SecInt(bits)
    number = runtime.SecInt(bits, field.P)
    number.field.array._sqrt = _inverse_roots
    return number


def _inverse_roots(squares: wire.Array, INV: bool = False) -> wire.Array:
    if not INV:
        raise NotImplementedError("only inverse square roots are needed")
    roots: wire.Array = field.inverse_root(squares.astype(np.uint64)).astype(object)
    return roots


def _loads(message: bytes | wire.Array) -> wire.Array:
    """What a peer sent is read already, by its channel; what is left are a party's own bytes."""
    return wire.loads(message) if isinstance(message, bytes) else message


def _reconcile(declared: Any, task: asyncio.Task[Any]) -> None:
    """The end of one of MPyC's tasks. MPyC would stop the whole loop on an error; here the error ends the work."""
    from mpyc import asyncoro

    made = _at_work.get()
    made._pc_level -= 1
    if task.cancelled():
        return
    if (error := task.exception()) is not None:
        made.circle.fail(error)
    elif declared is not None:
        getattr(asyncoro, "__reconcile")(declared, task.result())
