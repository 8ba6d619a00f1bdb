"""The pre-scan: every rule can be met by options that exist, and what was found is kept with its reasons."""

from __future__ import annotations

import copy

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from collaborations.facts import facts_document
from collaborations.models import UseCase
from dpia import actions
from dpia.models import PreScan
from dpia.prescan import PRESCANS, PreScanForm, given, judge, shipped, suggested
from dpia.template_file import read_yaml
from tests.dpia.pages import text
from tests.dpia.people import refused

FORM = shipped()
NOTHING = {"personal": True, "new_law": False, "article_35": [], "authority_list": [], "criteria": ["none"],
           "outside_eea": False, "algorithm": "no", "high_risk_ai": False}  # fmt: skip
RULES = {
    0: {"personal": False}, 1: {"new_law": True}, 2: {"article_35": ["evaluation"]}, 3: {"authority_list": ["fraud"]},
    4: {"criteria": ["scoring", "blocks"]}, 5: {"criteria": ["new_technique"]}, 6: {},
}  # fmt: skip
DUTIES = {
    "dtia": [{"outside_eea": True}],
    "fria": [{"algorithm": "selects"}, {"algorithm": "decides"}, {"high_risk_ai": True},
             {"authority_list": ["profiling"]}],
    "algorithm_register": [{"algorithm": "selects"}, {"algorithm": "decides"}],
}  # fmt: skip


def test_every_rule_and_duty_is_tested_here():
    assert set(RULES) == set(range(len(FORM.outcomes)))
    assert set(DUTIES) == {duty.key for duty in FORM.duties}


@pytest.mark.parametrize(("number", "answers"), RULES.items())
def test_each_rule_is_met_by_stored_options_and_decides(number, answers):
    found = judge(FORM, NOTHING | answers)
    rule = FORM.outcomes[number]
    assert rule in found.reasons
    assert found.result == rule.result


@pytest.mark.parametrize(("key", "answers"), [(key, one) for key, many in DUTIES.items() for one in many])
def test_each_duty_follows_from_each_of_its_answers(key, answers):
    assert key in {duty.key for duty in judge(FORM, NOTHING | answers).duties}
    assert key not in {duty.key for duty in judge(FORM, NOTHING).duties}


@pytest.mark.parametrize("question", ["article_35", "authority_list"])
def test_every_single_option_of_these_lists_asks_for_a_dpia(question):
    for option in FORM.known[question].options:
        assert judge(FORM, NOTHING | {question: [option.key]}).result == "required"


def test_every_two_criteria_ask_for_a_dpia_and_every_single_one_for_the_dpo():
    keys = [option.key for option in FORM.known["criteria"].options if option.key != "none"]
    for one in keys:
        assert judge(FORM, NOTHING | {"criteria": [one]}).result == "dpo_decides"
        for two in keys:
            if one != two:
                assert judge(FORM, NOTHING | {"criteria": [one, two]}).result == "required"


def test_when_no_rule_applies_the_dpo_decides():
    assert judge(FORM, NOTHING | {"criteria": []}).result == "dpo_decides"


WRONG = [
    lambda data: data["outcomes"][1]["when"].update(q="weather"),
    lambda data: data["outcomes"][1]["when"].update(value="true"),
    lambda data: data["duties"][0]["when"].update(op="contains"),
    lambda data: data["suggests"][0].update(add="sunshine"),
    lambda data: data["suggests"][0].update(when="weather"),
    lambda data: data["outcomes"][1].update(result="maybe"),
    lambda data: data["title"].pop("en"),
]


@pytest.mark.parametrize("spoil", WRONG, ids=range(len(WRONG)))
def test_a_rule_that_could_never_be_true_is_refused(spoil):
    data = copy.deepcopy(read_yaml((PRESCANS / "nl-prescan.yaml").read_text("utf-8")))
    PreScanForm.model_validate(data)
    spoil(data)
    with pytest.raises(ValueError):
        PreScanForm.model_validate(data)


@pytest.fixture
def use_case(cast):
    return UseCase.objects.get(assessment=cast.assessment)


