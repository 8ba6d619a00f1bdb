"""Every kind of question: what fits it, what a person sees and sends, and what others can refer to."""

import pytest
from django.utils.translation import override

from dpia.checking import checked, fingerprint, open_cells
from dpia.models import Template
from dpia.pointing import with_options
from dpia.questions import Question
from dpia.reading import shown
from dpia.rows import Rows
from dpia.sheet import Sheet
from dpia.template import read_form
from station.contract.canonical import digest
from station.reasons import Refused
from tests.dpia.pages import text
from tests.dpia.people import again
from tests.dpia.test_template import LABEL, OPTIONS, form, question

LEVELS = [{"key": key, "label": LABEL} for key in ("low", "medium", "high")]
CHOICE = {"type": "choice", "options": LEVELS, "label": LABEL}
RISKS = question("dangers", type="risk_table", columns=[
    {"id": "risk", "label": LABEL}, {"id": "likelihood", **CHOICE}, {"id": "impact", **CHOICE},
])  # fmt: skip
MEASURES = question("actions", type="measure_table", columns=[
    {"id": "risk", "label": LABEL, "type": "reference", "refers": "dangers"}, {"id": "measure", "label": LABEL},
    {"id": "due", "label": LABEL, "type": "date", "required": False}, {"id": "state", **CHOICE},
])  # fmt: skip
MATRIX = question("grid", type="matrix", rows=OPTIONS, row_label=LABEL, columns=[{"id": "how", "label": LABEL}])
KINDS = form(
    question("many", type="number", required=True), question("day", type="date"),
    question("who", type="reference", refers="partners"), MATRIX, RISKS, MEASURES, question("files", type="attachment"),
    question("because", show_if={"q": "dangers", "column": "impact", "op": "contains", "value": "high"}),
    question("crowd", guidance=LABEL, show_if={"q": "many", "op": "gt", "value": 10}),
)  # fmt: skip


def kind(key: str) -> Question:
    asked = read_form(KINDS).question(key)
    assert asked is not None
    return asked


FITS = [
    ("many", "12", 12), ("many", 7, 7), ("many", "", ""), ("day", "2026-11-24", "2026-11-24"),
    ("grid", [{"row": "b", "how": " so "}], [{"row": "a", "how": ""}, {"row": "b", "how": "so"}]),
    ("grid", [{"row": "a", "how": ""}], []),
    ("files", [{"name": " a.pdf", "sha256": "0" * 64}], [{"name": "a.pdf", "sha256": "0" * 64}]),
    ("dangers", [{"id": "r1", "risk": "x", "likelihood": "low", "impact": "high"}],
     [{"id": "r1", "risk": "x", "likelihood": "low", "impact": "high"}]),
    ("who", [], []),
]  # fmt: skip
REFUSED = [
    ("many", "-1"), ("many", "1.5"), ("many", True), ("many", "9" * 16), ("day", "24-11-2026"), ("day", 5),
    ("grid", [{"row": "c", "how": "x"}]), ("grid", [{"row": "a", "how": "x"}, {"row": "a", "how": "y"}]),
    ("files", ["a.pdf"]), ("files", [{"name": "a.pdf", "sha256": "no"}]), ("who", ["somebody"]),
    ("dangers", [{"id": "r1", "risk": "x"}, {"id": "r1", "risk": "y"}]), ("dangers", [{"id": "<b>", "risk": "x"}]),
    ("actions", [{"risk": "r9", "measure": "x"}]), ("actions", [{"measure": "x", "due": "soon"}]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "given", "stored"), FITS)
def test_what_fits_a_kind_is_stored_in_one_form(key, given, stored):
    assert checked(kind(key), given) == stored
    assert checked(kind(key), stored) == stored


@pytest.mark.parametrize(("key", "given"), REFUSED)
def test_what_does_not_fit_is_refused(key, given):
    with pytest.raises(Refused):
        checked(kind(key), given)


def test_a_new_row_gets_an_id_that_stays_and_follows_from_what_was_typed():
    typed = [{"risk": "x"}, {"risk": "y"}, {"risk": "x"}]
    rows = checked(kind("dangers"), typed)
    assert len({row["id"] for row in rows}) == 3
    assert checked(kind("dangers"), typed) == rows
    changed = [{**rows[1], "risk": "z"}, rows[2]]
    assert [row["id"] for row in checked(kind("dangers"), changed)] == [rows[1]["id"], rows[2]["id"]]
    assert fingerprint(kind("dangers"), rows) == fingerprint(kind("dangers"), typed)


def test_a_measure_refers_to_a_risk_and_says_so_when_that_is_gone():
    risks = checked(kind("dangers"), [{"risk": "Somebody is singled out"}])
    rows = {"dangers": risks}
    measures = with_options(read_form(KINDS), {"parties": []}, rows).question("actions")
    value = checked(measures, [{"risk": risks[0]["id"], "measure": "A threshold", "state": "low"}])
    assert list(open_cells(measures, value)) == []
    assert shown(measures, value).rows[0][0].text == "1. Somebody is singled out"
    without = with_options(read_form(KINDS), {"parties": []}, {}).question("actions")
    assert [reason.code for reason in open_cells(without, value)] == ["answer.cell"]


