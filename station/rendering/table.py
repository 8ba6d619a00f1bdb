"""An output table as text; a suppressed cell is a dot."""

from __future__ import annotations

from typing import Any

from station.rendering.document import plain

SUPPRESSED = "."


def render_table(table: dict[str, Any], language: str) -> str:
    """``table``: {columns, rows, suppressed}."""
    rows = [[SUPPRESSED if cell is None else plain(cell, language) for cell in row] for row in table["rows"]]
    names = [plain(name, language) for name in table["columns"]]
    widths = [max(len(row[i]) for row in [names, *rows]) for i in range(len(names))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [names, *rows]
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
