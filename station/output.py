"""The output: shares of a table, sealed until release; put together by whoever may, checked before it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from station.analyses import get
from station.contract.canonical import canonical, digest
from station.reasons import Refused
from station.specification import Output, Specification

_MEMBERS = {"session", "output", "sender", "point", "modulus", "shape", "values"}
_POINTS = (1, 2, 3)


def share_document(
    *, session: str, output: str, sender: str, point: int, modulus: int, values: Sequence[int]
) -> dict[str, Any]:
    """One party's Shamir share of an output, as it is sealed. Numbers are decimal text: they do not fit JSON."""
    return {
        "session": session, "output": output, "sender": sender, "point": point, "modulus": str(modulus),
        "shape": [len(values)], "values": [str(value) for value in values],
    }  # fmt: skip


def reconstruct(shares: Sequence[dict[str, Any]]) -> list[int]:
    """The values behind three shares; refused unless they belong together and lie on one line, value by value.

    A party that changes its share is noticed: two points fix the line, the third must lie on it.
    """
    read = sorted((_read(share) for share in shares), key=lambda share: share[0])
    if [point for point, _, _ in read] != list(_POINTS):
        raise Refused("output.three_shares")
    together = {(s["session"], s["output"], s["modulus"], tuple(s["shape"])) for s in shares}
    if len(together) != 1 or len({s["sender"] for s in shares}) != len(_POINTS):
        raise Refused("output.not_together")
    modulus = read[0][1]
    first, second, third = (values for _, _, values in read)
    if any((a - 2 * b + c) % modulus for a, b, c in zip(first, second, third, strict=True)):
        raise Refused("output.not_on_a_line")
    return [(2 * a - b) % modulus for a, b in zip(first, second, strict=True)]


def table(spec: Specification, output: Output, values: Sequence[int]) -> dict[str, Any]:
    """What the values of an output say, as ``{columns, rows, suppressed}``: of a list of records what its checker
    sees, which its recipient has as well."""
    analysis = get(spec.analysis)
    return analysis.table(spec, output, values[: analysis.checked_size(spec, output)])


def table_sha256(made: dict[str, Any]) -> str:
    """What a release names."""
    return digest(made)


def table_bytes(made: dict[str, Any]) -> bytes:
    return canonical(made)


def _read(share: dict[str, Any]) -> tuple[int, int, list[int]]:
    """(point, modulus, values); refused when it is not of the agreed form."""
    try:
        if not isinstance(share, dict) or set(share) != _MEMBERS:
            raise ValueError
        modulus = int(share["modulus"])
        values = [int(text) for text in share["values"]]
        if share["shape"] != [len(values)] or modulus < 2 or not all(0 <= value < modulus for value in values):
            raise ValueError
        return int(share["point"]), modulus, values
    except (TypeError, ValueError) as error:
        raise Refused("output.share_form") from error
