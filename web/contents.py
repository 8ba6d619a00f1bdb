"""Whether a file is whole and is what its name promises, without opening it as an office program would: no programs, no
macros or scripts, and nothing that unfolds into something huge."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from station.reasons import Refused

MEBIBYTE = 1024 * 1024
UNFOLDED = 150 * MEBIBYTE
"""How much everything in one file may be together once unpacked."""
MOST_ENTRIES, MOST_PIXELS = 2_000, 100_000_000
PROGRAMS = (
    b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"<?php",
)  # fmt: skip
RUNNING = re.compile(
    r"\.(exe|dll|com|bat|cmd|scr|js|vbs|jar|ps1|sh|msi|lnk)$|vbaproject|vbadata|^basic/|^scripts/", re.IGNORECASE
)
"""Entries of an office document that a program could run."""
NEEDED = {"docx": ("[Content_Types].xml", "word/document.xml"), "odt": ("mimetype", "content.xml")}
ODT = b"application/vnd.oasis.opendocument.text"
ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
FILTERS = re.compile(rb"/Filter[ \t\r\n]{0,8}\[")
FLATE = re.compile(rb"Fl(?:ateDecode)?\b")
LONGEST_FILTERS = 200
STREAM = re.compile(rb"stream\r?\n")


HARM = {"bomb": "paper.bomb", "active": "paper.active"}
"""Why -> the code of the reason."""


class Bad(Exception):
    """``why``: ``other`` (not what it says, or cut off), ``bomb`` or ``active`` (macros, scripts, files inside)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_program(document: bytes) -> bool:
    return document.startswith(PROGRAMS)


def problem(document: bytes, ending: str) -> str | None:
    """Why it cannot be kept; None when nothing is wrong with it."""
    try:
        LOOKS[ending](document)
    except Bad as bad:
        return bad.why
    return None


def refuse_harm(document: bytes, ending: str, title: str) -> None:
    """Refused when something in it could do harm, however it began; what is no such kind is let be."""
    look = _unfold_pdf if ending == "pdf" else LOOKS.get(ending)
    if look is not None:
        _passes(look, document, title)


def is_whole(document: bytes, ending: str, title: str) -> bool:
    """Whether it is all that such a file has to be; refused when something in it could do harm. One look for both."""
    return _passes(LOOKS[ending], document, title)


def _passes(look: Callable[[bytes], None], document: bytes, title: str) -> bool:
    try:
        look(document)
    except Bad as bad:
        if bad.why in HARM:
            raise Refused(HARM[bad.why], title=title) from bad
        return False
    return True


def _pdf(document: bytes) -> None:
    _expect(document.startswith(b"%PDF-") and b"%%EOF" in document[-2048:])
    _unfold_pdf(document)


def _unfold_pdf(document: bytes) -> None:
    """Every compressed stream up to the limit; what is said outside streams and in packed objects is looked through."""
    if _packed_twice(document):
        raise Bad("bomb")
    total, at, outside = 0, 0, bytearray()
    for begin, end in _streams(document):
        head = document[at:begin]
        outside += head
        packed = b"/ObjStm" in head[-400:]
        for part in _inflated(memoryview(document)[begin:end]):
            total += len(part)
            if total > UNFOLDED:
                raise Bad("bomb")
            if packed:
                outside += part
        at = end
    outside += document[at:]
    if ACTIVE.search(_plain_names(bytes(outside))):
        raise Bad("active")


def _packed_twice(document: bytes) -> bool:
    """Whether a list of filters unpacks the same way more than once, or is longer than any honest one."""
    for found in FILTERS.finditer(document):
        inside, end, _rest = document[found.end() : found.end() + LONGEST_FILTERS].partition(b"]")
        if not end or len(FLATE.findall(inside)) > 1:
            return True
    return False


def _streams(document: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while found := STREAM.search(document, at):
        end = document.find(b"endstream", found.end())
        end = len(document) if end < 0 else end
        yield found.end(), end
        at = end + len(b"endstream")


def _inflated(data: memoryview) -> Iterator[bytes]:
    """In pieces, as far as it goes: not every stream is compressed this way."""
    engine, rest = zlib.decompressobj(), bytes(data)
    try:
        while rest and not engine.eof:
            part = engine.decompress(rest, MEBIBYTE)
            rest = engine.unconsumed_tail
            if not part:
                return
            yield part
    except zlib.error:
        return


def _plain_names(text: bytes) -> bytes:
    """Names in which characters are written as ``#4a``."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text)


def _office(document: bytes, ending: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as packed:
            entries = packed.infolist()
            _check_entries(entries, len(document))
            names = {entry.filename for entry in entries}
            _expect(set(NEEDED[ending]) <= names)
            if any(RUNNING.search(name) for name in names):
                raise Bad("active")
            _check_parts(packed, entries, ending)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Bad("other") from error


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """What it says of itself; entries that lie over each other together are more than the file."""
    unfolded, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Bad("other")  # other ways of packing cannot be unpacked piece by piece
    if len(entries) > MOST_ENTRIES or unfolded > UNFOLDED or packed > size:
        raise Bad("bomb")


def _check_parts(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo], ending: str) -> None:
    """What is really in it: its checksums hold, and its XML defines nothing that a reader would unfold."""
    for entry in entries:
        head = b""
        with packed.open(entry) as part:
            while piece := part.read(MEBIBYTE):
                if entry.filename.endswith((".xml", ".rels")) and b"<!ENTITY" in head[-16:] + piece:
                    raise Bad("bomb")
                if entry.filename == "[Content_Types].xml" and b"macroEnabled" in piece:
                    raise Bad("active")
                if not head and is_program(piece):
                    raise Bad("active")
                if not head and ending == "odt" and entry.filename == "mimetype":
                    _expect(piece.strip() == ODT)
                head = piece


def _png(document: bytes) -> None:
    _expect(document.startswith(b"\x89PNG\r\n\x1a\n") and document[12:16] == b"IHDR" and b"IEND" in document[-16:])
    _check_pixels(*struct.unpack(">II", document[16:24]))


def _jpeg(document: bytes) -> None:
    """Segment by segment up to the one that says how large the picture is."""
    _expect(document.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in document[-64:])
    at = 2
    while at + 9 <= len(document) and document[at] == 0xFF:
        kind, length = document[at + 1], int.from_bytes(document[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", document[at + 5 : at + 9])
            return _check_pixels(width, height)
        at += 2 + length
    raise Bad("other")


def _check_pixels(width: int, height: int) -> None:
    _expect(width > 0 and height > 0)
    if width * height > MOST_PIXELS:
        raise Bad("bomb")


def _expect(right: bool) -> None:
    if not right:
        raise Bad("other")


LOOKS: dict[str, Callable[[bytes], None]] = {
    "pdf": _pdf,
    "png": _png,
    "jpg": _jpeg,
    "jpeg": _jpeg,
    "docx": lambda document: _office(document, "docx"),
    "odt": lambda document: _office(document, "odt"),
}
"""Ending of a file name -> what such a file has to be."""
