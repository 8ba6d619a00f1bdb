"""The picture of all risks: likelihood against impact, before and after measures, with the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dpia.computed import LEVELS, MATRIX, ORDER

SIDE, LEFT, TOP = 84, 70, 34
WIDTH, HEIGHT = LEFT + 3 * SIDE + 8, TOP + 3 * SIDE + 44
COLOURS = {"low": "#dcefe2", "medium": "#fbe9c6", "high": "#f6d3d0"}
PER_LINE = 4


@dataclass(frozen=True)
class Text:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Cell:
    x: int
    y: int
    colour: str
    level: str
    lines: list[Text]


@dataclass(frozen=True)
class Matrix:
    """``said``: the whole picture as one text."""

    title: str
    width: int
    height: int
    side: int
    cells: list[Cell]
    axis: list[Text]
    said: str


def matrices(rows: Sequence[Mapping[str, Any]]) -> list[Matrix]:
    """Before and after measures; nothing when no risk says how likely and how serious it is."""
    found = [
        _matrix(_("Risks before measures"), rows, "likelihood", "impact"),
        _matrix(_("Risks after measures"), rows, "likelihood_after", "impact_after"),
    ]
    return [one for one in found if one is not None]


def _matrix(title: str, rows: Sequence[Mapping[str, Any]], likelihood: str, impact: str) -> Matrix | None:
    placed: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows, start=1):
        if row.get(likelihood) in LEVELS and row.get(impact) in LEVELS:
            placed.setdefault((row[likelihood], row[impact]), []).append(number)
    if not placed:
        return None
    cells = [
        _cell(x, 2 - y, MATRIX[serious][likely], placed.get((likely, serious), []))
        for x, likely in enumerate(ORDER)
        for y, serious in enumerate(ORDER)
    ]
    return Matrix(title, WIDTH, HEIGHT, SIDE, cells, list(_axis()), f"{title}. {_said(placed)}")


def _cell(x: int, y: int, level: str, numbers: list[int]) -> Cell:
    left, top = LEFT + x * SIDE, TOP + y * SIDE
    parts = [numbers[n : n + PER_LINE] for n in range(0, len(numbers), PER_LINE)]
    most = (SIDE - 30) // 15
    shown = [", ".join(map(str, part)) for part in parts[:most]]
    if len(parts) > most:
        shown[-1] = "…"
    lines = [Text(left + SIDE // 2, top + 36 + 15 * n, text) for n, text in enumerate(shown)]
    return Cell(left, top, COLOURS[level], str(LEVELS[level]), lines)


def _axis() -> list[Text]:
    across = [Text(LEFT + n * SIDE + SIDE // 2, TOP + 3 * SIDE + 16, str(LEVELS[key])) for n, key in enumerate(ORDER)]
    along = [Text(LEFT // 2 + 4, TOP + (2 - n) * SIDE + SIDE // 2, str(LEVELS[key])) for n, key in enumerate(ORDER)]
    below, beside = (LEFT + 3 * SIDE // 2, TOP + 3 * SIDE + 36), (LEFT // 2 + 4, TOP - 14)
    names = [Text(*below, _("Likelihood")), Text(*beside, _("Impact"))]
    return [*across, *along, *names]


def _said(placed: Mapping[tuple[str, str], list[int]]) -> str:
    return " ".join(
        _("Likelihood %(likelihood)s and impact %(impact)s: risk %(numbers)s (%(level)s).")
        % {
            "likelihood": LEVELS[likely], "impact": LEVELS[serious], "numbers": ", ".join(map(str, numbers)),
            "level": LEVELS[MATRIX[serious][likely]],
        }
        for (likely, serious), numbers in sorted(placed.items())
    )  # fmt: skip
