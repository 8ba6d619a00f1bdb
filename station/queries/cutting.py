"""Where conditions may cut a column: its registered cuts make one partition; a condition is a union of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

import numpy as np

from station.reasons import Reason


def cut_reasons(values: Any, cut: str, known: Set[str], *, least: int) -> Iterator[Reason]:
    """Why this cut cannot be added. ``values``: the whole column; ``known``: its cuts (see ``statistic.boundaries``).

    On both sides of a new cut, up to the next known one, at least ``least`` people stand.
    """
    if isinstance(values, list) or cut.startswith("="):
        yield from _text_reasons(list(map(str, values)), cut, least)
        return
    try:
        place = int(cut)
    except ValueError:
        yield Reason("query.cut_form", {"cut": cut})
        return
    numbers = sorted(int(text) for text in known if not text.startswith("="))
    lower = max((n for n in numbers if n < place), default=None)
    upper = min((n for n in numbers if n > place), default=None)
    column = np.asarray(values)
    below = (column <= place) & (column > lower if lower is not None else True)
    above = (column > place) & (column <= upper if upper is not None else True)
    yield from _few(cut, min(int(below.sum()), int(above.sum())), least)


def _text_reasons(texts: list[str], cut: str, least: int) -> Iterator[Reason]:
    if not cut.startswith("="):
        yield Reason("query.cut_form", {"cut": cut})
        return
    number = texts.count(cut[1:])
    yield from _few(cut, min(number, len(texts) - number), least)


def _few(cut: str, number: int, least: int) -> Iterator[Reason]:
    if number < least:
        yield Reason("query.cut_small", {"cut": cut, "number": number, "least": least})
