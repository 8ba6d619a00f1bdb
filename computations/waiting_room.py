"""The doorbell's own process: many stations wait here on one Valkey subscription, and none on the database."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict

import redis.asyncio
from django.core import signing
from redis.exceptions import RedisError

from computations import doorbell

PATIENCE = 25.0
PATIENCE_WITHOUT_VALKEY = 5.0
MOST_HEADER_BYTES = 8_192

log = logging.getLogger(__name__)
_STATUS = {200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 405: "Method Not Allowed"}


class WaitingRoom:
    """``patience``: seconds a station waits for a ring before it gets 204."""

    def __init__(self, redis_url: str, patience: float = PATIENCE) -> None:
        self.valkey = redis.asyncio.Redis.from_url(redis_url, health_check_interval=10)
        self.patience = patience
        self.waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.connected = asyncio.Event()

    async def listen(self) -> None:
        """Passes rings on for ever; after a lost connection everybody is woken once, since rings may have been lost."""
        while True:
            try:
                await self._listen_once()
            except (RedisError, OSError) as error:
                log.warning("doorbell: no Valkey (%s), trying again", type(error).__name__)
            self.connected.clear()
            await asyncio.sleep(1)

    async def _listen_once(self) -> None:
        async with self.valkey.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(doorbell.CHANNEL)
            self.connected.set()
            for organisation in list(self.waiting):
                self._wake(organisation)
            while True:
                message = await subscription.get_message(timeout=None)
                if message is not None:
                    self._wake(message["data"].decode())

    def _wake(self, organisation: str) -> None:
        for event in self.waiting.get(organisation, ()):
            event.set()

    async def wait(self, organisation: str, heard: int) -> bool:
        """Whether it rang after the ``heard``-th time."""
        event = asyncio.Event()
        self.waiting[organisation].add(event)
        try:
            if await self._rings(organisation) > heard >= 0:
                return True
            patience = self.patience if self.connected.is_set() else min(self.patience, PATIENCE_WITHOUT_VALKEY)
            await asyncio.wait_for(event.wait(), patience)
            return True
        except TimeoutError:
            return not self.connected.is_set()
        finally:
            self.waiting[organisation].discard(event)
            if not self.waiting[organisation]:
                del self.waiting[organisation]

    async def _rings(self, organisation: str) -> int:
        try:
            return int(await self.valkey.get(doorbell.counter(organisation)) or 0)
        except (RedisError, OSError):
            return -1

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One HTTP/1.1 request per connection."""
        try:
            status = await self._status(reader)
            head = f"HTTP/1.1 {status} {_STATUS[status]}\r\nConnection: close\r\nCache-Control: no-store\r\n"
            writer.write((head + ("" if status == 204 else "Content-Length: 0\r\n") + "\r\n").encode())
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the station went away or sent no request; it asks again
        finally:
            writer.close()

    async def _status(self, reader: asyncio.StreamReader) -> int:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        if len(words) != 3:
            return 400
        if words[0] != "GET":
            return 405
        try:
            organisation, heard = doorbell.read_token(words[1].split("?")[0].rsplit("/", 1)[-1])
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            return 403
        waiter = asyncio.ensure_future(self.wait(organisation, heard))
        gone = asyncio.ensure_future(reader.read(1))
        done, pending = await asyncio.wait({waiter, gone}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        if waiter not in done:
            raise TimeoutError
        return 200 if waiter.result() else 204


async def serve(redis_url: str, host: str, port: int) -> None:
    """Runs until cancelled."""
    room = WaitingRoom(redis_url)
    server = await asyncio.start_server(room.answer, host, port, limit=MOST_HEADER_BYTES)
    async with server, asyncio.TaskGroup() as group:
        group.create_task(room.listen())
        group.create_task(server.serve_forever())
