"""Every refusal has its sentence in both languages, and every sentence gets the facts that it names."""

import ast
import re
import string
from pathlib import Path

import pytest

from station import reasons
from station.contract.contract import faults
from station.reasons import Reason, Refused, sentences
from tests.station.uses import ANY, UNTRACED, Source, Use, sources, uses

LANGUAGES = ("nl", "en")
TEXT = Path(reasons.__file__).with_suffix(".yaml").read_text("utf-8")
USES = uses(sources())


def named(code: str, language: str) -> set[str]:
    """The facts between the braces of a sentence."""
    return {field for _, field, _, _ in string.Formatter().parse(sentences()[code][language]) if field is not None}


def without_facts(use: Use) -> set[str]:
    """What the sentences of a code name and this use does not pass."""
    return set() if ANY in use.facts else (named(use.code, "nl") | named(use.code, "en")) - use.facts


def test_every_code_is_seen():
    """Write a code in full, or in a table of its module: then this reading finds it."""
    assert [use.place for use in USES if use.code == UNTRACED] == []


def test_every_code_has_a_sentence():
    assert [f"{use.code} ({use.place})" for use in USES if use.code not in {UNTRACED, *sentences()}] == []


def test_every_sentence_has_a_use():
    assert sorted(set(sentences()) - {use.code for use in USES}) == []


def test_every_use_passes_the_facts_of_its_sentence():
    missing = {f"{use.code} ({use.place})": without_facts(use) for use in USES if use.code in sentences()}
    assert {place: facts for place, facts in missing.items() if facts} == {}


@pytest.mark.parametrize("code", sentences())
def test_both_languages(code):
    texts = sentences()[code]
    assert set(texts) == set(LANGUAGES)
    for language, text in texts.items():
        assert text == text.strip(), language
        assert text.endswith((".", "}")), language
    assert not any(fact.endswith("_en") for fact in named(code, "nl"))
    assert {fact.removesuffix("_en") for fact in named(code, "en")} == named(code, "nl")
    for use in (use for use in USES if use.code == code):
        two_fold = {fact for fact in use.facts if f"{fact}_en" in use.facts}
        assert not two_fold & named(code, "en"), f"the English sentence uses a Dutch fact ({use.place})"


def test_sorted_and_each_code_once():
    written = re.findall(r"^([^\s#:]+):$", TEXT, re.MULTILINE)
    assert written == sorted(sentences())


# The reading of the source itself: a test that finds nothing would be worth nothing


def found(text: str, place: str = "web/example.py") -> list[tuple[str, set[str]]]:
    return [(use.code, set(use.facts)) for use in uses([Source(place, text)])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("raise Refused('a.b', k=1)", [("a.b", {"k"})]),
        ("yield_(Reason('a.b', {'k': 1, **more}))", [("a.b", {"k", ANY})]),
        ("def f(x):\n    facts = {'k': 1}\n    return reasons.Reason('a.b', {**facts, 'n': 2})", [("a.b", {"k", "n"})]),
        ("def f(x):\n    raise Refused('a.b' if x else 'a.c')", [("a.b", set()), ("a.c", set())]),
        ("def f(x):\n    code = 'a.b' if x else 'a.c'\n    return Turn(code, {})", [("a.b", set()), ("a.c", set())]),
        ("T = {'x': 'a.b'}\ndef f(x):\n    return Turn(T[x], {'n': 1})", [("a.b", {"n"})]),
        ("T = {'x': ('a.b', 'p')}\ndef f(x):\n    code, _p = T[x]\n    return Turn(code)", [("a.b", set())]),
        ("def g(text, code, **facts):\n    raise Refused(code, **facts)\ng('', 'a.b', k=1)", [("a.b", {"k"})]),
        (
            "def g(text, code='a.b'):\n    raise Refused(code)\ng('')\ng('', code='a.c')",
            [("a.b", set()), ("a.c", set())],
        ),
        ("def g(code):\n    return Reason(code, {'k': 1})\ng('a.b')", [("a.b", {"k"})]),
        ("raise Refused(Reason('a.b', {'k': 1}))", [("a.b", {"k"})]),
        ("raise Refused(*many)", []),
    ],
)
def test_uses_are_seen(text, expected):
    assert sorted(found(text)) == sorted(expected)


def test_a_code_with_a_gap_stands_for_all_that_have_a_sentence():
    assert {code for code, _ in found("def f(x):\n    raise Refused(f'policy.{x}')")} == {
        code for code in sentences() if code.startswith("policy.")
    }


def test_a_code_that_cannot_be_traced_is_told():
    assert found("def f(x):\n    raise Refused(x[0])") == [(UNTRACED, set())]


def test_facts_that_are_not_passed_are_told():
    assert without_facts(Use("policy.k", frozenset({"k"}), "here")) == {"least"}


# What is made of a code and its facts


def test_a_reason_is_always_readable():
    assert Reason("no.such_code", {"a": 1}).text("nl") == "no.such_code"
    assert "?" in Reason("policy.k", {"k": 3}).text("en")
    assert Reason("policy.k", {"k": 3, "least": 10}).text("nl").startswith("De drempel k is 3;")
    assert str(Refused("policy.k", k=3, least=10)).startswith("The threshold k is 3;")


@pytest.mark.parametrize("sent", [None, [], "x", {}, {"code": 5}, {"facts": {}}])
def test_an_odd_reason_from_elsewhere_is_told_as_unreadable(sent):
    assert Reason.from_document(sent).code == "reason.unreadable"


def test_a_reason_from_elsewhere_is_cut_to_size():
    sent = {"code": "c" * 999, "facts": {"f" * 99: "v" * 999, "n": 3, "odd": ["x"]}}
    kept = Reason.from_document(sent)
    assert len(kept.code) == 80
    assert kept.facts == {"f" * 60: "v" * 300, "n": 3, "odd": "['x']"}
    assert Reason.from_document(Reason("policy.k", {"k": 3}).document()) == Reason("policy.k", {"k": 3})


# What is wrong with a field


def written_forms() -> set[str]:
    """Every form that a text of ours may have to have."""
    calls = [n for source in sources() for n in ast.walk(source.tree) if isinstance(n, ast.Call)]
    return {
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if ast.unparse(call.func) == "StringConstraints" and keyword.arg == "pattern"
    }  # fmt: skip


def test_every_form_of_a_text_is_told_in_words():
    assert written_forms() - set(faults()) == set()
    assert {name for name in faults() if name.startswith("^")} - written_forms() == set()


@pytest.mark.parametrize("name", faults())
def test_a_fault_is_told_in_both_languages(name):
    assert set(faults()[name]) == set(LANGUAGES)
    if not name.startswith("^"):
        nl, en = ({f for _, f, _, _ in string.Formatter().parse(faults()[name][lang]) if f} for lang in LANGUAGES)
        assert nl == en
