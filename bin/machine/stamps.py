"""Makes set-up idempotent: a step is done when its stamp holds the digest of what it was made from."""

import hashlib
import sys
from pathlib import Path

from bin.machine.paths import STAMPS


def digest(*files: Path, more: str = "") -> str:
    hashed = hashlib.sha256(f"{sys.version_info[:2]} {more}".encode())
    for file in files:
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


def fresh(name: str, value: str, place: Path | None = None) -> bool:
    stamp = (place or STAMPS) / name
    return stamp.is_file() and stamp.read_text() == value


def put(name: str, value: str, place: Path | None = None) -> None:
    """``place``: beside what was made, so that both go together."""
    place = place or STAMPS
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(value)
