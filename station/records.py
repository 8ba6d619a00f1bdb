"""Results that name persons or cases: encrypted files at their one recipient, stamped with purpose and last day, and
destroyed when that day is over. What must be known until then to read them (the index) is kept the same way.

The key is a file of its own beside the signing key. The ledger holds only that there was such a result, and its end.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from station.ledger import Ledger
from station.private import write_private
from station.reasons import Refused
from station.specification import Output, Specification

UNDER_WAY = ("computing", "opened")
_NONCE = 12


@dataclass(frozen=True)
class Stamp:
    """What stands on such a result beside its records."""

    run: str
    output: str
    contract: str
    title: str
    purpose: str
    use: str
    received_on: str
    delete_after: str


class Records:
    """The folder ``records`` of a station directory."""

    def __init__(self, root: Path) -> None:
        self.folder, self.key_file = root / "records", root / "keys" / "records.key"

    # Until the release

    def keep_index(self, run: str, attempt: int, output: str, names: list[str]) -> None:
        self._write(f"{run}.{attempt}.{output}.index", names)

    def index(self, run: str, attempt: int, output: str) -> list[str]:
        """Refused when this station does not know any more what the result is about."""
        found: list[str] = self._read(f"{run}.{attempt}.{output}.index")
        return found

    def drop_indexes(self, ledger: Ledger) -> None:
        """Those of attempts that are over, however they ended."""
        for file in self._files("index"):
            run, attempt, _output, _index = file.name.split(".")
            found = ledger.attempt(run, int(attempt))
            if found is None or found.state not in UNDER_WAY:
                file.unlink(missing_ok=True)

    # From the release to the last day

    def keep(self, stamp: Stamp, records: list[Any]) -> None:
        self._write(f"{stamp.run}.{stamp.output}.result", {"stamp": stamp.__dict__, "records": records})

    def all(self) -> Iterator[tuple[Stamp, list[Any]]]:
        for file in self._files("result"):
            held = self._read(file.name)
            yield Stamp(**held["stamp"]), held["records"]

    def expire(self, ledger: Ledger, today: date) -> list[Stamp]:
        """Destroys what may no longer be kept, and writes down that it did."""
        over = [(stamp, len(records)) for stamp, records in self.all() if stamp.delete_after < today.isoformat()]
        for stamp, number in over:
            ledger.note_deletion(stamp.run, stamp.output, today.isoformat(), number)
            (self.folder / f"{stamp.run}.{stamp.output}.result").unlink(missing_ok=True)
        return [stamp for stamp, _number in over]

    # Files

    def _files(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"*.{kind}")) if self.folder.is_dir() else []

    def _write(self, name: str, content: Any) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        nonce = secrets.token_bytes(_NONCE)
        text = json.dumps(content, ensure_ascii=False).encode()
        write_private(self.folder / name, (nonce + self._cipher().encrypt(nonce, text, name.encode())).hex())

    def _read(self, name: str) -> Any:
        try:
            raw = bytes.fromhex((self.folder / name).read_text("ascii"))
            return json.loads(self._cipher().decrypt(raw[:_NONCE], raw[_NONCE:], name.encode()))
        except (OSError, ValueError, InvalidTag):
            raise Refused("records.unreadable", path=str(self.folder / name)) from None

    def _cipher(self) -> AESGCM:
        if not self.key_file.exists():
            write_private(self.key_file, secrets.token_hex(32))
        return AESGCM(bytes.fromhex(self.key_file.read_text("ascii")))


def stamp_of(spec: Specification, output: Output, *, run: str, contract: str, language: str, today: date) -> Stamp:
    """``delete_after``: the shortest retention that the contract gives this recipient."""
    (holder,) = output.recipients
    days = min(entry.days for entry in spec.retention if entry.holder == holder)
    return Stamp(
        run, output.name, contract, getattr(output.title, language), getattr(spec.purpose, language),
        getattr(output.use, language), today.isoformat(), (today + timedelta(days=days)).isoformat(),
    )  # fmt: skip
