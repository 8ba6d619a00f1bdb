"""Markdown of people we do not know: readable, and never anything that runs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpia.checking import LONGEST
from dpia.prose import prose

ALLOWED = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "a", "table", "thead",
           "tbody", "tr", "th", "td", "h4", "h5", "h6"}  # fmt: skip


def test_lists_tables_and_line_ends_are_kept():
    found = prose("# Title\nfirst\nsecond **bold**\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    for html in ("<h4>Title</h4>", "first<br />\nsecond <strong>bold</strong>", "<li>one</li>", "<td>1</td>"):
        assert html in found


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![a](http://x.example/a.png)",
    "[a](data:text/html,x)", "<a href='javascript:x'>y</a>", "[a](vbscript:x)", "&#106;avascript:x", "<svg/onload=x>",
])  # fmt: skip
def test_nothing_runs_and_nothing_is_fetched(text: str):
    found = prose(text)
    assert set(re.findall(r"<([a-z0-9]+)", found)) <= ALLOWED
    assert not re.search(r'(href|src)="(?!https?:|mailto:|#|/)', found)
    assert "<img" not in found


@given(st.text(alphabet="<>[]()!*_`#|-&:/\n ab1", max_size=200))
def test_whatever_is_typed_gives_only_these_elements(text: str):
    assert set(re.findall(r"<([a-z0-9]+)", prose(text))) <= ALLOWED


@pytest.mark.parametrize("text", ["[", "> ", "*a ", "`", "(((", "- ", "|a"])
def test_the_longest_answer_is_read(text: str):
    assert prose((text * LONGEST)[:LONGEST])
