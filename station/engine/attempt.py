"""One attempt at a run, from reading the rows to sealed shares."""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from station.analyses import get
from station.contract.canonical import digest
from station.contract.contract import read_contract
from station.contract.signatures import import_public
from station.datasets import Rows, read_input
from station.engine.program import Program, Setting, Shared
from station.output import share_document
from station.reasons import Refused
from station.sealing import seal
from station.specification import Specification
from station.transport.certificates import Identity, new_identity
from station.transport.circle import Circle, Member, connect, listen

Tell = Callable[[dict[str, Any]], None]


@dataclass
class Attempt:
    """Prepared: rows read, certificate made, port open. ``tell`` sends one message to the agent."""

    spec: Specification
    organisation: str
    rows: dict[str, Rows]
    identity: Identity
    listening: socket.socket
    tell: Tell

    async def go(self, readys: list[dict[str, Any]], session: str) -> None:
        """Computes with the others and tells the sealed shares. PeerLost names who went away, Refused why not."""
        started = time.monotonic()
        if digest(sorted(readys, key=lambda ready: ready["organisation"])) != session:
            raise Refused("engine.session")
        program = _program(self.spec)
        self.progress("connecting", 2)
        circle = await connect(
            [_member(ready) for ready in readys if ready["organisation"] in self.spec.with_role("computing_party")],
            self.organisation, self.identity, self.listening, session, largest=program.largest_message(self.spec),
        )  # fmt: skip
        try:
            results = await _unless_lost(circle, self._compute(program, circle))
        finally:
            await circle.close()
        self.progress("sealing", 99)
        shares = {name: self._sealed(name, shared, readys, session, circle.me) for name, shared in results.items()}
        self.tell({
            "is": "computed", "shares": shares, "seconds": round(time.monotonic() - started, 3),
            "cpu": round(time.process_time(), 3), "traffic": circle.traffic,
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        })  # fmt: skip

    def progress(self, phase: str, percent: int) -> None:
        self.tell({"is": "progress", "phase": phase, "percent": percent})

    async def _compute(self, program: Program, circle: Circle) -> dict[str, Shared]:
        results = await program.run(Setting(self.spec, circle, self.rows, self.progress))
        for point in circle.connections:  # nobody leaves while another still needs it
            circle.send(point, "done", b"")
        for point in circle.connections:
            await circle.receive(point, "done")
        return results

    def _sealed(
        self, name: str, shared: Shared, readys: list[dict[str, Any]], session: str, point: int
    ) -> dict[str, str]:
        """By organisation: the checker of this output, and each of its recipients."""
        output = next(output for output in self.spec.outputs if output.name == name)
        keys = {ready["organisation"]: ready["enc_key"] for ready in readys}
        document = share_document(
            session=session, output=name, sender=self.organisation, point=point,
            modulus=shared.modulus, values=shared.values,
        )  # fmt: skip
        return {who: seal(document, who, import_public(keys[who])) for who in {output.checker, *output.recipients}}


def prepare(message: dict[str, Any], tell: Tell) -> Attempt:
    """Reads what a PREPARE names and tells ``prepared``. Refused says what the steward must mend."""
    tell({"is": "progress", "phase": "reading", "percent": 0})
    contract, organisation = read_contract(message["contract"]), str(message["organisation"])
    spec = contract.specification
    if organisation not in spec.with_role("computing_party"):
        raise Refused("engine.not_computing", organisation=organisation)
    _program(spec)
    own = spec.inputs_of(organisation)
    rows = {entry.id: read_input(message["dataset"][entry.id], entry) for entry in own}
    listening = listen(str(message["listen"]["host"]), int(message["listen"]["port"]))
    identity = new_identity()
    host, port = listening.getsockname()[:2]
    tell({
        "is": "prepared", "snapshot": snapshot(rows, str(message["run"])) if rows else None,
        "padded_rows": {entry.id: entry.padded_rows for entry in own}, "tls_cert": identity.certificate,
        "address": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
    })  # fmt: skip
    return Attempt(spec, organisation, rows, identity, listening, tell)


def snapshot(rows: dict[str, Rows], run: str) -> str:
    """A hash of all rows, whatever their order, salted with the run: the same rows in two runs look different."""
    total = hashlib.sha256(f"{run}|".encode())
    for name in sorted(rows):
        entry = rows[name]
        columns = [entry.columns[column] for column in sorted(entry.columns)]
        lists = [column if isinstance(column, list) else column.tolist() for column in columns]
        digests = sorted(
            hashlib.sha256(json.dumps(row).encode()).digest() for row in zip(entry.ids, *lists, strict=True)
        )
        total.update(hashlib.sha256(b"".join(digests)).digest())
    return total.hexdigest()


def _program(spec: Specification) -> Program:
    if spec.engine not in get(spec.analysis).engines:
        raise Refused("engine.unknown", engine=spec.engine, analysis=spec.analysis)
    program: Any = import_module(f"station.analyses.{spec.analysis}.{spec.engine}_program")
    return program


def _member(ready: dict[str, Any]) -> Member:
    host, _, port = str(ready["address"]).rpartition(":")
    if not host or not port.isdigit():
        raise Refused("engine.address", organisation=ready["organisation"])
    return Member(ready["organisation"], ready["tls_cert"], host.strip("[]"), int(port))


async def _unless_lost(circle: Circle, work: Any) -> dict[str, Shared]:
    """The work's result; when a peer goes first, the work ends with PeerLost."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task, circle.lost}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await circle.lost
        result: dict[str, Shared] = await task
        return result
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if circle.lost.done():
            circle.lost.exception()
