"""Who may connect, who is who, and who is named when it goes wrong."""

import asyncio
import hashlib
import secrets
import ssl
import struct
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.reasons import Refused
from station.transport import circle as circle_module
from station.transport import meeting
from station.transport.certificates import context, fingerprint, new_identity
from station.transport.circle import Circle, Member
from station.transport.connection import PeerLost
from station.transport.meeting import connect, listen
from tests.station.engine.circles import NAMES, circles

LARGEST = 1 << 16
HEAD = struct.Struct("<I16s")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(meeting, "PATIENCE", 1.2)
    monkeypatch.setattr(meeting, "_LAST", 0.3)
    monkeypatch.setattr(circle_module, "GRACE", 0.3)


class Party:
    """One of the three with all it needs; a test changes what it wants another to be."""

    def __init__(self, name: str) -> None:
        self.name, self.identity, self.session = name, new_identity(), "ab" * 32
        self.socket = listen("127.0.0.1", 0)
        self.members: list[Member] = []
        self.seconds = 0.0

    @property
    def member(self) -> Member:
        return Member(self.name, self.identity.certificate, "127.0.0.1", self.socket.getsockname()[1])

    async def connect(self) -> Circle | PeerLost:
        started = time.monotonic()
        try:
            return await connect(self.members, self.name, self.identity, self.socket, self.session, largest=LARGEST)
        except PeerLost as lost:
            return lost
        finally:
            self.seconds = time.monotonic() - started


def three() -> dict[str, Party]:
    parties = {name: Party(name) for name in NAMES}
    for party in parties.values():
        party.members = [other.member for other in parties.values()]
    return parties


def meet(parties: dict[str, Party]) -> dict[str, Circle | PeerLost]:
    async def all_of_them():
        found = await asyncio.gather(*(party.connect() for party in parties.values()))
        for each in found:
            if isinstance(each, Circle):
                await each.close()
        return dict(zip(parties, found, strict=True))

    return asyncio.run(all_of_them())


def verdict(found: Circle | PeerLost) -> tuple[str, str]:
    assert isinstance(found, PeerLost)
    return found.organisation, found.reason.code


def test_three_meet_and_know_each_other():
    parties = three()
    for name, found in meet(parties).items():
        assert isinstance(found, Circle)
        assert {NAMES[point - 1] for point in found.connections} == set(NAMES) - {name}
        assert parties[name].seconds < 1


def test_every_pair_shares_a_secret_of_its_own():
    async def secrets_of() -> list[dict[int, bytes]]:
        found = await circles()
        await asyncio.gather(*(each.close() for each in found))
        return [each.secrets for each in found]

    one, two, three_ = asyncio.run(secrets_of())
    assert one[2] == two[1]
    assert one[3] == three_[1]
    assert two[3] == three_[2]
    again = asyncio.run(secrets_of())
    assert len({one[2], one[3], two[3], again[0][2], again[0][3], again[1][3]}) == 6


@pytest.mark.parametrize("impostor", NAMES)
def test_a_foreign_certificate_is_refused_and_its_bearer_named(impostor):
    """One party comes with another certificate than its READY said. Whoever dials it knows at once."""
    parties = three()
    parties[impostor].identity = new_identity()
    found = meet(parties)
    for name, party in parties.items():
        if name == impostor:
            continue
        organisation, code = verdict(found[name])
        assert organisation == impostor
        dials = NAMES.index(name) > NAMES.index(impostor)
        assert code == ("transport.foreign_certificate" if dials else "transport.unreachable")
        assert party.seconds < (1 if dials else 2.5)


@pytest.mark.parametrize("odd", NAMES)
def test_another_session_is_refused_at_once_and_named(odd):
    parties = three()
    parties[odd].session = "cd" * 32
    found = meet(parties)
    for name, party in parties.items():
        if name != odd:
            assert verdict(found[name]) == (odd, "transport.other_session")
            assert party.seconds < 1.5
    assert verdict(found[odd])[1] == "transport.other_session"


def test_a_peer_that_was_given_other_certificates_is_named():
    """gamma's READYs name another certificate for alpha: gamma sees a stranger, and alpha lets gamma's own in."""
    parties = three()
    other = new_identity().certificate
    parties["gamma"].members = [replace(m, certificate=other) if m.organisation == "alpha" else m
                                for m in parties["gamma"].members]  # fmt: skip
    found = meet(parties)
    assert verdict(found["gamma"]) == ("alpha", "transport.foreign_certificate")
    assert verdict(found["alpha"]) == ("gamma", "transport.unreachable")


def test_a_peer_that_does_not_trust_us_has_other_readys():
    """alpha's READYs name another certificate for gamma: gamma's dialling is refused by the real alpha."""
    parties = three()
    other = new_identity().certificate
    parties["alpha"].members = [replace(m, certificate=other) if m.organisation == "gamma" else m
                                for m in parties["alpha"].members]  # fmt: skip
    found = meet(parties)
    assert verdict(found["gamma"]) == ("alpha", "transport.other_session")
    assert verdict(found["alpha"]) == ("gamma", "transport.unreachable")


