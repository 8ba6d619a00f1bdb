"""One authenticated connection: frames of raw bytes with a label, kept until somebody asks for them."""

from __future__ import annotations

import asyncio
import hashlib
import struct
from collections.abc import Callable

_HEAD = struct.Struct("<I16s")  # length of the payload, hash of the label


class PeerLost(Exception):
    """A peer disappeared, or sent what does not fit the protocol. ``organisation`` is its key."""

    def __init__(self, organisation: str) -> None:
        super().__init__(organisation)
        self.organisation = organisation


class Connection:
    """Send without waiting, receive by label. When the peer goes, whoever waits gets PeerLost."""

    def __init__(
        self, organisation: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, largest: int
    ) -> None:
        self.organisation = organisation
        self.sent = self.received = 0
        self._reader, self._writer, self._largest = reader, writer, largest
        self._arrived: dict[bytes, bytes] = {}
        self._awaited: dict[bytes, asyncio.Future[bytes]] = {}
        self._lost: Callable[[PeerLost], None] | None = None
        self._failure: PeerLost | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, lost: Callable[[PeerLost], None]) -> None:
        self._lost = lost
        self._task = asyncio.create_task(self._read())

    def send(self, label: str, message: bytes) -> None:
        self._writer.write(_HEAD.pack(len(message), _name(label)))
        self._writer.write(message)
        self.sent += _HEAD.size + len(message)

    async def flushed(self) -> None:
        await self._writer.drain()

    def receive(self, label: str) -> asyncio.Future[bytes]:
        """The message with this label, now or when it comes; each label once."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        name = _name(label)
        if (message := self._arrived.pop(name, None)) is not None:
            future.set_result(message)
        elif self._failure is not None:
            future.set_exception(self._failure)
        else:
            self._awaited[name] = future
        return future

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

    async def _read(self) -> None:
        try:
            while True:
                size, name = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
                if size > self._largest or name in self._arrived:
                    break
                self._deliver(name, await self._reader.readexactly(size))
                self.received += _HEAD.size + size
        except (OSError, asyncio.IncompleteReadError):
            pass
        self._fail(PeerLost(self.organisation))

    def _deliver(self, name: bytes, message: bytes) -> None:
        future = self._awaited.pop(name, None)
        if future is None:
            self._arrived[name] = message
        elif not future.done():
            future.set_result(message)

    def _fail(self, failure: PeerLost) -> None:
        self._failure = failure
        for future in self._awaited.values():
            if not future.done():
                future.set_exception(failure)
        self._awaited.clear()
        if self._lost is not None:
            self._lost(failure)


def _name(label: str) -> bytes:
    return hashlib.sha256(label.encode()).digest()[:16]
