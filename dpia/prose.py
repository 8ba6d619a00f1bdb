"""Long answers as people write them: Markdown, without HTML, pictures or addresses that run something."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

HIGHEST = 4
"""A heading inside an answer stands below the title of its question."""


def _headings_below(state: Any) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + HIGHEST - 1)}"


def _outside(self: Any, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    """A link leads away from the platform, and tells nobody where the reader came from."""
    tokens[at].attrSet("rel", "noopener noreferrer nofollow")
    return str(self.renderToken(tokens, at, options, env))


READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
READER.core.ruler.push("headings_below", _headings_below)
READER.add_render_rule("link_open", _outside)


def prose(text: str) -> SafeString:
    """What somebody wrote, as HTML: everything that is no Markdown is escaped."""
    return mark_safe(READER.render(text))  # noqa: S308 (html=False escapes all HTML of the author)
