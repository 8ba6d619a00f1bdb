"""The computing parties of one attempt, connected pair by pair: who listens, who dials, who is who."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import socket
import ssl
from dataclasses import dataclass, field

from station.alignment.keystream import Keystream
from station.reasons import Refused
from station.transport.certificates import Identity, context, fingerprint
from station.transport.connection import Connection, PeerLost

PATIENCE = 15.0  # seconds until a peer that does not appear is named
_RETRY = 0.2
_SECRET = 32


@dataclass(frozen=True)
class Member:
    """What a READY tells of one computing party."""

    organisation: str
    certificate: str
    host: str
    port: int


@dataclass
class Circle:
    """The three as ``me`` sees them; a point is the place (1, 2, 3) in the order of organisation keys."""

    me: int
    session: bytes
    members: dict[int, Member]
    connections: dict[int, Connection] = field(default_factory=dict)
    secrets: dict[int, bytes] = field(default_factory=dict)
    lost: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _used: set[tuple[int, str]] = field(default_factory=set)

    def stream(self, peer: int, label: str) -> Keystream:
        if (peer, label) in self._used:
            raise AssertionError(f"the stream {label!r} is used twice")
        self._used.add((peer, label))
        return Keystream.labelled(self.secrets[peer], label)

    def send(self, peer: int, label: str, message: bytes) -> None:
        self.connections[peer].send(label, message)

    async def receive(self, peer: int, label: str) -> bytes:
        return await self.connections[peer].receive(label)

    def name(self, point: int) -> str:
        return self.members[point].organisation

    @property
    def traffic(self) -> int:
        """Bytes sent and received by this party."""
        return sum(connection.sent + connection.received for connection in self.connections.values())

    async def close(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self.connections.values()))

    def _on_lost(self, failure: PeerLost) -> None:
        if not self.lost.done():
            self.lost.set_exception(failure)


def listen(host: str, port: int) -> socket.socket:
    """The one port of this station, open from now to the end of the attempt. Refused when it cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=8)
    except OSError as error:
        raise Refused("transport.port", host=host, port=port) from error


async def connect(
    members: list[Member],
    organisation: str,
    identity: Identity,
    listening: socket.socket,
    session: str,
    *,
    largest: int,
) -> Circle:
    """Connects the three of ``members``. Of each pair the lower key listens and the higher dials.

    PeerLost names the first peer that did not appear with its own certificate and this very session.
    """
    ordered = sorted(members, key=lambda member: member.organisation)
    me = next(i for i, member in enumerate(ordered, 1) if member.organisation == organisation)
    circle = Circle(me, bytes.fromhex(session), dict(enumerate(ordered, 1)))
    arrivals: dict[int, asyncio.Future[None]] = {
        point: asyncio.get_running_loop().create_future() for point in circle.members if point > me
    }
    trusted = [member.certificate for member in ordered]
    points = {fingerprint(member.certificate): point for point, member in circle.members.items() if point != me}

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        point = points.get(_peer_fingerprint(writer))
        if point is None or point < me or arrivals[point].done():
            writer.transport.abort()
            return
        try:
            await _greet(circle, point, reader, writer, largest)
        except (OSError, asyncio.IncompleteReadError, Refused):
            writer.transport.abort()
            return
        if not arrivals[point].done():
            arrivals[point].set_result(None)

    server = await asyncio.start_server(
        welcome, sock=listening, ssl=context(identity, trusted, server=True), ssl_handshake_timeout=PATIENCE
    )
    dialling = context(identity, trusted, server=False)
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(
                *(_dial(circle, point, points, dialling, largest) for point in circle.members if point < me),
                *arrivals.values(),
            )
    except TimeoutError:
        missing = min(point for point in circle.members if point != me and point not in circle.connections)
        await circle.close()
        raise PeerLost(circle.name(missing)) from None
    finally:
        server.close()
    for connection in circle.connections.values():
        connection.start(circle._on_lost)
    return circle


async def _dial(circle: Circle, point: int, points: dict[str, int], dialling: ssl.SSLContext, largest: int) -> None:
    member = circle.members[point]
    while True:
        try:
            reader, writer = await asyncio.open_connection(member.host, member.port, ssl=dialling)
            if points.get(_peer_fingerprint(writer)) == point:
                await _greet(circle, point, reader, writer, largest)
                return
            writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError, Refused):
            pass
        await asyncio.sleep(_RETRY)


async def _greet(
    circle: Circle, point: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, largest: int
) -> None:
    """Session hash first, then both add to the secret that this pair shares."""
    mine = secrets.token_bytes(_SECRET)
    writer.write(circle.session + mine)
    await writer.drain()
    session, theirs = await reader.readexactly(len(circle.session)), await reader.readexactly(_SECRET)
    if not hmac.compare_digest(session, circle.session):
        raise Refused("transport.session")
    both = mine + theirs if circle.me < point else theirs + mine
    circle.secrets[point] = hashlib.sha256(b"nicpet pair" + circle.session + both).digest()
    circle.connections[point] = Connection(circle.name(point), reader, writer, largest=largest)


def _peer_fingerprint(writer: asyncio.StreamWriter) -> str:
    tls = writer.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True) if tls is not None else None
    return hashlib.sha256(certificate or b"").hexdigest()
