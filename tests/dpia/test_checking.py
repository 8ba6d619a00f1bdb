"""What is accepted as an answer, and what is refused with a sentence."""

import pytest

from dpia.checking import LONGEST, LONGEST_CELL, MOST_ROWS, checked, fingerprint, open_cells
from dpia.template import Question
from station.reasons import Refused

LABEL = {"nl": "Vraag", "en": "Question"}
OPTIONS = [{"key": key, "label": LABEL} for key in ("a", "b", "c")]


def asked(kind, **fields):
    return Question.model_validate({"id": "q", "type": kind, "label": LABEL, **fields})


TEXT = asked("longtext")
CHOICE = asked("choice", options=OPTIONS)
SEVERAL = asked("multichoice", options=OPTIONS)
YES_NO = asked("bool")
TABLE = asked(
    "table",
    columns=[
        {"id": "what", "label": LABEL},
        {"id": "level", "label": LABEL, "type": "choice", "options": OPTIONS},
        {"id": "note", "label": LABEL, "required": False},
        {"id": "risk", "label": LABEL, "type": "computed", "computed": "level_before"},
    ],
)

RIGHT = [
    (TEXT, "  two\r\nlines\r ", "two\nlines"),
    (TEXT, "x" * LONGEST, "x" * LONGEST),
    (TEXT, "a\r\n" * (LONGEST // 2), ("a\n" * (LONGEST // 2)).strip()),
    (TEXT, None, ""),
    (CHOICE, "a", "a"),
    (CHOICE, "", ""),
    (SEVERAL, ["c", "a", "a"], ["a", "c"]),
    (SEVERAL, None, []),
    (YES_NO, False, False),
    (YES_NO, None, ""),
    (TABLE, [{"what": " x ", "level": "a"}], [{"what": "x", "level": "a", "note": ""}]),
    (TABLE, [{"what": "x"}, {"what": "", "level": ""}, {"note": "  "}], [{"what": "x", "level": "", "note": ""}]),
    (TABLE, [], []),
]


@pytest.mark.parametrize(("question", "value", "kept"), RIGHT)
def test_what_is_kept(question, value, kept):
    assert checked(question, value) == kept


@pytest.mark.parametrize(("question", "value", "_kept"), RIGHT)
def test_what_is_kept_is_kept_again(question, value, _kept):
    once = checked(question, value)
    assert checked(question, once) == once
    assert fingerprint(question, once) == fingerprint(question, value)


WRONG = [
    (TEXT, "x" * (LONGEST + 1), "answer.too_long"),
    (TEXT, 5, "answer.form"),
    (TEXT, "nul\0byte", "answer.characters"),
    (TEXT, "half a pair \ud800", "answer.characters"),
    (CHOICE, "d", "answer.form"),
    (CHOICE, ["a"], "answer.form"),
    (SEVERAL, "a", "answer.form"),
    (SEVERAL, ["a", "d"], "answer.form"),
    (YES_NO, "yes", "answer.form"),
    (TABLE, "row", "answer.form"),
    (TABLE, ["row"], "answer.form"),
    (TABLE, [{"what": "x", "colour": "red"}], "answer.form"),
    (TABLE, [{"what": "x", "risk": "low"}], "answer.form"),
    (TABLE, [{"what": "x", "level": "high"}], "answer.form"),
    (TABLE, [{"what": "x" * (LONGEST_CELL + 1)}], "answer.cell_long"),
    (TABLE, [{"what": 5}], "answer.form"),
    (TABLE, [{"what": "x"}] * (MOST_ROWS + 1), "answer.rows"),
    (asked("text", autofill={"fact": "specification", "mode": "locked"}), "mine", "answer.locked"),
    (asked("computed", computed="risk_before"), "low", "answer.locked"),
]


@pytest.mark.parametrize(("question", "value", "code"), WRONG, ids=lambda value: str(value)[:20])
def test_what_is_refused(question, value, code):
    with pytest.raises(Refused) as refusal:
        checked(question, value)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_a_refused_value_still_has_a_fingerprint():
    assert fingerprint(TEXT, "x" * (LONGEST + 1)) != fingerprint(TEXT, "x" * (LONGEST + 2))


def test_the_given_rows_stay_as_they_are():
    rows = [{"what": " x ", "level": "a"}]
    checked(TABLE, rows)
    assert rows == [{"what": " x ", "level": "a"}]


def test_half_a_row_is_kept_but_open():
    rows = checked(TABLE, [{"what": "x"}])
    reasons = list(open_cells(TABLE, rows))
    assert [(reason.code, reason.facts["row"]) for reason in reasons] == [("answer.cell", 1)]


def test_a_whole_row_is_not_open():
    assert not list(open_cells(TABLE, [{"what": "x", "level": "a", "note": ""}]))
