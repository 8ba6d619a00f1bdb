"""A flow diagram as a picture: boxes in columns, arrows between them, and the same in words for who does not see it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

WIDE, GAP_X, GAP_Y, MARGIN = 210, 70, 22, 12
LINE, PAD, LETTERS, MOST_LINES = 17, 12, 27, 3


@dataclass(frozen=True)
class Line:
    text: str
    x: int
    y: int
    strong: bool


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    height: int
    lines: list[Line]
    said: str
    width: int = WIDE

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True)
class Arrow:
    """A curve from the right side of one box to the left side of another."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def path(self) -> str:
        half = (self.x1 + self.x2) // 2
        return f"M {self.x1} {self.y1} C {half} {self.y1}, {half} {self.y2}, {self.x2} {self.y2}"

    @property
    def head(self) -> str:
        return f"{self.x2},{self.y2} {self.x2 - 9},{self.y2 - 5} {self.x2 - 9},{self.y2 + 5}"


@dataclass(frozen=True)
class Drawing:
    """``said``: each arrow as (from, to)."""

    width: int
    height: int
    boxes: list[Box]
    arrows: list[Arrow]
    said: list[tuple[str, str]]


def drawn(value: dict[str, Any], language: str) -> Drawing:
    """The picture of a ``flow_diagram`` fact."""
    columns: dict[int, list[dict[str, Any]]] = {}
    for box in value["boxes"]:
        columns.setdefault(box["column"], []).append(box)
    heights = {number: _height(boxes, language) for number, boxes in columns.items()}
    whole = max(heights.values(), default=0)
    placed: dict[str, Box] = {}
    for place, number in enumerate(sorted(columns)):
        y = MARGIN + (whole - heights[number]) // 2
        for box in columns[number]:
            made = placed[box["id"]] = _box(box, MARGIN + place * (WIDE + GAP_X), y, language)
            y += made.height + GAP_Y
    ends = [(placed[arrow["from"]], placed[arrow["to"]]) for arrow in value["arrows"]]
    width = 2 * MARGIN + len(columns) * WIDE + max(len(columns) - 1, 0) * GAP_X
    arrows = [Arrow(one.x + WIDE, one.middle, two.x - 1, two.middle) for one, two in ends]
    return Drawing(width, whole + 2 * MARGIN, [*placed.values()], arrows, [(a.said, b.said) for a, b in ends])


def _box(box: dict[str, Any], x: int, y: int, language: str) -> Box:
    title, under = _wrapped(box["title"]), _wrapped(box["under"][language])
    lines = [(text, True) for text in title] + [(text, False) for text in under]
    placed = [Line(text, x + PAD, y + PAD + LINE * n + 12, strong) for n, (text, strong) in enumerate(lines)]
    return Box(x, y, 2 * PAD + LINE * len(lines), placed, f"{box['title']} ({box['under'][language]})")


def _height(boxes: list[dict[str, Any]], language: str) -> int:
    return sum(_box(box, 0, 0, language).height for box in boxes) + GAP_Y * (len(boxes) - 1)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, LETTERS, max_lines=MOST_LINES, placeholder=" …", break_long_words=True) or ["–"]
