"""Whole files of every kind that people add, made here; and what is wrong with others."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

ODT = "application/vnd.oasis.opendocument.text"


def pdf(*streams: bytes, head: bytes = b"<< /Filter /FlateDecode >>", more: bytes = b"") -> bytes:
    parts = b"".join(head + b"\nstream\n" + zlib.compress(one, 9) + b"\nendstream\n" for one in streams)
    return b"%PDF-1.7\n" + parts + more + b"\nstartxref\n0\n%%EOF\n"


def png(width: int = 2, height: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 14)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def jpg(width: int = 2, height: int = 2) -> bytes:
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + application + frame + b"\xff\xd9"


def docx(**entries: bytes) -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>", **entries})


def odt(**entries: bytes) -> bytes:
    return packed({"mimetype": ODT.encode(), "content.xml": b"<content/>", **entries})


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
