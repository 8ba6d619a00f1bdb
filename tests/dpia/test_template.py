"""A template is data, and a mistake in it stops before anybody answers a question."""

import copy

import pytest
import yaml
from pydantic import ValidationError

from dpia.facts import FACTS
from dpia.template import TEMPLATES, TemplateForm, from_file, read_form
from dpia.template_file import read_yaml
from station.contract.canonical import digest

LABEL = {"nl": "Vraag", "en": "Question"}


def question(key="one", **fields):
    return {"id": key, "type": "text", "label": LABEL, **fields}


def form(*questions, **fields):
    point = {"id": "point", "number": "1", "title": LABEL, "questions": list(questions)}
    parts = [{"id": "part", "title": LABEL, "points": [point]}]
    schema = "nicpet.assessment-template/1"
    return {"schema": schema, "key": "t", "version": "1.0.0", "title": LABEL, "parts": parts, **fields}


OPTIONS = [{"key": "a", "label": LABEL}, {"key": "b", "label": LABEL}]
COLUMN = {"id": "cell", "label": LABEL}


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_shipped_is_sound_and_says_everything_in_both_languages(path):
    shipped = from_file(path.stem)
    assert shipped.key == path.stem
    assert {q.autofill.fact for q in shipped.questions() if q.autofill} <= set(FACTS)


def test_the_shipped_template_has_its_three_points():
    points = list(from_file("nl-dpia-pet-core").points())
    assert [point.id for point in points] == ["facts", "lawfulness", "risks_measures"]


def test_stored_and_read_again_it_is_the_same():
    shipped = from_file("nl-dpia-pet-core")
    again = read_form(shipped.document())
    assert again == shipped
    assert digest(again.document()) == digest(shipped.document())


def test_the_smallest_form_is_a_form():
    assert [q.id for q in read_form(form(question())).questions()] == ["one"]


