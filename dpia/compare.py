"""What differs between two DPIAs or two versions of one, question by question, readable word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dpia.frozen import Answered, AnsweredPoint
from dpia.reading import Shown

LONG = 4_000
"""Longer texts are shown beside each other: comparing them word by word would take long and read badly."""


@dataclass(frozen=True)
class Piece:
    """``kind``: ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One answer. ``kind``: ``same``, ``changed``, ``gone`` or ``new``; ``pieces``: a changed text, word by word."""

    point: str
    label: str
    whose: str
    kind: str
    before: Shown | None
    after: Shown | None
    pieces: tuple[Piece, ...] = ()
    material: bool = False


def differences(before: Sequence[AnsweredPoint], after: Sequence[AnsweredPoint]) -> list[Difference]:
    """Every question that is answered in one of the two, in the order of the newer one; what is gone stands last."""
    old, new = _by_key(before), _by_key(after)
    found = [_compared(title, old.get(key, ("", None))[1], now) for key, (title, now) in new.items()]
    return found + [_compared(title, gone, None) for key, (title, gone) in old.items() if key not in new]


def _by_key(points: Sequence[AnsweredPoint]) -> Mapping[tuple[str, str], tuple[str, Answered]]:
    return {(a.question.id, a.whose): (point.title, a) for point in points for a in point.answers}


def _compared(title: str, before: Answered | None, after: Answered | None) -> Difference:
    known = after or before
    assert known is not None  # noqa: S101 (one of the two has the answer)
    kind = "new" if before is None else "gone" if after is None else "same" if _same(before, after) else "changed"
    pieces: tuple[Piece, ...] = ()
    if kind == "changed" and before and after and _both_texts(before.shown, after.shown):
        pieces = tuple(words(before.shown.text, after.shown.text))
    return Difference(
        title, known.label, known.whose, kind, before.shown if before else None, after.shown if after else None,
        pieces, known.question.material,
    )  # fmt: skip


def _same(before: Answered, after: Answered) -> bool:
    return bool(before.value == after.value)


def _both_texts(before: Shown, after: Shown) -> bool:
    texts = all(one.kind in ("text", "prose") for one in (before, after))
    return texts and max(len(before.text), len(after.text)) <= LONG


def words(before: str, after: str) -> Iterator[Piece]:
    """The two texts as one, with what went and what came."""
    old, new = re.findall(r"\s+|\w+|[^\w\s]", before), re.findall(r"\s+|\w+|[^\w\s]", after)
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("gone", "".join(old[i1:i2]))
        if j2 > j1:
            yield Piece("new", "".join(new[j1:j2]))
