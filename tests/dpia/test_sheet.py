"""What stands in a DPIA: answers, facts with their source, what follows, and what is still missing."""

from __future__ import annotations

from typing import Any

import pytest

from dpia import actions
from dpia.models import Answer
from dpia.sheet import Sheet
from station.contract.canonical import digest
from tests.dpia.people import RISK, Cast


@pytest.fixture
def assessment(at):
    return at("draft")


def answer(cast: Cast, assessment: Any, question: str, value: Any, key: str | None = None) -> None:
    actions.answer(
        assessment=assessment, question=question, value=value, by=cast.person(key or "alfa", "drafter"),
        organisation=cast.world.organisations[key] if key else None,
    )  # fmt: skip


def source(sheet: Sheet, question: str) -> str:
    return next(a["source"] for a in sheet.frozen()["answers"] if a["question"] == question)


def test_facts_fill_answers_and_say_where_they_come_from(assessment):
    sheet = Sheet(assessment)
    assert sheet.values()["parties"][0] == {
        "partner": "Alfa", "capacity": "joint_controller",
        "party_roles": ["input_party", "computing_party", "result_party"],
    }  # fmt: skip
    assert source(sheet, "parties") == "fact:parties"
    assert assessment.facts.specification_sha256 in sheet.values()["specification"]["en"]


def test_a_proposal_stands_until_somebody_answers(cast, assessment):
    assert source(Sheet(assessment), "purpose") == "fact:purpose"
    answer(cast, assessment, "purpose", "For help, and for nothing else")
    sheet = Sheet(assessment)
    assert (source(sheet, "purpose"), sheet.values()["purpose"]) == ("answered", "For help, and for nothing else")


def test_what_comes_from_the_specification_cannot_be_typed(assessment, drafter):
    Answer.objects.create(assessment=assessment, question="parties", value=[{"partner": "Nobody"}], by=drafter)
    assert Sheet(assessment).values()["parties"][0]["partner"] == "Alfa"


def test_the_level_of_a_risk_follows_from_its_row(assessment):
    row = Sheet(assessment).values()["risks"][0]
    assert (row["level_before"], row["level_after"]) == ("high", "low")
    assert Sheet(assessment).values()["risk_before"] == "high"


def test_a_question_comes_up_when_its_condition_holds(cast, assessment):
    assert "rights_exception" not in Sheet(assessment).values()
    answer(cast, assessment, "rights", ["privacy_statement", "exception"])
    sheet = Sheet(assessment)
    assert "rights_exception" in sheet.values()
    assert [(one.question.id, one.reason.code) for one in sheet.open()] == [
        ("rights_exception", "assessment.unanswered")
    ]


def test_a_question_that_is_hidden_again_keeps_its_answer_and_counts_for_nothing(cast, assessment):
    answer(cast, assessment, "rights", ["exception"])
    answer(cast, assessment, "rights_exception", "The law says so")
    answer(cast, assessment, "rights", ["contact_point"])
    assert "rights_exception" not in Sheet(assessment).values()
    assert "rights_exception" not in [a["question"] for a in Sheet(assessment).frozen()["answers"]]
    answer(cast, assessment, "rights", ["exception"])
    assert Sheet(assessment).values()["rights_exception"] == "The law says so"


def test_a_risk_that_remains_asks_why_it_is_acceptable(cast, assessment):
    answer(cast, assessment, "risks", [{**RISK, "likelihood_after": "medium"}])
    assert [one.question.id for one in Sheet(assessment).open()] == ["residual"]


def test_half_a_row_is_open_with_its_place(cast, assessment):
    answer(cast, assessment, "risks", [RISK, {**RISK, "measure": ""}])
    (left,) = Sheet(assessment).open()
    assert (left.reason.code, left.reason.facts["row"], left.reason.facts["column_en"]) == ("answer.cell", 2, "Measure")


def test_each_controller_answers_for_itself(cast, assessment):
    answer(cast, assessment, "own_task", "Our own task", "beta")
    organisations = cast.world.organisations
    sheet = Sheet(assessment)
    assert sheet.values(organisations["beta"])["own_task"] == "Our own task"
    assert sheet.values(organisations["gamma"])["own_task"] != "Our own task"
    assert sheet.values()["own_task"] is None
    answer(cast, assessment, "own_task", "", "gamma")
    (left,) = Sheet(assessment).open()
    assert (left.organisation, left.reason.code) == (organisations["gamma"], "assessment.unanswered_by")


def test_what_is_frozen_is_canonical_and_holds_every_answer_once(assessment):
    frozen = Sheet(assessment).frozen()
    keys = [(a["question"], a["organisation"]) for a in frozen["answers"]]
    assert len(keys) == len(set(keys))
    assert {organisation for question, organisation in keys if question == "own_task"} == {"alfa", "beta", "gamma"}
    assert frozen["specification_sha256"] == assessment.facts.specification_sha256
    assert digest(frozen) == digest(Sheet(assessment).frozen())


def test_a_sheet_costs_two_queries(assessment, django_assert_num_queries):
    assert assessment.template and assessment.facts
    with django_assert_num_queries(2):
        sheet = Sheet(assessment)
        list(sheet.open())
        sheet.frozen()
        [sheet.values(one) for one in sheet.controllers]
