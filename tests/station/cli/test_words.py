"""What the command line says is there in both languages, with the same facts, and is said somewhere."""

import ast
import re
import string
from pathlib import Path

import pytest

import station
from station.cli.words import Voice, language_of, messages

SPEAKING = {"say", "ask", "confirm", "text", "report", "voice"}
SOURCES = {path: path.read_text("utf-8") for path in Path(station.__file__).parent.rglob("*.py")}


def said() -> set[str]:
    """Keys that stand as the first argument of something that speaks, a gap in them as a pattern."""
    found = set()
    for text in SOURCES.values():
        for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in SPEAKING:
                found |= {n.value for n in ast.walk(call.args[0]) if isinstance(n, ast.Constant) and is_key(n.value)}
    return found


def is_key(value):
    return isinstance(value, str) and re.fullmatch("[a-z]+(_[a-z]+)*", value) is not None and value not in ("nl", "en")


def test_every_key_that_is_said_is_there():
    assert {key for key in said() if "_" in key} - set(messages()) == set()


@pytest.mark.parametrize("key", messages())
def test_every_message_is_said(key):
    with_gap = f'f"{key.rpartition("_")[0]}_{{'
    assert any(f'"{key}"' in text or with_gap in text for text in SOURCES.values())


@pytest.mark.parametrize("key", messages())
def test_both_languages_name_the_same_facts(key):
    texts = messages()[key]
    assert set(texts) == {"nl", "en"}
    nl, en = ({field for _, field, _, _ in string.Formatter().parse(texts[lang]) if field} for lang in ("nl", "en"))
    assert nl == en


def test_one_line_that_never_steers_the_terminal(capsys):
    Voice("en").say("signed", id="\x1b[2J", code="a\nb\u202e")
    assert capsys.readouterr().out == "Signed: contract \ufffd[2J, code a\ufffdb\ufffd.\n"


@pytest.mark.parametrize(
    ("settings", "environment", "expected"),
    [
        (None, "", "nl"),
        ('language = "en"', "", "en"),
        ('language = "en"', "nl", "nl"),
        ('language = "fr"', "", "nl"),
        ("language = ", "", "nl"),
        (None, "en", "en"),
        (None, "fr", "nl"),
    ],
)
def test_the_language_of_a_station(tmp_path, monkeypatch, settings, environment, expected):
    monkeypatch.setenv("STATION_LANGUAGE", environment)
    if settings is not None:
        (tmp_path / "station.toml").write_text(settings)
    assert language_of(tmp_path) == expected
