"""Every command that a page or a guide shows is one that the program takes."""

import re
from pathlib import Path

import pytest

from station.cli.main import parser

ROOT = Path(__file__).parents[3]
SHOWN = re.compile(r"(?:python -m station|bin/demo station [a-zA-Z]+|\{STATION\}|(?m:^)station|`station) ([^\"”`\n|]+)")
GAP = re.compile(r"\{\{.*?\}\}|\{.*?\}|\.\.\.")  # where a page fills something in
VALUED = {"--token", "--reasons", "--reason"}  # followed by a quoted value in the guide, or by one that a page adds
PLACES = [
    *(ROOT / "docs").glob("*.md"), ROOT / "README.md", *(ROOT / "templates").rglob("*.html"),
    *(path for room in ("computations", "collaborations", "inbox") for path in (ROOT / room).rglob("*.py")),
]  # fmt: skip


def commands() -> set[tuple[str, ...]]:
    shown = [command for path in PLACES for command in SHOWN.findall(path.read_text("utf-8"))]
    found = (GAP.sub("x", command).removeprefix("--home DIR").split() for command in shown)
    return {tuple(words) for words in found if words and re.fullmatch("[a-z]{2,}", words[0])}


def test_commands_are_found():
    assert {words[0] for words in commands()} >= {"init", "enroll", "dataset", "contracts", "sign", "revoke", "output"}


@pytest.mark.parametrize("words", sorted(commands()), ids=" ".join)
def test_a_command_that_is_shown_is_understood(words):
    assert parser().parse_args([*words, *(["x"] if words[-1] in VALUED else [])])
