"""Three engine processes as stations start them, in JSON lines (docs/architecture.md section 9), without agents."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from station.contract.canonical import digest
from station.output import reconstruct, table
from station.sealing import unseal
from station.specification import Specification

ROOT = Path(__file__).resolve().parents[1]
LONGEST_LINE = 64 << 20
PATIENCE = 900.0


@dataclass
class Engine:
    """One child, what it said so far, and the key that its station would seal with."""

    organisation: str
    process: asyncio.subprocess.Process
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    said: list[dict[str, Any]] = field(default_factory=list)

    async def tell(self, message: dict[str, Any]) -> None:
        if self.process.stdin is not None:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            await self.process.stdin.drain()

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next message of one of these kinds; ``failed`` always counts, and so does an end without a word."""
        while self.process.stdout is not None and (line := await self.process.stdout.readline()):
            self.said.append(json.loads(line))
            if self.said[-1]["is"] in (*kinds, "failed"):
                return self.said[-1]
        return {"is": "gone", "code": await self.process.wait()}


@dataclass
class Three:
    """The engines of one attempt. ``ended`` is each one's last word, by organisation."""

    spec: Specification
    engines: dict[str, Engine]
    session: str = ""
    ended: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def prepare(self, files: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
        contract, run = contract_of(self.spec), str(uuid.uuid4())
        for name, engine in self.engines.items():
            sources = {entry.id: {"path": str(files[name]), "format": "csv"} for entry in self.spec.inputs_of(name)}
            await engine.tell({
                "do": "prepare", "contract": contract, "organisation": name, "run": run, "attempt": 1,
                "dataset": sources, "listen": {"host": "127.0.0.1", "port": 0},
            })  # fmt: skip
        return dict(
            zip(self.engines, await asyncio.gather(*(e.hear("prepared") for e in self.engines.values())), strict=True)
        )

    async def go(self, prepared: Mapping[str, dict[str, Any]]) -> None:
        readys = [
            {"organisation": name, "tls_cert": prepared[name]["tls_cert"], "address": prepared[name]["address"],
             "enc_key": engine.key.as_dict(private=False)}
            for name, engine in sorted(self.engines.items())
        ]  # fmt: skip
        self.session = digest(readys)
        for engine in self.engines.values():
            await engine.tell({"do": "go", "readys": readys, "session": self.session})

    async def finish(self) -> dict[str, dict[str, Any]]:
        said = await asyncio.gather(*(engine.hear("computed") for engine in self.engines.values()))
        self.ended = dict(zip(self.engines, said, strict=True))
        return self.ended

    def table(self) -> dict[str, Any]:
        """The first output as its checker puts it together from the sealed shares."""
        output = self.spec.outputs[0]
        shares = [
            unseal(
                message["shares"][output.name][output.checker], self.engines[output.checker].key,
                session=self.session, output=output.name, sender=name, receiver=output.checker,
            )
            for name, message in self.ended.items()
        ]  # fmt: skip
        return table(self.spec, output, reconstruct(shares))

    async def stop(self) -> None:
        for engine in self.engines.values():
            if engine.process.returncode is None:
                engine.process.kill()
            await engine.process.wait()


async def start(spec: Specification, *, directory: Path | None = None, stderr: Any = None) -> Three:
    """Starts one engine per computing party. ``directory`` becomes their working and temporary directory."""
    place = directory or Path.cwd()
    engines = {}
    for name in sorted(spec.with_role("computing_party")):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "station.engine", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=stderr, cwd=place, limit=LONGEST_LINE, env=_environment(place if directory else None),
        )  # fmt: skip
        engines[name] = Engine(name, process)
    return Three(spec, engines)


async def compute(spec: Specification, files: Mapping[str, Path]) -> Three:
    """From start to sealed shares; whoever fails is in ``ended``."""
    three = await start(spec)
    try:
        async with asyncio.timeout(PATIENCE):
            await three.go(await three.prepare(files))
            await three.finish()
    finally:
        await three.stop()
    return three


def contract_of(spec: Specification) -> dict[str, Any]:
    """A trial contract with this specification, as far as an engine looks at it."""
    document = spec.document()
    return {
        "schema": "nicpet.contract/1", "kind": "trial_contract", "use_case": str(uuid.uuid4()), "serial": 1,
        "specification": document, "specification_sha256": digest(document), "documents": [],
        "stations": [
            {"organisation": party.organisation, "thumbprint": digest(party.organisation)[:43]}
            for party in spec.parties
        ],
        "datasets": [{"input": entry.id, "sha256": "0" * 64, "synthetic": True} for entry in spec.inputs],
        "valid_to": [], "drafted_on": spec.schedule.start,
    }  # fmt: skip


def _environment(temporary: Path | None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return kept | threads | {"PYTHONPATH": str(ROOT)} | ({"TMPDIR": str(temporary)} if temporary else {})
