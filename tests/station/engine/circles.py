"""Three parties in one process over loopback TLS: for what needs no process of its own."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from station.transport.certificates import new_identity
from station.transport.circle import Circle, Member
from station.transport.meeting import connect, listen

NAMES = ("alpha", "beta", "gamma")
GIVERS = ("delta", "epsilon", "eta", "theta", "zeta")  # only give data, in the order of their keys
SECONDS = 60


@dataclass(frozen=True)
class Message:
    sender: int
    receiver: int
    label: str
    body: bytes


async def circles(session: str | None = None, givers: int = 0) -> list[Circle]:
    session, only = session or secrets.token_hex(32), GIVERS[:givers]
    names = (*NAMES, *only)
    identities = {name: new_identity() for name in names}
    sockets = {name: listen("127.0.0.1", 0) for name in NAMES}
    members = [
        Member(name, identities[name].certificate, "127.0.0.1", sockets[name].getsockname()[1]) for name in NAMES
    ]
    return await asyncio.gather(
        *(
            connect(
                members, name, identities[name], sockets.get(name), session, largest=1 << 28,
                givers=[Member(name, identities[name].certificate) for name in only],
            )
            for name in names
        )
    )  # fmt: skip


def together(
    play: Callable[[Circle], Awaitable[Any]],
    *,
    watch: list[Message] | None = None,
    tamper: Callable[[Message], bytes] | None = None,
    givers: int = 0,
    seconds: float = SECONDS,
) -> dict[int, Any]:
    """Runs ``play`` as each of the three parties, and those that only give, at once; gives what each got, by point, or
    the exception it ended in.

    ``watch`` gets every message; ``tamper`` may change what really travels.
    """

    async def all_three() -> dict[int, Any]:
        trios = await circles(givers=givers)
        for trio in trios:
            trio.send = _sending(trio, trio.send, watch, tamper)
        results = await asyncio.wait_for(
            asyncio.gather(*(_one(play, trio) for trio in trios), return_exceptions=True), seconds
        )
        return {trio.me: result for trio, result in zip(trios, results, strict=True)}

    results = asyncio.run(all_three())
    if tamper is None:
        for result in results.values():
            if isinstance(result, BaseException):
                raise result
    return results


async def _one(play: Callable[[Circle], Awaitable[Any]], trio: Circle) -> Any:
    """A party as an attempt runs it: until it is done with the others, or has to give up."""

    async def whole() -> Any:
        result = await play(trio)
        await trio.part()
        return result

    try:
        result = await trio.until_lost(whole())
    except BaseException as error:
        await trio.close(error)
        raise
    await trio.close()
    return result


def _sending(trio: Circle, send: Any, watch: list[Message] | None, tamper: Any) -> Callable[[int, str, bytes], None]:
    def sending(peer: int, label: str, body: bytes) -> None:
        message = Message(trio.me, peer, label, body)
        if watch is not None:
            watch.append(message)
        send(peer, label, tamper(message) if tamper else body)

    return sending