WRONG = {
    "an unknown key": form(question(colour="red")),
    "an unknown type": form(question(type="essay")),
    "an unknown fact": form(question(autofill={"fact": "weather", "mode": "locked"})),
    "a fact of another type": form(question(type="bool", autofill={"fact": "summary", "mode": "locked"})),
    "an unknown mode": form(question(autofill={"fact": "summary", "mode": "suggest"})),
    "an unknown computed value": form(question(type="computed", computed="luck")),
    "computed without a function": form(question(type="computed")),
    "a function without computed": form(question(computed="risk_before")),
    "a computed value that reads an unknown question": form(question(type="computed", computed="risk_before")),
    "a choice without options": form(question(type="choice")),
    "options without a choice": form(question(options=OPTIONS)),
    "an option twice": form(question(type="choice", options=[*OPTIONS, OPTIONS[0]])),
    "a table without columns": form(question(type="table")),
    "columns without a table": form(question(columns=[COLUMN])),
    "a column twice": form(question(type="table", columns=[COLUMN, COLUMN])),
    "a column that chooses from nothing": form(question(type="table", columns=[{**COLUMN, "type": "choice"}])),
    "a column with several choices to type": form(
        question(type="table", columns=[{**COLUMN, "type": "choices", "options": OPTIONS}])
    ),
    "a column computed by nothing": form(question(type="table", columns=[{**COLUMN, "type": "computed"}])),
    "a column computed by an unknown function": form(
        question(type="table", columns=[{**COLUMN, "type": "computed", "computed": "luck"}])
    ),
    "a question twice": form(question(), question()),
    "a required answer that nobody can type": form(
        question(required=True, autofill={"fact": "specification", "mode": "locked"})
    ),
    "a condition on an unknown question": form(question(show_if={"q": "two", "op": "truthy"})),
    "a condition of two kinds": form(
        question(), question("two", show_if={"q": "one", "op": "truthy", "not": {"q": "one", "op": "empty"}})
    ),
    "a condition without an operator": form(question(), question("two", show_if={"q": "one"})),
    "an empty condition": form(question(show_if={})),
    "an unknown operator": form(question(), question("two", show_if={"q": "one", "op": "resembles", "value": "x"})),
    "truthy with a value": form(question(), question("two", show_if={"q": "one", "op": "truthy", "value": "x"})),
    "in without a list": form(
        question(type="choice", options=OPTIONS), question("two", show_if={"q": "one", "op": "in", "value": "a"})
    ),
    "an answer that is no option": form(
        question(type="choice", options=OPTIONS), question("two", show_if={"q": "one", "op": "eq", "value": "c"})
    ),
    "an option never given": form(
        question(type="multichoice", options=OPTIONS),
        question("two", show_if={"q": "one", "op": "contains", "value": "c"}),
    ),
    "contains on one choice": form(
        question(type="choice", options=OPTIONS), question("two", show_if={"q": "one", "op": "contains", "value": "a"})
    ),
    "a joint question that looks at an answer per controller": form(
        question(per="controller"), question("two", show_if={"q": "one", "op": "truthy"})
    ),
    "a question that depends on itself": form(question(show_if={"q": "one", "op": "truthy"})),
    "a circle of two": form(
        question(show_if={"q": "two", "op": "truthy"}), question("two", show_if={"q": "one", "op": "truthy"})
    ),
    "a circle through not and all": form(
        question(show_if={"all": [{"not": {"q": "two", "op": "truthy"}}]}),
        question("two", show_if={"any": [{"q": "one", "op": "truthy"}]}),
    ),
    "a circle through a computed value": form(
        question("risks", type="table", columns=[COLUMN], show_if={"q": "risk", "op": "eq", "value": "low"}),
        question("risk", type="computed", computed="risk_before"),
    ),
    "a label in one language": form(question(label={"nl": "Vraag"})),
    "an empty label": form(question(label={"nl": "Vraag", "en": ""})),
    "an id with capitals": form(question("One")),
    "no questions": form(),
    "no parts": {**form(question()), "parts": []},
    "another schema": form(question(), schema="nicpet.assessment-template/2"),
    "a version that is no version": form(question(), version="1.0"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_refused(wrong):
    with pytest.raises(ValidationError):
        read_form(wrong)


def test_a_circle_is_named():
    with pytest.raises(ValidationError, match=r"depend on each other: (one, two, one|two, one, two)"):
        read_form(WRONG["a circle of two"])


def test_every_question_comes_after_those_it_looks_at():
    places = {q.id: n for n, q in enumerate(from_file("nl-dpia-pet-core").in_order)}
    for asked in from_file("nl-dpia-pet-core").questions():
        assert all(places[key] < places[asked.id] for key in asked.reads())


# --- What YAML makes of words ---

TRAPS = {
    "a label that is a boolean": ("nl: Vraag", "nl: no"),
    "a label that is a number": ("nl: Vraag", "nl: 3.0"),
    "a label that is a day": ("nl: Vraag", "nl: 2026-01-01"),
    "a label that is nothing": ("nl: Vraag", "nl: ~"),
    "an option called yes": ("key: a", "key: yes"),
    "a version that is a number": ("version: 1.0.0", "version: 1.0"),
    "required as a word": ("required: true", "required: 'yes'"),
    "a condition with an unquoted no": ("value: a", "value: no"),
}
YAML = """
schema: nicpet.assessment-template/1
key: t
version: 1.0.0
title: {nl: Titel, en: Title}
parts:
  - id: part
    title: {nl: Deel, en: Part}
    points:
      - id: point
        number: "1"
        title: {nl: Punt, en: Point}
        questions:
          - id: one
            type: choice
            required: true
            label: {nl: Vraag, en: Question}
            options:
              - {key: a, label: {nl: A, en: A}}
          - id: two
            type: text
            label: {nl: Twee, en: Two}
            show_if: {q: one, op: eq, value: a}
"""


def test_without_traps_it_is_read():
    assert isinstance(read_form(read_yaml(YAML)), TemplateForm)


@pytest.mark.parametrize(("right", "trap"), TRAPS.values(), ids=TRAPS.keys())
def test_what_yaml_makes_of_a_word_is_no_text(right, trap):
    assert right in YAML
    with pytest.raises(ValidationError):
        read_form(read_yaml(YAML.replace(right, trap, 1)))


def test_a_name_that_stands_twice_is_refused_with_its_line():
    with pytest.raises(ValueError, match="line 4: key stands twice"):
        read_yaml(YAML.replace("version", "key: u\nversion", 1))


def test_nothing_but_plain_data_is_read():
    with pytest.raises(yaml.YAMLError):
        read_yaml("!!python/object/apply:os.getcwd []")


# --- Conditions ---

SHOWN = [
    ({"q": "one", "op": "eq", "value": "a"}, {"one": "a"}, True),
    ({"q": "one", "op": "eq", "value": "a"}, {"one": "b"}, False),
    ({"q": "one", "op": "eq", "value": "a"}, {}, False),
    ({"q": "one", "op": "ne", "value": "a"}, {"one": "b"}, True),
    ({"q": "one", "op": "in", "value": ["a", "b"]}, {"one": "b"}, True),
    ({"q": "one", "op": "in", "value": ["a"]}, {"one": None}, False),
    ({"q": "one", "op": "truthy"}, {"one": "x"}, True),
    ({"q": "one", "op": "truthy"}, {"one": ""}, False),
    ({"q": "one", "op": "empty"}, {}, True),
    ({"not": {"q": "one", "op": "empty"}}, {"one": "x"}, True),
    ({"all": [{"q": "one", "op": "truthy"}, {"q": "one", "op": "eq", "value": "a"}]}, {"one": "b"}, False),
    ({"any": [{"q": "one", "op": "empty"}, {"q": "one", "op": "eq", "value": "a"}]}, {"one": "a"}, True),
]


@pytest.mark.parametrize(("condition", "answers", "holds"), SHOWN)
def test_a_condition_holds(condition, answers, holds):
    asked = form(question(type="choice", options=OPTIONS), question("two", show_if=condition))
    assert read_form(asked).question("two").show_if.holds(answers) is holds


def test_reading_changes_nothing_in_what_was_given():
    given = form(question())
    before = copy.deepcopy(given)
    read_form(given)
    assert given == before
