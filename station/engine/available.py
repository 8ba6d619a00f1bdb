"""Which engines this station has: MPyC comes along, another one is installed or not."""

from __future__ import annotations

from collections.abc import Iterator

from station.engine.spu import installed
from station.reasons import Reason
from station.specification import Specification


def engines() -> list[str]:
    return ["mpyc", *(["spu"] if installed.python() else [])]


def lacking(spec: Specification, organisation: str) -> Iterator[Reason]:
    """Why this station cannot compute it; who only gives data needs no engine but the one that comes along."""
    if organisation in spec.with_role("computing_party") and spec.engine not in engines():
        yield Reason("engine.not_installed", {"engine": spec.engine})
