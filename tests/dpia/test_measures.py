"""Measures: which risks they lower, and what the platform verifies of them while the specification changes."""

from __future__ import annotations

import copy

import pytest
from django.utils.translation import override

from dpia import actions, report
from dpia.checking import checked
from dpia.checks import CHECKS, FUNCTIONS
from dpia.documents import form_of
from dpia.measures import verified
from dpia.models import Assessment
from dpia.sheet import Sheet
from tests.dpia.full import OWN, THRESHOLD, TRAINING, changed_facts
from tests.dpia.pages import Pages, text
from tests.dpia.people import Cast, again, refused


@pytest.fixture
def cast(full_once: Cast, db: None) -> Cast:
    return full_once


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return again(cast.assessment)


def answer(assessment: Assessment, cast: Cast, *rows: dict) -> Assessment:
    actions.answer(assessment=assessment, question="measures", value=list(rows), by=cast.person("alfa", "drafter"))
    return again(assessment)


def states(assessment: Assessment) -> list[str]:
    return [one.state for one in verified(Sheet(assessment))]


MANY = {
    "smallest_group": {"disclosure": {"k": 3}}, "rest_of_group": {"disclosure": {"k": 10, "two_sided": False}},
    "rounding": {"disclosure": {"k": 10, "rounding_base": 0}}, "runs_at_most": {"schedule": {"slots": 99}},
    "window_at_most": {"schedule": {"end": "2099-01-01"}},
    "kept_at_most": {"retention": [{"artefact": {"nl": "a", "en": "a"}, "holder": "alfa", "days": 9999}]},
    "no_persons_in_outcome": {"outputs": {"kind": "record_list"}},
    "not_on_platform": {"outputs": {"shown_on_platform": True}}, "checked_by_another": {"outputs": {"checker": "alfa"}},
    "recipients_at_most": {"outputs": {"recipients": ["alfa", "beta", "gamma", "delta"]}},
    "computing_parties": {"parties": []},
    "numbers_only_link": {"columns": {"data_class": "national_id", "use": "group"}},
    "no_special_data": {"columns": {"data_class": "special"}},
    "bases_outlast_window": {"schedule": {"end": "2099-01-01"}},
}  # fmt: skip
SOUND = {
    "disclosure": {"k": 10, "two_sided": True, "rounding_base": 5}, "schedule": {"slots": 2},
    "retention": [{"artefact": {"nl": "a", "en": "a"}, "holder": "alfa", "days": 30}],
    "outputs": {"kind": "aggregate_table", "shown_on_platform": False, "checker": "beta", "recipients": ["alfa"]},
}  # fmt: skip


def with_(facts: dict, change: dict) -> dict:
    """The facts with these parts of the specification put in, in every output or column where it is about those."""
    made = copy.deepcopy(facts)
    spec = made["specification"]
    for name, value in change.items():
        if name == "parties":
            made["parties"] = value
        elif name == "columns":
            spec["inputs"][0]["columns"][0] |= value
        elif name == "outputs":
            spec["outputs"] = [one | value for one in spec["outputs"]]
        else:
            spec[name] = spec[name] | value if isinstance(value, dict) else value
    return made


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_holds_and_stops_holding_with_a_reason_in_both_languages(assessment, name):
    bases = [{"law_id": "Law", "article": "1", "valid_to": "2098-01-01"}]
    sound = with_(assessment.facts.data, SOUND) | {"bases": bases}
    check = CHECKS[name]
    holds, because = check.outcome(sound, None)
    fails, why = check.outcome(with_(sound, MANY[name]), None)
    assert (holds, fails) == (True, False), (because, why)
    assert because.keys() == why.keys() == {"nl", "en"} and because["nl"] != why["nl"]
    assert "{" not in " ".join([*because.values(), *why.values()])


def test_every_check_has_words_and_every_word_a_function():
    assert CHECKS.keys() == FUNCTIONS.keys() == MANY.keys()


def test_a_measure_that_holds_turns_red_when_the_specification_changes_and_cannot_be_handed_over(assessment, cast):
    drafter = cast.person("alfa", "drafter")
    assert states(assessment) == ["holds"]
    actions.submit(assessment=assessment, by=drafter)
    facts = changed_facts(assessment, disclosure={"k": 5, "two_sided": True, "rounding_base": 0})
    actions.bind_facts(assessment=assessment, facts=facts, by=cast.person("alfa", "innovation_manager"))
    changed = again(assessment)
    assert (changed.state, states(changed)) == ("draft", ["fails"])
    with refused("assessment.measure_fails") as refusal:
        actions.submit(assessment=changed, by=drafter)
    assert "5 people, which is less than 10" in refusal.value.reasons[0].text("en")
    lower = answer(changed, cast, THRESHOLD | {"bound": "5"}, TRAINING)
    assert states(lower) == ["holds"]
    actions.submit(assessment=lower, by=drafter)
    assert again(lower).state == "privacy_review"


