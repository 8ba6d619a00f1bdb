"""Three parties in one process over loopback TLS: for what needs no process of its own."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from station.transport.certificates import new_identity
from station.transport.circle import Circle, Member
from station.transport.meeting import connect, listen

NAMES = ("alpha", "beta", "gamma")


async def circles(session: str | None = None) -> list[Circle]:
    session = session or secrets.token_hex(32)
    identities = [new_identity() for _ in NAMES]
    sockets = [listen("127.0.0.1", 0) for _ in NAMES]
    members = [
        Member(name, identity.certificate, "127.0.0.1", socket.getsockname()[1])
        for name, identity, socket in zip(NAMES, identities, sockets, strict=True)
    ]
    return await asyncio.gather(
        *(
            connect(members, name, identity, socket, session, largest=1 << 28)
            for name, identity, socket in zip(NAMES, identities, sockets, strict=True)
        )
    )


def together(play: Callable[[Circle], Awaitable[Any]]) -> dict[int, Any]:
    """Runs ``play`` as each of the three parties at once; gives what each got, by point."""

    async def all_three() -> dict[int, Any]:
        trios = await circles()
        try:
            results = await asyncio.wait_for(asyncio.gather(*(play(trio) for trio in trios)), 60)
        finally:
            await asyncio.gather(*(trio.close() for trio in trios))
        return {trio.me: result for trio, result in zip(trios, results, strict=True)}

    return asyncio.run(all_three())
