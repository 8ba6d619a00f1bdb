"""Canonical JSON (RFC 8785) and hashes: one document, one sequence of bytes, one SHA-256."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, NoReturn

import rfc8785

from station.reasons import Refused


def canonical(document: Any) -> bytes:
    """The RFC 8785 bytes of a JSON document; raises Refused for what it cannot hold (floats, huge integers)."""
    _refuse_floats(document)
    try:
        return rfc8785.dumps(document)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise Refused("json.not_canonical") from error


def digest(document: Any) -> str:
    """SHA-256 over the canonical bytes, 64 lowercase hexadecimal characters."""
    return hashlib.sha256(canonical(document)).hexdigest()


def load(text: str | bytes) -> Any:
    """Reads JSON strictly: UTF-8; a name that stands twice, a float or NaN is refused."""
    try:
        read = text.decode() if isinstance(text, bytes) else text
        return json.loads(read, object_pairs_hook=_unique, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, TypeError, RecursionError) as error:  # ValueError: also a number of thousands of digits
        raise Refused("json.unreadable") from error


def load_canonical(text: str | bytes) -> Any:
    """Reads JSON and demands that it is already in canonical form."""
    document = load(text)
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if canonical(document) != raw:
        raise Refused("json.not_canonical")
    return document


def code(document_hash: str) -> str:
    """The code people compare on paper: the first 160 bits of a hash in base32, in groups of four."""
    text = base64.b32encode(bytes.fromhex(document_hash)[:20]).decode()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def same_code(given: str, document_hash: str) -> bool:
    """Whether a typed code names this hash; case, spaces and dashes do not matter."""
    typed = "".join(char for char in given.upper() if char.isalnum())
    return typed == code(document_hash).replace("-", "")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise Refused("json.duplicate_name")
    return document


def _no_float(_text: str) -> NoReturn:
    raise Refused("json.float")


def _refuse_floats(document: Any) -> None:
    stack = [document]
    while stack:
        value = stack.pop()
        if isinstance(value, float):
            raise Refused("json.float")
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list | tuple):
            stack.extend(value)
