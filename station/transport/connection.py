"""One authenticated connection: frames of raw bytes with a label, kept until somebody asks for them."""

from __future__ import annotations

import asyncio
import hashlib
import struct
from collections.abc import Callable

from station.reasons import Reason

_HEAD = struct.Struct("<I16s")  # length of the payload, hash of the label
_AHEAD = 8  # messages of the largest size that a peer may send before they are asked for
_LEAVING = "leaving"  # its payload: nothing, or the point of the party that the peer lost


class PeerLost(Exception):
    """A peer disappeared, or sent what does not fit. The reason names its organisation."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason, self.organisation = reason, str(reason.facts["organisation"])


class Connection:
    """Send without waiting, receive by label. When the peer is lost, ``start``'s callback is told; who waits, waits on.

    A peer that said it needs nothing more is not lost; when it gives up because of a third, ``excuse`` is that point.
    """

    def __init__(
        self, organisation: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, largest: int
    ) -> None:
        self.organisation, self.excuse = organisation, 0
        self.sent = self.received = 0
        self._reader, self._writer, self._largest = reader, writer, largest
        self._arrived: dict[bytes, bytes] = {}
        self._unclaimed = 0
        self._awaited: dict[bytes, asyncio.Future[bytes]] = {}
        self._left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None

    def start(self, lost: Callable[[PeerLost], None]) -> None:
        self._task = asyncio.create_task(self._read(lost))

    def send(self, label: str, message: bytes) -> None:
        self._writer.write(_HEAD.pack(len(message), _name(label)))
        self._writer.write(message)
        self.sent += _HEAD.size + len(message)

    async def drained(self) -> None:
        """Until what was sent is mostly on its way: for who has much to send."""
        await self._writer.drain()

    def receive(self, label: str) -> asyncio.Future[bytes]:
        """The message with this label, now or when it comes; each label once."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        name = _name(label)
        if (message := self._arrived.pop(name, None)) is not None:
            self._unclaimed -= _HEAD.size + len(message)
            future.set_result(message)
        else:
            self._awaited[name] = future
        return future

    def leave(self, lost: int = 0) -> None:
        """Tells the peer that this side needs nothing more of it, or that it gives up because of a third party."""
        self.send(_LEAVING, bytes([lost]) if lost else b"")

    async def left(self) -> None:
        """Until the peer needs nothing more of this side."""
        await self._left

    async def close(self) -> None:
        """Ends the reading and the connection; what was sent is sent."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._writer.close()
        try:
            await asyncio.wait_for(self._writer.wait_closed(), 2)
        except (OSError, TimeoutError):
            self._writer.transport.abort()

    async def _read(self, lost: Callable[[PeerLost], None]) -> None:
        try:
            while True:
                size, name = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
                if size > self._largest or name in self._arrived or self._unclaimed > _AHEAD * self._largest:
                    lost(PeerLost(Reason("engine.peer_misfit", {"organisation": self.organisation})))
                    return
                self._deliver(name, await self._reader.readexactly(size))
                self.received += _HEAD.size + size
        except (OSError, asyncio.IncompleteReadError):
            if not self._left.done():
                lost(PeerLost(Reason("engine.peer_lost", {"organisation": self.organisation})))

    def _deliver(self, name: bytes, message: bytes) -> None:
        future = self._awaited.pop(name, None)
        if name == _name(_LEAVING):
            self._leaves(message)
        elif future is None:
            self._arrived[name] = message
            self._unclaimed += _HEAD.size + len(message)
        elif not future.done():
            future.set_result(message)

    def _leaves(self, message: bytes) -> None:
        if message:
            self.excuse = message[0]
        elif not self._left.done():
            self._left.set_result(None)


def _name(label: str) -> bytes:
    return hashlib.sha256(label.encode()).digest()[:16]
