"""Computing with SPU: what the parties know goes in as its shares, what comes out is masked and ends as Shamir shares.

A circuit is a file that only SPU's own Python reads (``spu_circuit.py`` of an analysis). Its last array alone is ever
opened, and to that each party adds random numbers of 60 bits of its own: whoever sees the sum, and its own numbers,
lacks two others'. Values below 2^20 (counts, bits, coefficients) hide behind that with statistical distance 2^-40.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import secrets
import socket
import struct
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from station import analyses
from station.alignment import field
from station.alignment.field import Elements
from station.alignment.sharing import POINTS, Share
from station.engine.compare import Numbers
from station.engine.spu import installed, node
from station.engine.spu.tunnel import Tunnel
from station.engine.vectors import Vectors
from station.reasons import Refused
from station.transport.circle import Circle

MASK_BITS = 60
LARGEST_RESULT = 2**20
LARGEST_MESSAGE = 64 << 20
_PORTS = range(20_000, 32_000)
_HEAD = struct.Struct("<I")
_KEPT = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Part:
    """One array that ``owner`` (a point) gives; arrays of one name are added up inside. None at all others."""

    name: str
    owner: int
    array: Numbers | None
    shape: tuple[int, ...]


@contextlib.asynccontextmanager
async def session(circle: Circle) -> AsyncIterator[Session]:
    """A node that warms up while other work is done; gone at the end, whatever happens."""
    made = Session(circle)
    if circle.me not in POINTS:  # a party that only gives has no node
        yield made
        return
    starting = asyncio.create_task(made.start())
    made.starting = starting
    try:
        yield made
        await made.part()
    finally:
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError, Refused):
            await starting
        await made.end()


class Session:
    def __init__(self, circle: Circle) -> None:
        self.circle = circle
        self.starting: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._tunnel: Tunnel | None = None
        self._runs = 0

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            str(installed.python_or_refused()), "-I", node.__file__, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )  # fmt: skip
        await self._answer("ready")
        self._tunnel = Tunnel(self.circle, _free_port())
        await self._tunnel.open()
        addresses = [self._tunnel.addresses[point] for point in POINTS]
        self._tell(
            {"do": "connect", "session": self.circle.session.hex(), "rank": self.circle.me - 1, "addresses": addresses}
        )
        await self._answer("connected")

    async def part(self) -> None:
        """Nobody's node goes while another's still waits for its last message."""
        others = [point for point in POINTS if point != self.circle.me]
        for point in others:
            self.circle.send(point, "spu/part", b"")
        for point in others:
            await self.circle.receive(point, "spu/part")

    async def end(self) -> None:
        if self._tunnel is not None:
            self._tunnel.close()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def run(
        self, vectors: Vectors, circuit: str, parts: Sequence[Part], size: int, parameters: Mapping[str, Any]
    ) -> Elements:
        """``size`` whole numbers below ``LARGEST_RESULT``, in Shamir shares of the three."""
        if self.starting is not None:
            await asyncio.shield(self.starting)
        self._runs += 1
        mask = np.frombuffer(secrets.token_bytes(8 * size), dtype="<u8").astype(np.int64) & (2**MASK_BITS - 1)
        masks = [Part("mask", point, mask if point == self.circle.me else None, (size,)) for point in POINTS]
        every = [*parts, *masks]
        blocks = await self._shares(every)
        self._tell(
            {"do": "run", "circuit": circuit, "parameters": dict(parameters), "parts": [part.name for part in every],
             "shapes": [list(part.shape) for part in every]}, blocks,
        )  # fmt: skip
        (opened,) = await self._answer("opened")
        whole = np.frombuffer(opened, dtype="<i8").astype(np.int64)
        mine = field.elements(whole - mask if self.circle.me == 1 else -mask)
        total = field.zeros(size)
        for point in POINTS:
            total = field.add(total, await vectors.own(point, mine if point == self.circle.me else None, (size,)))
        return total

    async def _shares(self, parts: Sequence[Part]) -> list[bytes]:
        """This party's share of every part: made here, or got from its owner."""
        mine = [part for part in parts if part.owner == self.circle.me]
        arrays = [np.ascontiguousarray(part.array, dtype="<i8") for part in mine]
        self._tell({"do": "share", "shapes": [list(part.shape) for part in mine]}, [a.tobytes() for a in arrays])
        made = iter(await self._answer("shared"))
        blocks = []
        for place, part in enumerate(parts):
            label = f"spu/share/{self._runs}/{place}"
            if part.owner != self.circle.me:
                blocks.append(await self.circle.receive(part.owner, label))
                continue
            for point in POINTS:
                block = next(made)
                if point == self.circle.me:
                    blocks.append(block)
                else:
                    self.circle.send(point, label, block)
        return blocks

    def _tell(self, message: dict[str, Any], blocks: Sequence[bytes] = ()) -> None:
        if self._process is None or self._process.stdin is None:
            raise Refused("engine.spu_failed", kind="NotStarted")
        text = json.dumps({**message, "sizes": [len(block) for block in blocks]}).encode()
        self._process.stdin.write(_HEAD.pack(len(text)) + text)
        self._process.stdin.writelines(blocks)

    async def _answer(self, expected: str) -> list[bytes]:
        if self._process is None or self._process.stdout is None:
            raise Refused("engine.spu_failed", kind="NotStarted")
        out = self._process.stdout
        try:
            message = json.loads(await out.readexactly(_HEAD.unpack(await out.readexactly(_HEAD.size))[0]))
            blocks = [await out.readexactly(size) for size in message["sizes"]]
        except asyncio.IncompleteReadError:
            raise Refused("engine.spu_failed", kind="Died") from None
        if message["is"] != expected:
            raise Refused("engine.spu_failed", kind=str(message.get("kind", "?")))
        return blocks


async def parts_of(
    vectors: Vectors, name: str, share: Share, holders: tuple[int, int], shape: tuple[int, ...], most: int
) -> list[Part]:
    """A vector that two share modulo P, of absolute values up to ``most``, as one whole number of each."""
    whole = await vectors.whole(share, holders, most)
    mine = None if whole is None else whole.reshape(shape)
    return [Part(name, holder, mine if vectors.circle.me == holder else None, shape) for holder in holders]


def circuit_of(analysis: str) -> str:
    """The file of an analysis, for a Python that has none of our packages."""
    return str(Path(analyses.__file__).parent / analysis / "spu_circuit.py")


def _free_port() -> int:
    """One that nobody listens on, and that the system does not hand out to connections."""
    for port in random.SystemRandom().sample(_PORTS, 200):
        with contextlib.suppress(OSError), socket.socket() as found:
            found.bind(("127.0.0.1", port))
            return port
    raise Refused("engine.spu_failed", kind="NoPort")
