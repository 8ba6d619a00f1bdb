"""The doorbell against the real Valkey: rings are heard at once, also those from before the station came to wait."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from django.conf import settings

from computations import doorbell
from computations.waiting_room import WaitingRoom


@pytest.fixture
def organisation() -> str:
    return f"kvk-{uuid.uuid4().hex[:8]}"


@asynccontextmanager
async def waiting(patience: float = 2.0) -> AsyncIterator[tuple[WaitingRoom, int]]:
    room = WaitingRoom(settings.REDIS_URL, patience)
    listening = asyncio.create_task(room.listen())
    server = await asyncio.start_server(room.answer, "127.0.0.1", 0)
    await asyncio.wait_for(room.connected.wait(), 5)
    try:
        yield room, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await room.valkey.aclose()


async def ask(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    line = (await reader.readline()).decode()
    writer.close()
    await writer.wait_closed()
    return line.split(" ")[1]


def path_of(url: str) -> str:
    return "/" + url.rsplit("/", 1)[-1]


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 20))  # type: ignore[arg-type]


def test_a_ring_wakes_only_its_own_station(organisation: str) -> None:
    async def scene() -> None:
        async with waiting() as (_room, port):
            mine = asyncio.create_task(ask(port, path_of(doorbell.url(organisation, 0))))
            other = asyncio.create_task(ask(port, path_of(doorbell.url(organisation + "x", 0))))
            await asyncio.sleep(0.3)
            began = time.monotonic()
            await asyncio.to_thread(doorbell.ring, organisation)
            assert await mine == "200"
            assert time.monotonic() - began < 1
            assert await other == "204"

    run(scene)


def test_a_ring_between_the_work_and_the_waiting_is_not_missed(organisation: str) -> None:
    async def scene() -> None:
        heard = doorbell.rings(organisation)
        doorbell.ring(organisation)
        async with waiting() as (_room, port):
            began = time.monotonic()
            assert await ask(port, path_of(doorbell.url(organisation, heard))) == "200"
            assert time.monotonic() - began < 1

    run(scene)


def test_nothing_happens_204_and_the_room_is_empty_again(organisation: str) -> None:
    async def scene() -> None:
        async with waiting(patience=0.3) as (room, port):
            assert await ask(port, path_of(doorbell.url(organisation, 0))) == "204"
            assert not room.waiting

    run(scene)


def test_a_station_that_hangs_up_leaves_no_waiter(organisation: str) -> None:
    async def scene() -> None:
        async with waiting(patience=15) as (room, port):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path_of(doorbell.url(organisation, 0))} HTTP/1.1\r\n\r\n".encode())
            await writer.drain()
            while not room.waiting:
                await asyncio.sleep(0.02)
            writer.close()
            while room.waiting:
                await asyncio.sleep(0.02)

    run(scene)


@pytest.mark.parametrize("path", ["/", "/nonsense", "/" + "a" * 200])
def test_without_a_token_of_ours_nobody_waits(path: str) -> None:
    async def scene() -> None:
        async with waiting() as (_room, port):
            assert await ask(port, path) == "403"

    run(scene)


def test_a_changed_token_is_refused(organisation: str) -> None:
    async def scene() -> None:
        async with waiting() as (_room, port):
            path = path_of(doorbell.url(organisation, 0))
            assert await ask(port, path[:-2] + ("a" if path[-2] != "a" else "b") + path[-1]) == "403"

    run(scene)


def test_without_valkey_a_ring_is_lost_quietly(monkeypatch: pytest.MonkeyPatch, organisation: str) -> None:
    import redis

    nobody = redis.Redis.from_url("unix:///nowhere/valkey.sock")
    monkeypatch.setattr(doorbell, "valkey", lambda: nobody)
    doorbell.ring(organisation)
    assert doorbell.rings(organisation) == -1


def test_without_valkey_a_waiting_station_is_sent_to_ask_again(organisation: str) -> None:
    async def scene() -> None:
        room = WaitingRoom("unix:///nowhere/valkey.sock", patience=0.2)
        assert await room.wait(organisation, 0) is True

    run(scene)
