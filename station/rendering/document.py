"""Any JSON document as indented text, in the document's own order; both languages of a text follow the reader."""

from __future__ import annotations

from typing import Any

INDENT = "  "


def render_document(document: Any, language: str, labels: dict[str, str] | None = None) -> list[str]:
    """Lines of text. ``labels``: field -> label; a field without one is shown under its own name."""
    return list(_lines(document, language, labels or {}, 0))


def _lines(node: Any, language: str, labels: dict[str, str], depth: int) -> list[str]:
    pad = INDENT * depth
    if is_text(node):
        return [pad + plain(line, language) for line in str(node[language]).splitlines()]
    if isinstance(node, dict):
        return [line for name, value in node.items() for line in _field(name, value, language, labels, depth)]
    if isinstance(node, list):
        return [line for item in node for line in _item(item, language, labels, depth)]
    return [pad + plain(node, language)]


def _field(name: str, value: Any, language: str, labels: dict[str, str], depth: int) -> list[str]:
    label = INDENT * depth + plain(labels.get(name, name), language)
    below = _lines(value, language, labels, depth + 1)
    if len(below) <= 1 and not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return [f"{label}: {below[0].strip() if below else '-'}"]
    return [f"{label}:", *below]


def _item(item: Any, language: str, labels: dict[str, str], depth: int) -> list[str]:
    lines = _lines(item, language, labels, depth + 1)
    return [INDENT * depth + "- " + lines[0].strip(), *lines[1:]] if lines else []


def is_text(node: Any) -> bool:
    """One text in both languages."""
    return isinstance(node, dict) and set(node) == {"nl", "en"}


def plain(value: Any, language: str) -> str:
    """One value on one line; control characters never reach a terminal."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return {"nl": ("nee", "ja"), "en": ("no", "yes")}[language][value]
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value))
