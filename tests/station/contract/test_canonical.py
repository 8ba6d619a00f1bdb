"""One document, one sequence of bytes, one hash; and whatever is sent instead is refused, never a crash."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.contract.canonical import canonical, code, digest, load, load_canonical, same_code
from station.reasons import Refused

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


def refused(act, *given_to):
    with pytest.raises(Refused) as caught:
        act(*given_to)
    (reason,) = caught.value.reasons
    return reason.code


@given(DOCUMENTS)
def test_a_document_is_read_back_as_it_was(document):
    assert load_canonical(canonical(document)) == document
    assert load_canonical(canonical(document).decode()) == document


@given(st.dictionaries(NAMES, DOCUMENTS, min_size=2, max_size=6), st.randoms())
def test_the_order_of_names_makes_no_difference(document, random):
    pairs = list(document.items())
    random.shuffle(pairs)
    assert canonical(dict(pairs)) == canonical(document)
    assert digest(dict(pairs)) == digest(document)


@given(DOCUMENTS, DOCUMENTS)
def test_two_documents_have_one_hash_only_when_they_are_the_same(one, other):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (digest(one) == digest(other)) == same


@given(DOCUMENTS)
def test_another_spelling_of_the_same_document_is_refused(document):
    spaced = json.dumps(document, indent=1, ensure_ascii=True)
    if spaced.encode() != canonical(document):
        assert refused(load_canonical, spaced) == "json.not_canonical"


@given(st.text() | st.binary() | st.none() | st.integers())
def test_whatever_is_sent_is_read_or_refused(sent):
    for read in (load, load_canonical):
        try:
            read(sent)
        except Refused:
            continue


def test_names_sort_as_utf_16():
    """RFC 8785, 3.2.3: a character outside the basic plane comes before U+E000 and later."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}).decode() == '{"a":3,"\U0001f600":2,"\ufb33":1}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1,"a":1}', "json.duplicate_name"),
        ('{"x":{"a":1,"b":2,"a":3}}', "json.duplicate_name"),
        ('{"a":1.0}', "json.float"),
        ("1e3", "json.float"),
        ("NaN", "json.float"),
        ("-Infinity", "json.float"),
        ("{", "json.unreadable"),
        ("", "json.unreadable"),
        ("\ufeff{}", "json.unreadable"),
        ("1" * 5_000, "json.unreadable"),
        ("[" * 100_000, "json.unreadable"),
        ('{"a":1}'.encode("utf-16"), "json.unreadable"),
        (b'"\xff"', "json.unreadable"),
        ('{"b":1,"a":2}', "json.not_canonical"),
        ('{"a": 1}', "json.not_canonical"),
        ('{"a":1}\n', "json.not_canonical"),
        ('"\\u0061"', "json.not_canonical"),
        ("9007199254740992", "json.not_canonical"),
        ('"\\ud800"', "json.not_canonical"),
        ('{"\\ud800":1}', "json.not_canonical"),
    ],
)
def test_odd_texts_are_refused_by_name(text, expected):
    assert refused(load_canonical, text) == expected


@pytest.mark.parametrize("document", [1.0, {"a": [1, {"b": 0.5}]}, float("nan"), (1, 2.0)])
def test_floats_never_get_in(document):
    assert refused(canonical, document) == "json.float"


@pytest.mark.parametrize("document", [2**53, {1: 2}, b"x", {1, 2}, {"\ud800": 1}])
def test_what_json_cannot_hold_is_refused(document):
    assert refused(canonical, document) == "json.not_canonical"


def test_nesting_without_end_is_refused():
    document: list = []
    for _ in range(10_000):
        document = [document]
    assert refused(canonical, document) == "json.not_canonical"


@given(st.binary(min_size=32, max_size=32).map(bytes.hex), st.randoms())
def test_a_code_is_recognised_however_it_is_typed(sha256, random):
    typed = "".join(random.choice([c.lower(), c, c + " ", c + "-"]) for c in code(sha256).replace("-", ""))
    assert same_code(typed, sha256)
    assert len(code(sha256).replace("-", "")) == 32


@given(st.binary(min_size=32, max_size=32).map(bytes.hex), st.integers(0, 31))
def test_one_wrong_character_is_another_code(sha256, place):
    right = code(sha256).replace("-", "")
    wrong = right[:place] + ("A" if right[place] != "A" else "B") + right[place + 1 :]
    assert not same_code(wrong, sha256)
    assert not same_code(right[:place], sha256)
