"""One attempt at a run, from reading the rows to sealed shares."""

from __future__ import annotations

import hashlib
import resource
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from station.analyses import get
from station.contract.canonical import digest
from station.contract.contract import read_contract
from station.contract.signatures import import_public
from station.datasets import Rows, read_input
from station.engine.program import Program, Setting, Shared
from station.output import share_document
from station.queries.judging import judge
from station.reasons import Refused
from station.sealing import seal
from station.specification import Specification
from station.transport.certificates import Identity, new_identity
from station.transport.circle import Circle, Member
from station.transport.meeting import connect, listen

Tell = Callable[[dict[str, Any]], None]


@dataclass
class Attempt:
    """Prepared: rows read, certificate made, port open. ``tell`` sends one message to the agent."""

    spec: Specification
    organisation: str
    rows: dict[str, Rows]
    identity: Identity
    listening: socket.socket | None
    tell: Tell

    async def go(self, readys: list[dict[str, Any]], session: str) -> None:
        """Computes with the others and tells the sealed shares. PeerLost names who went away, Refused why not."""
        started = time.monotonic()
        if digest(sorted(readys, key=lambda ready: ready["organisation"])) != session:
            raise Refused("engine.session")
        program = _program(self.spec)
        self.progress("connecting", 2)
        computing, giving = self.spec.with_role("computing_party"), self.spec.only_giving
        circle = await connect(
            [_member(ready) for ready in readys if ready["organisation"] in computing],
            self.organisation, self.identity, self.listening, session, largest=program.largest_message(self.spec),
            givers=[Member(r["organisation"], r["tls_cert"]) for r in readys if r["organisation"] in giving],
        )  # fmt: skip
        try:
            results = await circle.until_lost(self._compute(program, circle))
        except BaseException as error:
            await circle.close(error)
            raise
        await circle.close()
        self.progress("sealing", 99)
        shares = {name: self._sealed(name, shared, readys, session, circle.me) for name, shared in results.items()}
        index = {name: shared.index for name, shared in results.items() if shared.index is not None}
        self.tell({
            "is": "computed", "shares": shares, "index": index, "seconds": round(time.monotonic() - started, 3),
            "cpu": round(time.process_time(), 3), "traffic": circle.traffic,
            "peak_mib": peak_mib(),
        })  # fmt: skip

    def progress(self, phase: str, percent: int) -> None:
        self.tell({"is": "progress", "phase": phase, "percent": percent})

    async def _compute(self, program: Program, circle: Circle) -> dict[str, Shared]:
        results = await program.run(Setting(self.spec, circle, self.rows, self.progress))
        await circle.part()
        return results

    def _sealed(
        self, name: str, shared: Shared, readys: list[dict[str, Any]], session: str, point: int
    ) -> dict[str, str]:
        """By organisation: the checker of this output, who gets its table alone, and each of its recipients."""
        output = next(output for output in self.spec.outputs if output.name == name)
        keys = {ready["organisation"]: ready["enc_key"] for ready in readys}
        seen = get(self.spec.analysis).checked_size(self.spec, output)

        def sealed(who: str, values: list[int]) -> str:
            document = share_document(
                session=session, output=name, sender=self.organisation, point=point, modulus=shared.modulus,
                values=values,
            )  # fmt: skip
            return seal(document, who, import_public(keys[who]))

        to_recipients = {who: sealed(who, shared.values) for who in output.recipients}
        return {output.checker: sealed(output.checker, shared.values[:seen])} | to_recipients


def prepare(message: dict[str, Any], tell: Tell) -> Attempt:
    """Reads what a PREPARE names and tells ``prepared``. Refused says what the steward must mend."""
    tell({"is": "progress", "phase": "reading", "percent": 0})
    contract, organisation = read_contract(message["contract"]), str(message["organisation"])
    spec = contract.specification
    computes = organisation in spec.with_role("computing_party")
    if not computes and organisation not in spec.only_giving:
        raise Refused("engine.not_computing", organisation=organisation)
    _program(spec)
    if reasons := get(spec.analysis).check(spec):
        raise Refused(*reasons)
    own = spec.inputs_of(organisation)
    rows = {entry.id: read_input(message["dataset"][entry.id], entry) for entry in own}
    judge(message, contract, rows)
    listening = listen(str(message["listen"]["host"]), int(message["listen"]["port"])) if computes else None
    identity = new_identity()
    tell({
        "is": "prepared", "snapshot": snapshot(rows, str(message["run"])) if rows else None,
        "padded_rows": {entry.id: entry.padded_rows for entry in own}, "tls_cert": identity.certificate,
        "address": _address(listening) if listening else None,
    })  # fmt: skip
    return Attempt(spec, organisation, rows, identity, listening, tell)


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def snapshot(rows: dict[str, Rows], run: str) -> str:
    """A hash of all rows, whatever their order, salted with the run: the same rows in two runs look different."""
    total = hashlib.sha256(f"{run}|".encode())
    for name in sorted(rows):
        entry = rows[name]
        columns = [entry.ids, *(entry.columns[column] for column in sorted(entry.columns))]
        lines = sorted(map(" ".join, zip(*map(_texts, columns), strict=True)))
        total.update(hashlib.sha256("\n".join(lines).encode()).digest())
    return total.hexdigest()


def peak_mib() -> int:
    """The most memory this process ever held. Not ``ru_maxrss``: that starts with what the parent held."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    except (OSError, IndexError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _texts(column: Any) -> list[str]:
    """A column cell by cell; free text with its length, so that no two rows look the same."""
    return [f"{len(cell)}:{cell}" for cell in column] if isinstance(column, list) else list(map(str, column.tolist()))


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