@pytest.fixture
def facts(use_case):
    return facts_document(use_case)


ANSWERS = {"new_law": False, "article_35": [], "authority_list": [], "criteria": ["combining", "new_technique"],
           "outside_eea": True, "algorithm": "no", "high_risk_ai": False}  # fmt: skip


def fill_in(use_case, facts, by, **changes):
    answers = ANSWERS | changes.pop("answers", {})
    return actions.prescan(
        context=use_case, facts=facts, answers=answers, organisation=use_case.proposer, by=by, **changes
    )


def test_what_the_facts_speak_for_is_ticked(facts):
    assert given(FORM, facts) == {"personal": True}
    assert {"combining", "new_technique"} <= set(suggested(FORM, facts)["criteria"])


def test_it_is_kept_with_reasons_and_duties_and_never_changed(use_case, facts, drafter):
    row = fill_in(use_case, facts, drafter, text="We looked")
    assert row.result == "required"
    assert row.found["reasons"][0]["because"]["en"].startswith("Two or more")
    assert [duty["key"] for duty in row.found["duties"]] == ["dtia"]
    row.text = "Something else"
    with transaction.atomic(), pytest.raises(DatabaseError):
        row.save()


def test_leaving_out_what_the_facts_speak_for_needs_a_reason(use_case, facts, drafter):
    only = {"criteria": ["new_technique"]}
    with refused("prescan.explain"):
        fill_in(use_case, facts, drafter, answers=only)
    row = fill_in(use_case, facts, drafter, answers=only, text="The lists are of one kind")
    assert row.result == "dpo_decides"
    assert "data of different sources are put together" in [one["en"] for one in row.found["left_out"]]


@pytest.mark.parametrize(("answers", "code"), [
    ({"criteria": ["none", "scoring"]}, "prescan.none_and_more"), ({"criteria": []}, "assessment.unanswered"),
    ({"algorithm": "perhaps"}, "answer.form"), ({"new_law": ""}, "assessment.unanswered"),
])  # fmt: skip
def test_what_cannot_be_judged_is_refused(use_case, facts, drafter, answers, code):
    with refused(code):
        fill_in(use_case, facts, drafter, answers=answers, text="x")
    assert not PreScan.objects.exists()


def test_the_dpo_decides_once_and_only_where_it_is_left_open(use_case, facts, drafter, person):
    dpo = person("alfa", "dpo")
    with refused("prescan.no_decision"):
        actions.decide_prescan(prescan=fill_in(use_case, facts, drafter, text="x"), needed=True, reasons="x", by=dpo)
    row = fill_in(use_case, facts, drafter, answers={"criteria": ["new_technique"]}, text="x")
    with refused("reason.needed"):
        actions.decide_prescan(prescan=row, needed=True, reasons=" ", by=dpo)
    actions.decide_prescan(prescan=row, needed=True, reasons="It is new", by=dpo)
    with refused("prescan.decided"):
        actions.decide_prescan(prescan=row, needed=False, reasons="No", by=dpo)


def test_from_the_page_to_the_decision(use_case, pages):
    url = reverse("collaborations:prescan", args=[use_case.pk])
    pages.login("alfa", "drafter")
    assert "No pre-scan was made yet" in text(pages.client.get(url))
    opened = text(pages.client.get(f"{url}new/"))
    assert opened.count("checked") >= 2
    posted = {"new_law": "no", "criteria": ["new_technique"], "outside_eea": "no", "algorithm": "no",
              "high_risk_ai": "no"}  # fmt: skip
    answer = pages.client.post(f"{url}new/", posted)
    assert "speak for" in text(answer)
    assert pages.client.post(f"{url}new/", posted | {"text": "One list in the end"}).status_code == 302
    row = PreScan.objects.get()
    pages.login("alfa", "dpo")
    assert "Decide whether a DPIA is needed" in text(pages.client.get(url))
    decided = {"needed": "yes", "reasons": "The technique is new here"}
    assert pages.client.post(f"{url}{row.pk}/decide/", decided).status_code == 302
    assert "The technique is new here" in text(pages.client.get(url))
