"""The picture of all risks: likelihood against impact, before and after measures, with the same in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dpia.computed import LEVELS
from dpia.matrices import ORDER, RiskMatrix
from dpia.matrices import matrices as all_matrices
from dpia.reading import words
from dpia.sheet import Sheet

RISKS = "risks"
"""The question whose rows the picture is of."""

SIDE, LEFT, TOP = 84, 70, 34
WIDTH, HEIGHT = LEFT + 3 * SIDE + 8, TOP + 3 * SIDE + 44
COLOURS = {"low": "#dcefe2", "medium": "#fbe9c6", "high": "#f6d3d0"}
PER_LINE = 4

Placed = Mapping[tuple[str, str], list[int]]
"""Likelihood and impact to the numbers of the risks that stand there."""


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
    """``said``: the whole picture as one text; ``used``: which matrix it follows, and where another differs."""

    title: str
    width: int
    height: int
    side: int
    cells: list[Cell]
    axis: list[Text]
    said: str
    used: str


def matrices(sheet: Sheet) -> list[Matrix]:
    """Of a DPIA as it is now."""
    return pictures(sheet.values().get(RISKS) or [], sheet.form.ground.matrix)


def pictures(rows: Sequence[Mapping[str, Any]], used: RiskMatrix) -> list[Matrix]:
    """Before and after measures; nothing when no risk says how likely and how serious it is."""
    found = [
        _matrix(_("Risks before measures"), rows, ("likelihood", "impact"), used),
        _matrix(_("Risks after measures"), rows, ("likelihood_after", "impact_after"), used),
    ]
    return [one for one in found if one is not None]


def _matrix(title: str, rows: Sequence[Mapping[str, Any]], read: tuple[str, str], used: RiskMatrix) -> Matrix | None:
    likelihood, impact = read
    placed: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows, start=1):
        if row.get(likelihood) in LEVELS and row.get(impact) in LEVELS:
            placed.setdefault((row[likelihood], row[impact]), []).append(number)
    if not placed:
        return None
    cells = [
        _cell(x, 2 - y, str(used.level(likely, serious)), placed.get((likely, serious), []))
        for x, likely in enumerate(ORDER)
        for y, serious in enumerate(ORDER)
    ]
    said = f"{title}. {_said(placed, used)}"
    noted = " ".join([words(used.note), *_others(placed, used)])
    return Matrix(title, WIDTH, HEIGHT, SIDE, cells, list(_axis()), said, noted)


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


def _said(placed: Placed, used: RiskMatrix) -> str:
    return " ".join(
        _("Likelihood %(likelihood)s and impact %(impact)s: risk %(numbers)s (%(level)s).")
        % {
            "likelihood": LEVELS[likely], "impact": LEVELS[serious], "numbers": ", ".join(map(str, numbers)),
            "level": LEVELS[str(used.level(likely, serious))],
        }
        for (likely, serious), numbers in sorted(placed.items())
    )  # fmt: skip


def _others(placed: Placed, used: RiskMatrix) -> Iterator[str]:
    """What another matrix would say of the same risks, where that is something else."""
    for other in all_matrices().values():
        if other.key == used.key:
            continue
        found = {key: numbers for key, numbers in placed.items() if other.level(*key) != used.level(*key)}
        for key, numbers in sorted(found.items()):
            facts = {"numbers": ", ".join(map(str, numbers)), "level": LEVELS[str(other.level(*key))]}
            yield _("With %(matrix)s risk %(numbers)s would be %(level)s.") % {"matrix": words(other.title), **facts}