@pytest.mark.parametrize("absent", NAMES)
def test_who_does_not_come_is_named(absent):
    parties = three()
    parties.pop(absent).socket.close()
    for name, found in meet(parties).items():
        assert verdict(found) == (absent, "transport.unreachable"), name


def test_the_number_comes_from_the_certificate():
    """With gamma's certificate one is gamma, whatever one says: alpha takes it for 3 and nobody for 2."""
    parties = three()
    alpha, gamma = parties["alpha"], parties["gamma"]

    async def play() -> Circle | PeerLost:
        attempt = asyncio.create_task(alpha.connect())
        await asyncio.sleep(0.1)
        tls = context(gamma.identity, [alpha.identity.certificate], server=False)
        _, writer = await asyncio.open_connection("127.0.0.1", alpha.member.port, ssl=tls)
        writer.write(bytes.fromhex(alpha.session) + bytes([2]) * 32)
        await writer.drain()
        found = await attempt
        writer.close()
        parties["beta"].socket.close()
        gamma.socket.close()
        return found

    assert verdict(asyncio.run(play())) == ("beta", "transport.unreachable")


def dialled(port: int, tls: ssl.SSLContext | None) -> bytes:
    """What a stranger gets to read."""

    async def dial() -> bytes:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
            writer.write(bytes(64))
            await writer.drain()
            got = await asyncio.wait_for(reader.read(100), 1)
            writer.close()
            return got
        except (OSError, TimeoutError):
            return b""

    return dial()


def old_tls() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    return made


def no_certificate() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


@pytest.mark.parametrize("tls", [lambda: None, old_tls, no_certificate], ids=["plain", "tls12", "no certificate"])
def test_strangers_read_nothing_and_do_not_disturb(tls):
    """While two of three are there, a stranger tries; then the third comes and all is well."""
    parties = three()

    async def play():
        early = [asyncio.create_task(parties[name].connect()) for name in ("alpha", "beta")]
        await asyncio.sleep(0.1)
        for name in ("alpha", "beta"):
            assert await dialled(parties[name].member.port, tls()) == b""
        found = await asyncio.gather(*early, parties["gamma"].connect())
        for each in found:
            assert isinstance(each, Circle)
            await each.close()

    asyncio.run(play())


def test_a_second_of_the_same_name_is_cut_off():
    parties = three()

    async def play():
        early = asyncio.create_task(parties["alpha"].connect())
        later = asyncio.create_task(parties["beta"].connect())
        await asyncio.sleep(0.3)
        tls = context(parties["beta"].identity, [parties["alpha"].identity.certificate], server=False)
        assert await dialled(parties["alpha"].member.port, tls) == b""
        found = await asyncio.gather(early, later, parties["gamma"].connect())
        for each in found:
            assert isinstance(each, Circle)
            await each.close()

    asyncio.run(play())


# --- during the run ---


async def _waiting(trios: list[Circle]) -> list[BaseException]:
    """What everyone but gamma ends in, when gamma does something instead of working on."""

    async def wait(trio: Circle) -> None:
        await trio.receive(3, "never")

    async def one(trio: Circle) -> BaseException:
        try:
            await asyncio.wait_for(trio.until_lost(wait(trio)), 5)
        except BaseException as error:
            await trio.close(error)
            return error
        raise AssertionError("nothing came")

    return await asyncio.gather(*(one(trio) for trio in trios[:2]))


def during(act) -> list[tuple[str, str]]:
    async def play():
        trios = await circles()
        for trio in trios:
            for connection in trio.connections.values():
                connection._largest = LARGEST
        watching = asyncio.create_task(_waiting(trios))
        await asyncio.sleep(0.05)
        await act(trios[2])
        found = await watching
        await trios[2].close()
        return [verdict(each) for each in found]

    return asyncio.run(play())


def raw(frame: bytes):
    async def act(gamma: Circle) -> None:
        for connection in gamma.connections.values():
            connection._writer.write(frame)
            await connection._writer.drain()

    return act


async def vanish(gamma: Circle) -> None:
    for connection in gamma.connections.values():
        connection._writer.transport.abort()


async def half_a_frame(gamma: Circle) -> None:
    await raw(HEAD.pack(100, bytes(16)) + bytes(50))(gamma)
    await gamma.close()


LOST = [("gamma", "engine.peer_lost")] * 2
MISFIT = [("gamma", "engine.peer_misfit")] * 2


def test_a_peer_that_vanishes_is_named():
    assert during(vanish) == LOST
    assert during(half_a_frame) == LOST