def test_nothing_is_put_up_for_adoption_while_a_measure_is_contradicted(assessment, cast):
    actions.submit(assessment=assessment, by=cast.person("alfa", "drafter"))
    cast.review(assessment)
    cast.advise(assessment)
    answer(assessment, cast, THRESHOLD | {"bound": "500"}, TRAINING)
    with refused("assessment.material_changed", "assessment.measure_fails"):
        cast.propose(again(assessment))


def test_what_is_planned_is_not_yet_so_and_stops_nothing(assessment, cast):
    planned = answer(assessment, cast, THRESHOLD | {"bound": "500", "state": "planned"})
    assert states(planned) == ["not_yet"]
    actions.submit(assessment=planned, by=cast.person("alfa", "drafter"))
    rejected = THRESHOLD | {"bound": "500", "state": "rejected"}
    cast_back = again(planned)
    actions.send_back(assessment=cast_back, organisation=cast.world.organisations["alfa"], reason="x",
                      by=cast.person("alfa", "drafter"))  # fmt: skip
    assert states(answer(again(planned), cast, rejected)) == []


def test_what_the_platform_enforces_names_how_that_is_verified(assessment, cast):
    unnamed = answer(assessment, cast, THRESHOLD | {"check": ""})
    with refused("answer.check"):
        actions.submit(assessment=unnamed, by=cast.person("alfa", "drafter"))


def test_a_measure_lowers_several_risks_and_one_that_is_gone_is_told(assessment, cast):
    measures = Sheet(assessment).form.question("measures")
    assert checked(measures, OWN["measures"])[1]["risk"] == ["small", "creep"]
    assert checked(measures, [THRESHOLD | {"risk": "creep"}])[0]["risk"] == ["creep"]  # as an earlier version kept it
    with refused("answer.form"):
        checked(measures, [THRESHOLD | {"risk": ["nothing"]}])
    gone = [OWN["risks"][0]]
    actions.answer(assessment=assessment, question="risks", value=gone, by=cast.person("alfa", "drafter"))
    with refused("answer.cell"):
        actions.submit(assessment=again(assessment), by=cast.person("alfa", "drafter"))


@override("en")
def test_a_frozen_version_and_its_document_say_what_was_found_then(assessment, cast):
    actions.submit(assessment=assessment, by=cast.person("alfa", "drafter"))
    version = again(assessment).current_version
    row = next(one for one in version.data["answers"] if one["question"] == "measures")["value"][0]
    assert row["enforced"]["state"] == "holds" and "10" in row["enforced"]["because"]["nl"]
    page = report.html(again(assessment), "full", "en", version)
    assert "Holds. The smallest group is 10 people; at least 10 is asked." in page
    assert "1. A small group, 2. Another use" in page
    assert form_of(version).ground.matrix.key == "nicpet"


def test_the_pages_show_green_and_red_with_the_reason(assessment, cast, client):
    pages = Pages(client, cast)
    point = text(pages.get("alfa", "drafter", "point", "p17"))
    assert "Holds" in point and "The smallest group is 10 people; at least 10 is asked." in point
    assert "The smallest group is 10 people" in text(pages.get("beta", "dpo"))
    answer(assessment, cast, THRESHOLD | {"bound": "11"})
    overview = text(pages.get("beta", "dpo"))
    assert "Does not hold" in overview and "which is less than 11" in overview


def test_ticks_of_a_row_come_and_go_with_the_form(assessment, cast, client):
    pages = Pages(client, cast)
    opened = pages.opened("alfa", "drafter", "p17")
    assert opened["measures-1-risk"] == ["small", "creep"]
    changes = {"measures-1-risk": ["creep"], "measures-0-risk": ["small", "creep"]}
    assert pages.save("alfa", "drafter", "p17", opened | changes).status_code == 302
    assert [row["risk"] for row in pages.value("measures")] == [["small", "creep"], ["creep"]]
    less = pages.save("alfa", "drafter", "p17", pages.opened("alfa", "drafter", "p17"), remove_row="measures:0")
    assert less.status_code == 200 and 'value="creep" checked' in text(less)
    assert [row["risk"] for row in pages.value("measures")] == [["small", "creep"], ["creep"]]  # not saved yet
