"""Papers that people upload: what they may be, the name they keep, and reading them back unchanged."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePath

from django.db.models.fields.files import FieldFile

from station.reasons import Refused

LARGEST = 20 * 1024 * 1024
BEGINNINGS = {
    "pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff",
    "docx": b"PK\x03\x04", "odt": b"PK\x03\x04",
}  # fmt: skip
"""Ending of a file name -> how such a file begins; a plain text has no fixed beginning."""


def plain_name(given: str) -> str:
    """The last part of a file name, without control characters and without marks that turn the reading direction."""
    visible = "".join(char for char in given if not unicodedata.category(char).startswith("C"))
    name = PurePath(visible.replace("\\", "/")).name.strip(" .")
    stem, dot, ending = name.rpartition(".")
    shortened = f"{stem[:100]}{dot}{ending[:20]}" if stem else name[:100]
    return shortened or "document"


def ending_of(name: str) -> str:
    return plain_name(name).rpartition(".")[2].lower()


def check_size(document: bytes) -> None:
    if not document:
        raise Refused("upload.empty")
    if len(document) > LARGEST:
        raise Refused("upload.large", mebibytes=LARGEST // 1024 // 1024)


def is_what_it_says(document: bytes, ending: str) -> bool:
    """Whether a file begins as its name promises, or is a text in UTF-8."""
    return _is_text(document) if ending == "txt" else document.startswith(BEGINNINGS[ending])


def kept(file: FieldFile, sha256: str) -> bytes | None:
    """The file as it was uploaded; None when it cannot be read, or what is stored is something else."""
    try:
        with file.open("rb") as opened:
            found: bytes = opened.read()
    except OSError:
        return None
    return found if hashlib.sha256(found).hexdigest() == sha256 else None


def _is_text(document: bytes) -> bool:
    try:
        return "\x00" not in document.decode("utf-8")
    except UnicodeDecodeError:
        return False
