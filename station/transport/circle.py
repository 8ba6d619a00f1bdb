"""The parties of one attempt as one sees them: computing parties pair by pair, givers with each of the three."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from station.alignment.keystream import Keystream
from station.alignment.sharing import POINTS
from station.reasons import Reason
from station.transport.connection import Connection, PeerLost

Result = TypeVar("Result")

GRACE = 2.0  # seconds to see for oneself what a peer that gave up said of another


@dataclass(frozen=True)
class Member:
    """What a READY tells of one party; one that only gives data has no address."""

    organisation: str
    certificate: str
    host: str = ""
    port: int = 0


@dataclass
class Circle:
    """All as ``me`` sees them. The points of the computing parties are their places (1, 2, 3) in the order of their
    organisation keys; behind them, from 4, those that only give data.
    """

    me: int
    session: bytes
    members: dict[int, Member]
    connections: dict[int, Connection] = field(default_factory=dict)
    secrets: dict[int, bytes] = field(default_factory=dict, repr=False)
    lost: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _used: set[tuple[int, str]] = field(default_factory=set)

    @property
    def peers(self) -> list[int]:
        """Whom ``me`` is connected with: those that only give data have nothing to say to each other."""
        return [point for point in self.members if point != self.me and min(point, self.me) in POINTS]

    def stream(self, peer: int, label: str) -> Keystream:
        if (peer, label) in self._used:
            raise AssertionError(f"the stream {label!r} is used twice")
        self._used.add((peer, label))
        return Keystream.labelled(self.secrets[peer], label)

    def send(self, peer: int, label: str, message: bytes) -> None:
        self.connections[peer].send(label, message)

    async def receive(self, peer: int, label: str) -> bytes:
        return await self.connections[peer].receive(label)

    def misfit(self, peer: int) -> PeerLost:
        return PeerLost(Reason("engine.peer_misfit", {"organisation": self.members[peer].organisation}))

    @property
    def traffic(self) -> int:
        """Bytes sent and received by this party."""
        return sum(connection.sent + connection.received for connection in self.connections.values())

    async def part(self) -> None:
        """The orderly end: nobody goes while another still needs something of it."""
        for connection in self.connections.values():
            connection.leave()
        for connection in self.connections.values():
            await connection.left()

    async def close(self, because: BaseException | None = None) -> None:
        """Ends all connections; the peers hear whom this party lost, so that they do not blame the messenger."""
        if isinstance(because, PeerLost):
            point = next(p for p, member in self.members.items() if member.organisation == because.organisation)
            for connection in self.connections.values():
                connection.leave(lost=point)
        await asyncio.gather(*(connection.close() for connection in self.connections.values()))

    async def until_lost(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What the work gives; it ends with the reason when a peer is lost first."""
        task = asyncio.create_task(work)
        try:
            waiting: list[asyncio.Future[Any]] = [task, self.lost]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                self.lost.result()
            return await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def fail(self, error: BaseException) -> None:
        """Ends the work of this party; the first reason counts."""
        if not self.lost.done():
            self.lost.set_exception(error)
            self.lost.exception()  # whoever works gets it; nobody need be at work

    def on_lost(self, failure: PeerLost) -> None:
        """A peer that gave up because of a third: what this party sees of the third within the grace counts first."""
        excuse = next(c.excuse for c in self.connections.values() if c.organisation == failure.organisation)
        if excuse not in self.peers:
            self.fail(failure)
            return
        never_came = excuse not in self.connections
        third = Reason("transport.unreachable", {"organisation": self.members[excuse].organisation})
        verdict = PeerLost(third) if never_came else failure
        asyncio.get_running_loop().call_later(GRACE, self.fail, verdict)
