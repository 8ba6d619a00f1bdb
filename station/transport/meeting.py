"""How the parties of an attempt meet: who listens, who dials, who is who."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import secrets
import socket
import ssl
from collections.abc import Sequence

from station.reasons import Reason, Refused
from station.transport.certificates import Identity, context, fingerprint
from station.transport.circle import Circle, Member
from station.transport.connection import Connection, PeerLost

PATIENCE = 15.0  # seconds until a peer that does not appear is named
_RETRY = 0.2
_REFUSALS = 3
_LAST = 1.0  # seconds to finish greetings when it ends without all
_SECRET = 32


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
    listening: socket.socket | None,
    session: str,
    *,
    largest: int,
    givers: Sequence[Member] = (),
) -> Circle:
    """Connects the three of ``members``, and ``givers`` with each of them. Of each pair the lower point listens and
    the higher dials; a giver does not listen.

    PeerLost names the first peer that did not appear with its own certificate and this very session.
    """
    ordered = [*sorted(members, key=_organisation), *sorted(givers, key=_organisation)]
    me = next(i for i, member in enumerate(ordered, 1) if member.organisation == organisation)
    circle = Circle(me, bytes.fromhex(session), dict(enumerate(ordered, 1)))
    meeting = _Meeting(circle, identity, largest)
    try:
        await meeting.hold(listening)
    except BaseException as error:
        await circle.close(error)
        raise
    return circle


class _Meeting:
    """How a circle comes about: one listener, dialling with patience, and a greeting on every connection."""

    def __init__(self, circle: Circle, identity: Identity, largest: int) -> None:
        self.circle, self.identity, self.largest = circle, identity, largest
        self.trusted = [member.certificate for member in circle.members.values()]
        self.points = {fingerprint(circle.members[point].certificate): point for point in circle.peers}
        self.complete: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.underway: set[asyncio.Task[None]] = set()

    async def hold(self, listening: socket.socket | None) -> None:
        circle = self.circle
        server = await self._serve(listening) if listening is not None else None
        self.underway |= {asyncio.create_task(self._dial(point)) for point in circle.peers if point < circle.me}
        try:
            await asyncio.wait({self.complete, circle.lost}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if server is not None:
                server.close()
            await self._end()
        if circle.lost.done():
            circle.lost.result()
        if not self.complete.done():
            missing = min(point for point in circle.peers if point not in circle.connections)
            raise PeerLost(Reason("transport.unreachable", {"organisation": circle.members[missing].organisation}))

    async def _serve(self, listening: socket.socket) -> asyncio.Server:
        serving = context(self.identity, self.trusted, server=True)
        return await asyncio.start_server(
            self._welcome, sock=listening, ssl=serving, ssl_handshake_timeout=PATIENCE
        )  # fmt: skip

    async def _end(self) -> None:
        """A greeting that is under way is finished first: that peer will want to hear why we leave."""
        if self.underway:
            await asyncio.wait(self.underway, timeout=_LAST)
        for task in self.underway:
            task.cancel()
        await asyncio.gather(*self.underway, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Whoever is no peer that dials us, or is here already, is cut off without a word."""
        point = self.points.get(_peer_fingerprint(writer), 0)
        if point <= self.circle.me or point in self.circle.connections:
            writer.transport.abort()
            return
        self.underway.add(greeting := asyncio.create_task(self._greet(point, reader, writer)))
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            try:
                await greeting
            except PeerLost as other:
                self.circle.fail(other)

    async def _dial(self, point: int) -> None:
        member, tls = self.circle.members[point], context(self.identity, self.trusted, server=False)
        refused = 0
        while refused < _REFUSALS:
            try:
                await self._reach(point, member, tls)
                return
            except PeerLost as other:
                self.circle.fail(other)
                return
            except (ssl.SSLError, asyncio.IncompleteReadError):  # the right peer hangs up: was it told of others?
                refused += 1
            except OSError:
                pass  # not there yet
            await asyncio.sleep(_RETRY)
        self.circle.fail(PeerLost(Reason("transport.other_session", {"organisation": member.organisation})))

    async def _reach(self, point: int, member: Member, tls: ssl.SSLContext) -> None:
        foreign = Reason("transport.foreign_certificate", {"organisation": member.organisation})
        try:
            reader, writer = await asyncio.open_connection(member.host, member.port, ssl=tls)
        except ssl.SSLCertVerificationError:
            raise PeerLost(foreign) from None
        if self.points.get(_peer_fingerprint(writer)) != point:
            writer.transport.abort()
            raise PeerLost(foreign)
        await self._greet(point, reader, writer)

    async def _greet(self, point: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Session hash first, then both add to the secret that this pair shares."""
        try:
            theirs, mine = await self._exchange(point, reader, writer)
        except BaseException:
            writer.transport.abort()
            raise
        circle = self.circle
        both = mine + theirs if circle.me < point else theirs + mine
        circle.secrets[point] = hashlib.sha256(b"nicpet pair" + circle.session + both).digest()
        organisation = circle.members[point].organisation
        circle.connections[point] = Connection(organisation, reader, writer, largest=self.largest)
        circle.connections[point].start(circle.on_lost)
        if len(circle.connections) == len(circle.peers) and not self.complete.done():
            self.complete.set_result(None)

    async def _exchange(
        self, point: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[bytes, bytes]:
        """What the peer adds to the secret and what we do; PeerLost when it belongs to another session."""
        mine = secrets.token_bytes(_SECRET)
        writer.write(self.circle.session + mine)
        await writer.drain()
        session, theirs = await reader.readexactly(len(self.circle.session)), await reader.readexactly(_SECRET)
        if not hmac.compare_digest(session, self.circle.session):
            organisation = self.circle.members[point].organisation
            raise PeerLost(Reason("transport.other_session", {"organisation": organisation}))
        return theirs, mine


def _organisation(member: Member) -> str:
    return member.organisation


def _peer_fingerprint(writer: asyncio.StreamWriter) -> str:
    tls = writer.get_extra_info("ssl_object")
    certificate = tls.getpeercert(binary_form=True) if tls is not None else None
    return hashlib.sha256(certificate or b"").hexdigest()
