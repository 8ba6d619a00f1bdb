"""``python -m station.engine``: one JSON object per line in and out (docs/architecture.md section 9).

Nothing of a row is ever written: a fault is told as its kind and place in our own code.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import sys
import traceback
from typing import Any

from station.engine.attempt import Attempt, prepare
from station.reasons import Reason, Refused
from station.transport.connection import PeerLost

_LONGEST_LINE = 64 << 20
_to_agent = sys.stdout


def tell(message: dict[str, Any]) -> None:
    _to_agent.write(json.dumps(message, separators=(",", ":")) + "\n")
    _to_agent.flush()


async def main() -> int:
    """Obeys prepare, go and stop, in that order; the end of standard input means stop."""
    lines = asyncio.StreamReader(limit=_LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    attempt: Attempt | None = None
    while line := await lines.readline():
        message = json.loads(line)
        if message["do"] == "prepare" and attempt is None:
            attempt = await asyncio.to_thread(prepare, message, tell)
        elif message["do"] == "go" and attempt is not None:
            return await _go(attempt, message, lines)
        else:
            return 0
    return 0


async def _go(attempt: Attempt, message: dict[str, Any], lines: asyncio.StreamReader) -> int:
    """Computes until it is done, or until the agent says stop or is gone."""
    work = asyncio.create_task(attempt.go(message["readys"], message["session"]))
    stop = asyncio.create_task(lines.readline())
    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    for task in (work, stop):
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    if not work.cancelled():
        work.result()
    return 0


def fault(error: BaseException) -> dict[str, Any]:
    """What is told of an error: reasons, and whom it points at; never a text that might hold a row."""
    if isinstance(error, PeerLost):
        return {"is": "failed", "blames": error.organisation, "reasons": [error.reason.document()]}
    if isinstance(error, Refused):
        return {"is": "failed", "blames": None, "reasons": [reason.document() for reason in error.reasons]}
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "station" in frame.filename]
    place = f"{ours[-1].name}:{ours[-1].lineno}" if ours else "?"
    reason = Reason("engine.internal", {"kind": type(error).__name__, "place": place})
    return {"is": "failed", "blames": None, "reasons": [reason.document()]}


def keep_to_ourselves() -> None:
    """Only ``tell`` reaches the agent, whatever a library prints; and no crash leaves our memory in a file."""
    global _to_agent
    _to_agent = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory() -> None:
    """NICPET_ENGINE_MIB bounds the address space, when it is set."""
    if (most := os.environ.get("NICPET_ENGINE_MIB", "")).isdigit():
        resource.setrlimit(resource.RLIMIT_AS, (int(most) << 20, int(most) << 20))


if __name__ == "__main__":
    keep_to_ourselves()
    limit_memory()
    try:
        code = asyncio.run(main())
    except Exception as error:  # the agent gets one last line, whatever happened
        tell(fault(error))
        code = 1
    sys.exit(code)