@override("en")
def test_a_matrix_is_read_with_the_names_of_its_rows():
    table = shown(kind("grid"), [{"row": "a", "how": "x"}, {"row": "b", "how": ""}])
    assert table.columns == ["Question", "Question"]
    assert [[cell.text for cell in row] for row in table.rows] == [["Question", "x"], ["Question", ""]]


CONDITIONS = [
    ({"q": "dangers", "column": "impact", "op": "contains", "value": "high"}, {"dangers": [{"impact": "high"}]}, True),
    ({"q": "dangers", "column": "impact", "op": "contains", "value": "high"}, {"dangers": [{"impact": "low"}]}, False),
    ({"q": "dangers", "op": "at_least", "value": 2}, {"dangers": [{}, {}]}, True),
    ({"q": "dangers", "op": "at_least", "value": 1}, {}, False),
    ({"q": "many", "op": "gt", "value": 10}, {"many": 11}, True),
    ({"q": "many", "op": "gt", "value": 10}, {"many": ""}, False),
    ({"q": "many", "op": "lt", "value": 10}, {"many": 0}, True),
]


@pytest.mark.parametrize(("condition", "answers", "holds"), CONDITIONS)
def test_a_condition_looks_into_rows_and_counts(condition, answers, holds):
    data = form(RISKS, question("many", type="number"), question("then", show_if=condition))
    assert read_form(data).question("then").show_if.holds(answers) is holds


WRONG = [
    question("two", show_if={"q": "dangers", "op": "contains", "value": "high"}),
    question("two", show_if={"q": "dangers", "column": "risk", "op": "contains", "value": "high"}),
    question("two", show_if={"q": "dangers", "column": "impact", "op": "contains", "value": "awful"}),
    question("two", show_if={"q": "dangers", "op": "at_least", "value": "two"}),
    question("two", type="reference", refers="nothing"),
    question("two", type="reference", refers="one"),
    question("two", type="reference"),
    question("two", refers="partners"),
    question("two", type="matrix", columns=[{"id": "how", "label": LABEL}]),
    question("two", type="risk_table", columns=[{"id": "risk", "label": LABEL}]),
    question("two", type="diagram"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_a_mistake_in_a_kind_is_refused(wrong):
    with pytest.raises(ValueError, match="two"):
        read_form(form(question("one"), RISKS, wrong))


def test_a_row_keeps_its_id_while_others_are_removed():
    widget = Rows(kind("dangers").columns, marks=["id"])
    data = {"dangers-rows": "1", "dangers-0-risk": "x", "dangers-0-id": "r7"}
    assert widget.value_from_datadict(data, {}, "dangers")[0]["id"] == "r7"
    row = widget.rows("dangers", [{"id": "r7", "risk": "x"}])[0]
    assert row.marks == [("dangers-0-id", "r7")]


@pytest.fixture
def asked(cast, db):
    """The draft, on a template with every kind."""
    sound = read_form(KINDS).document()
    template = Template.objects.create(key="t", version="1.0.0", data=sound, sha256=digest(sound), state="published")
    assessment = again(cast.assessment)
    assessment.template = template
    assessment.save()
    return assessment


def test_every_kind_is_filled_in_on_the_page(pages, asked):
    opened = pages.opened("alfa", "drafter", "point")
    typed = {
        "many": "12", "day": "2026-11-24", "who": ["alfa", "beta"], "grid-0-how": "In writing", "dangers-rows": "1",
        "dangers-0-risk": "Somebody is singled out", "dangers-0-likelihood": "low", "dangers-0-impact": "high",
    }  # fmt: skip
    assert pages.save("alfa", "drafter", "point", opened | typed).status_code == 302
    values = Sheet(again(asked)).values()
    assert (values["many"], values["day"], values["who"]) == (12, "2026-11-24", ["alfa", "beta"])
    assert values["grid"] == [{"row": "a", "how": "In writing"}, {"row": "b", "how": ""}]
    assert {"because", "crowd"} <= set(values)
    risk = values["dangers"][0]["id"]
    opened = pages.opened("alfa", "drafter", "point")
    assert opened["dangers-0-id"] == risk
    measure = {
        "actions-rows": "1",
        "actions-0-risk": risk,
        "actions-0-measure": "A threshold",
        "actions-0-state": "low",
    }
    assert pages.save("alfa", "drafter", "point", opened | measure).status_code == 302
    assert Sheet(again(asked)).values()["actions"][0]["risk"] == risk
    page = text(pages.get("beta", "privacy_officer", "point", "point"))
    assert "1. Somebody is singled out" in page
    left = [(one.question.id, one.reason.code) for one in Sheet(again(asked)).open()]
    assert left == [("grid", "answer.cell")]


def test_what_does_not_fit_stays_in_the_form(pages, asked):
    opened = pages.opened("alfa", "drafter", "point")
    answer = pages.save("alfa", "drafter", "point", opened | {"many": "about ten"})
    assert answer.status_code == 422
    assert 'value="about ten"' in text(answer)
