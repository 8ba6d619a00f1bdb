"""The joint DPIA of 17 points: what the platform fills in, and that the worked example answers all of it."""

from datetime import date

import pytest

from demo import examples
from demo.dossier import Dossier
from dpia.checking import checked, empty, open_cells
from dpia.computed import OF_FORM
from dpia.facts import FACTS, SOURCES
from dpia.pointing import with_options
from dpia.reading import EMPTY, shown
from dpia.sheet import facts_of, with_computed_cells
from dpia.template import from_file
from station import analyses
from station.analyses import techniques
from station.contract.canonical import canonical, digest

FORM = from_file("nl-dpia-pet")
OF_OTHERS = {"summary", "legal_bases", "regimes", "secrecy", "further_use"}
"""Facts about the use case's text and the register; all others come from the computation."""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    spec = examples.get("kvk").plan(tmp_path_factory.mktemp("kvk"), date(2026, 11, 24)).specification
    analysis, document = analyses.get(spec.analysis), spec.document()
    basis = {
        "organisation": "kvk", "row": 1, "data_category": "x", "operation": "contribute", "regime": "gdpr",
        "ground": "6.1.e", "law_id": "Law", "article": "1", "valid_to": "2027-01-01", "purpose": "Help",
        "collected_for": "The register", "secrecy": "applies", "secrecy_provision": "Law 2", "secrecy_lifted_by": "3",
    }  # fmt: skip
    return {
        "specification": document, "specification_sha256": digest(document), "specification_version": 1,
        "use_case": {"summary": "A summary"}, "bases": [basis],
        "parties": [{**party.model_dump(mode="json"), "kind": "public"} for party in spec.parties],
        "leakage": [
            {"what": x.what.model_dump(), "to_whom": list(x.to_whom), "phase": x.phase.model_dump(),
             "bound": x.bound.model_dump()}
            for x in analysis.leakage(spec)
        ],
        "technique": {
            "title": analysis.title.model_dump(), "summary": analysis.summary.model_dump(),
            "assumptions": analysis.assumptions.model_dump(), "program": analysis.program, "engine": spec.engine,
            "properties": [
                {"what": x.what.model_dump(), "value": x.value.model_dump(), "assumes": x.assumes.model_dump()}
                for x in techniques.of(spec.engine)
            ],
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def answers():
    return Dossier("kvk")["answers"]


def test_it_has_the_seventeen_points_in_the_official_order():
    assert [point.number for point in FORM.points()] == [str(number) for number in range(1, 18)]


def test_twenty_six_answers_come_from_the_computation_and_nobody_types_them():
    filled = [question.autofill for question in FORM.questions() if question.autofill]
    of_computation = [one for one in filled if one.fact not in OF_OTHERS]
    assert len({one.fact for one in of_computation}) == 26
    assert {one.fact for one in of_computation if one.mode != "locked"} == {"purpose"}


def test_every_fact_says_where_it_comes_from():
    assert set(SOURCES) <= set(FACTS)


def test_every_fact_fills_its_question_for_the_worked_example(facts):
    found = facts_of(FORM, facts)
    assert [key for key, value in found.items() if value in (None, "", [], {})] == []
    canonical(found)  # can be hashed: no floats, nothing of our own
    for question in FORM.questions():
        if question.id in found:
            assert shown(question, found[question.id]) != EMPTY


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_fact_reads_a_document_from_before_it_existed(facts, fact):
    older = {key: value for key, value in facts.items() if key != "technique"}
    canonical({"value": FACTS[fact](older)})


def test_a_changed_specification_changes_the_answers_that_follow_from_it(facts):
    changed = {**facts["specification"], "disclosure": {"k": 30, "two_sided": False, "rounding_base": 5}}
    before, now = facts_of(FORM, facts), facts_of(FORM, {**facts, "specification": changed})
    assert {key for key in before if before[key] != now[key]} == {"outputs", "disclosure"}


def test_the_dossier_of_the_worked_example_answers_every_question(facts, answers):
    form = with_options(FORM, facts, answers)
    known = facts_of(form, facts)
    values, left = dict(known), []
    for question in form.in_order:
        if question.show_if is not None and not question.show_if.holds(values):
            values.pop(question.id, None)
            continue
        if question.computed:
            values[question.id] = OF_FORM[question.computed].function(values)
        elif not question.locked and question.id in answers:
            values[question.id] = with_computed_cells(question, checked(question, answers[question.id]))
        if question.required and empty(values.get(question.id)):
            left.append(question.id)
        left += [reason.facts["column"] for reason in open_cells(question, values.get(question.id))
                 if not question.locked]  # fmt: skip
    assert set(left) <= {"context", "purpose", "own_task", "necessity", "rights"}
    assert values["risk_after"] == "low"


def test_the_dossier_answers_nothing_that_is_not_asked(answers):
    of_core = {question.id for question in from_file("nl-dpia-pet-core").questions()}
    assert set(answers) <= {question.id for question in FORM.questions()} | of_core
