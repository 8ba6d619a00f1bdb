"""Answers out and in again without loss; a file that is cut off, huge, nested or foreign changes nothing."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from dpia import actions, exchange
from dpia.checking import checked
from dpia.pointing import with_options
from dpia.sheet import Sheet
from dpia.template import read_form
from station.contract.canonical import canonical
from station.reasons import Refused
from tests.dpia.pages import text
from tests.dpia.people import again, refused
from tests.dpia.test_kinds import KINDS

WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)
LEVEL = st.sampled_from(["", "low", "high"])
VALUES = st.fixed_dictionaries({
    "many": st.integers(0, 10**14), "day": st.dates().map(str), "crowd": WORDS, "because": WORDS,
    "who": st.lists(st.sampled_from(["alfa", "beta"]), unique=True),
    "grid": st.lists(WORDS, min_size=2, max_size=2).map(
        lambda two: [{"row": key, "how": one} for key, one in zip("ab", two, strict=True)]
    ),
    "dangers": st.lists(st.fixed_dictionaries({"risk": WORDS, "likelihood": LEVEL, "impact": LEVEL}), max_size=5),
})  # fmt: skip
PARTIES = {"parties": [{"organisation": key, "name": key} for key in ("alfa", "beta")]}
FORM = with_options(read_form(KINDS), PARTIES, {})


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_whatever_can_be_stored_comes_back_the_same(values):
    stored = {key: checked(FORM.question(key), value) for key, value in values.items()}
    rows = [{"question": key, "organisation": None, "value": value} for key, value in stored.items()]
    back = exchange.read(canonical({"schema": exchange.SCHEMA, "answers": rows}))
    sheet = SimpleNamespace(form=FORM)
    assert {one.question: one.value for one in back} == stored
    for one in back:
        question, reason = exchange.fitting(sheet, one)
        assert reason is None
        assert checked(question, one.value) == stored[one.question]


SOUND = {"schema": exchange.SCHEMA, "answers": [{"question": "a", "organisation": None, "value": "x"}]}
NESTED: list = []
for _n in range(exchange.DEEPEST + 2):
    NESTED = [NESTED]
BAD = {
    "cut off": (json.dumps(SOUND)[:-5].encode(), "exchange.not_json"),
    "no text": (b"\xff\xfe", "exchange.not_json"),
    "bottomless": (b"[" * 100_000, "exchange.not_json"),
    "huge": (b" " * (exchange.MOST_KIB * 1024 + 1), "exchange.large"),
    "another form": (b'{"schema": "other/1", "answers": []}', "exchange.schema"),
    "a list": (b"[]", "exchange.schema"),
    "no answers": (json.dumps({"schema": exchange.SCHEMA}).encode(), "exchange.schema"),
    "nested": (json.dumps(SOUND | {"answers": [SOUND["answers"][0] | {"value": NESTED}]}).encode(), "exchange.schema"),
    "twice": (json.dumps(SOUND | {"answers": SOUND["answers"] * 2}).encode(), "exchange.schema"),
    "more": (json.dumps(SOUND | {"answers": [SOUND["answers"][0] | {"by": 1}]}).encode(), "exchange.schema"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD.keys())
def test_a_file_that_is_not_ours_is_refused(content, code):
    with pytest.raises(Refused) as refusal:
        exchange.read(content)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_out_and_in_again_leaves_everything_as_it_was_and_tells_what_is_not_mine(at, drafter):
    assessment = at("draft")
    before = exchange.document(Sheet(assessment))
    taken = actions.import_answers(assessment=assessment, content=canonical(before), by=drafter)
    assert exchange.document(Sheet(again(assessment))) == before
    others = [one for one in before["answers"] if one["organisation"] not in (None, "alfa")]
    assert [one["reason"]["code"] for one in taken.left] == ["exchange.not_yours"] * len(others)
    assert taken.number == 0  # the same is not saved again


def test_a_changed_file_changes_answers_and_tells_what_has_no_place(at, drafter):
    assessment = at("draft")
    rows = [
        {"question": "necessity", "organisation": None, "value": "From a file"},
        {"question": "gone", "organisation": None, "value": "x"},
        {"question": "special_data", "organisation": None, "value": True},
        {"question": "rights", "organisation": None, "value": ["unheard_of"]},
    ]
    content = json.dumps({"schema": exchange.SCHEMA, "answers": rows}).encode()
    taken = actions.import_answers(assessment=assessment, content=content, by=drafter)
    assert Sheet(again(assessment)).values()["necessity"] == "From a file"
    assert {one["task"]: one["reason"]["code"] for one in taken.left} == {
        "gone": "exchange.no_place", "special_data": "exchange.no_place", "rights": "answer.form",
    }  # fmt: skip
    assert assessment.earlier_answers.filter(question="necessity").exists() or taken.number == 1


def test_nothing_is_taken_over_after_the_hand_over(at, drafter):
    assessment = at("privacy_review")
    with refused("lifecycle.state"):
        actions.import_answers(
            assessment=assessment, by=drafter,
            content=canonical(exchange.document(Sheet(assessment))),
        )  # fmt: skip


def test_the_pages_give_and_take_files(pages, at):
    at("draft")
    assert json.loads(pages.get("beta", "dpo", "export").content)["schema"] == exchange.SCHEMA
    table = text(pages.get("beta", "dpo", "risks"))
    assert "Something follows from a small group" in table
    exported = pages.get("alfa", "drafter", "export").content
    pages.login("alfa", "drafter")
    document = SimpleUploadedFile("answers.json", exported)
    answer = pages.client.post(pages.url("import"), {"document": document, "form": "own"}, follow=True)
    assert "Answers taken over" in text(answer)
    wrong = pages.client.post(pages.url("import"), {"document": SimpleUploadedFile("a.json", b"{"), "form": "own"})
    assert (wrong.status_code, "cut off" in text(wrong)) == (422, True)


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_no_cell_is_a_formula(start):
    assert exchange._safe(f"{start}1").startswith("'")