def test_a_message_that_is_too_large_is_not_even_read():
    assert during(raw(HEAD.pack(LARGEST + 1, bytes(16)))) == MISFIT
    assert during(raw(b"\xff" * HEAD.size)) == MISFIT


def test_a_message_that_comes_twice_does_not_fit():
    frame = HEAD.pack(1, bytes(16)) + b"x"
    assert during(raw(frame + frame)) == MISFIT


def test_a_flood_of_messages_that_nobody_asked_for_is_stopped():
    flood = b"".join(HEAD.pack(LARGEST, secrets.token_bytes(16)) + bytes(LARGEST) for _ in range(12))
    assert during(raw(flood)) == MISFIT


@settings(max_examples=12, deadline=None)
@given(st.binary(min_size=1, max_size=100))
def test_noise_on_the_line_ends_with_its_sender_named(noise):
    async def act(gamma: Circle) -> None:
        await raw(noise)(gamma)
        await gamma.close()

    for organisation, code in during(act):
        assert organisation == "gamma"
        assert code in ("engine.peer_lost", "engine.peer_misfit")


def test_the_messenger_is_not_blamed():
    """beta vanishes; gamma sees it first and gives up, saying so. alpha sees gamma leave, then that beta is gone."""

    async def play():
        alpha, beta, gamma = await circles()

        async def wait(trio: Circle, peer: int) -> None:
            await trio.receive(peer, "never")

        work = asyncio.create_task(alpha.until_lost(wait(alpha, 2)))
        await asyncio.sleep(0.05)
        beta.connections[3]._writer.transport.abort()
        with pytest.raises(PeerLost) as seen:
            await gamma.until_lost(wait(gamma, 2))
        await gamma.close(seen.value)
        await asyncio.sleep(0.1)
        beta.connections[1]._writer.transport.abort()
        with pytest.raises(PeerLost) as found:
            await asyncio.wait_for(work, 5)
        for trio in (alpha, beta):
            await trio.close()
        return verdict(found.value)

    assert asyncio.run(play()) == ("beta", "engine.peer_lost")


def test_a_messenger_without_proof_is_the_one_that_left():
    async def play():
        alpha, beta, gamma = await circles()

        async def wait() -> None:
            await alpha.receive(2, "never")

        work = asyncio.create_task(alpha.until_lost(wait()))
        await gamma.close(gamma.misfit(2))
        with pytest.raises(PeerLost) as found:
            await asyncio.wait_for(work, 5)
        for trio in (alpha, beta):
            await trio.close()
        return verdict(found.value)

    assert asyncio.run(play()) == ("gamma", "engine.peer_lost")


def test_whoever_is_done_may_go_and_is_not_missed():
    """gamma needs nothing more and is gone before alpha and beta are done with each other."""

    async def play():
        alpha, beta, gamma = await circles()

        async def slow(trio: Circle, peer: int) -> bytes:
            await asyncio.sleep(0.5)
            trio.send(peer, "late", b"still here")
            got = await trio.receive(peer, "late")
            await trio.part()
            return got

        async def quick() -> None:
            for connection in gamma.connections.values():
                connection.leave()

        await gamma.until_lost(quick())
        await gamma.close()
        assert (
            await asyncio.gather(alpha.until_lost(slow(alpha, 2)), beta.until_lost(slow(beta, 1)))
            == [b"still here"] * 2
        )
        for trio in (alpha, beta):
            await trio.close()

    asyncio.run(play())


# --- certificates ---


def test_keys_and_secrets_are_not_shown():
    identity = new_identity()
    assert "PRIVATE" not in repr(identity)
    assert "key" not in repr(identity)
    assert not Circle.__dataclass_fields__["secrets"].repr


def test_each_attempt_has_a_certificate_of_its_own():
    one, other = new_identity(), new_identity()
    assert fingerprint(one.certificate) != fingerprint(other.certificate)
    der = ssl.PEM_cert_to_DER_cert(one.certificate)
    assert fingerprint(one.certificate) == hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize("pem", ["", "nonsense", None, "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----"])
def test_what_is_no_certificate_is_refused(pem):
    with pytest.raises(Refused, match="certificate"):
        fingerprint(pem)


def test_two_certificates_in_one_are_refused():
    with pytest.raises(Refused, match="certificate"):
        fingerprint(new_identity().certificate * 2)


def test_a_port_in_use_is_refused_with_its_number():
    taken = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with pytest.raises(Refused) as refused:
        listen("127.0.0.1", port)
    taken.close()
    assert refused.value.reasons[0].code == "transport.port"
    assert refused.value.reasons[0].facts["port"] == port


@pytest.mark.parametrize("server", [True, False])
def test_only_tls_13_with_a_certificate_on_both_sides(server):
    identity = new_identity()
    made = context(identity, [identity.certificate], server=server)
    assert made.minimum_version == made.maximum_version == ssl.TLSVersion.TLSv1_3
    assert made.verify_mode == ssl.CERT_REQUIRED
