"""SPU's nodes speak over TCP and know nothing of our certificates. So each finds the others at loopback ports of its
own engine, which carries the bytes over the connections of the circle."""

from __future__ import annotations

import asyncio
from typing import Any

from station.alignment.sharing import POINTS
from station.transport.circle import Circle

_PIECE = 1 << 18
_AGAIN = 0.05  # seconds
_HOST = "127.0.0.1"


class Tunnel:
    """From here: a port for each peer. From there: to ``port``, at which our own node listens."""

    def __init__(self, circle: Circle, port: int) -> None:
        self.circle, self.port = circle, port
        self.peers = [point for point in POINTS if point != circle.me]
        self.addresses: dict[int, str] = {circle.me: f"{_HOST}:{port}"}
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._opened = dict.fromkeys(self.peers, 0)

    async def open(self) -> None:
        for peer in self.peers:
            server = await asyncio.start_server(self._from_here(peer), _HOST, 0)
            self._servers.append(server)
            self.addresses[peer] = f"{_HOST}:{server.sockets[0].getsockname()[1]}"
            self._start(self._from_there(peer))

    def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()

    def _from_here(self, peer: int) -> Any:
        async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._opened[peer] += 1
            label = f"spu/{self.circle.me}/{self._opened[peer]}"
            self.circle.send(peer, label, b"")
            self._carry(peer, label, "out", "back", reader, writer)

        return accepted

    async def _from_there(self, peer: int) -> None:
        """One connection after another that the peer's node opens."""
        number = 0
        while True:
            number += 1
            label = f"spu/{peer}/{number}"
            await self.circle.receive(peer, label)
            self._start(self._reach_our_node(peer, label))

    async def _reach_our_node(self, peer: int, label: str) -> None:
        """A peer's node may be there before ours listens."""
        while True:
            try:
                reader, writer = await asyncio.open_connection(_HOST, self.port)
            except OSError:
                await asyncio.sleep(_AGAIN)
                continue
            self._carry(peer, label, "back", "out", reader, writer)
            return

    def _carry(
        self, peer: int, label: str, sends: str, gets: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._start(self._away(peer, f"{label}/{sends}", reader))
        self._start(self._home(peer, f"{label}/{gets}", writer))

    async def _away(self, peer: int, label: str, reader: asyncio.StreamReader) -> None:
        number, piece = 0, b"-"
        while piece:
            try:
                piece = await reader.read(_PIECE)
            except OSError:
                piece = b""
            self.circle.send(peer, f"{label}/{number}", piece)
            await self.circle.connections[peer].drained()
            number += 1

    async def _home(self, peer: int, label: str, writer: asyncio.StreamWriter) -> None:
        number = 0
        try:
            while piece := await self.circle.receive(peer, f"{label}/{number}"):
                writer.write(piece)
                await writer.drain()
                number += 1
        except OSError:
            return  # our node is gone; whoever waits for it hears so
        finally:
            writer.close()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
