"""Facts that change under a DPIA."""

from __future__ import annotations

import copy

import pytest

import audit
from audit.models import Event
from dpia import actions
from dpia.sheet import Sheet
from station.contract.canonical import digest
from tests.dpia.people import again, refused

UNDERWAY = ("privacy_review", "dpo_advice", "response", "prior_consultation", "adoption", "adopted", "under_review",
            "suspended")  # fmt: skip


@pytest.fixture
def facts(cast):
    """The same facts with a lower threshold, so another specification."""
    changed = copy.deepcopy(cast.assessment.facts.data)
    changed["specification"]["disclosure"]["k"] = 12
    changed["specification_sha256"] = digest(changed["specification"])
    changed["specification_version"] = 2
    return changed


@pytest.mark.parametrize("state", UNDERWAY)
def test_another_specification_makes_it_a_draft_again(at, facts, state):
    assessment = at(state)
    actions.bind_facts(assessment=assessment, facts=facts, by=audit.SYSTEM)
    after = again(assessment)
    assert (after.state, after.round, after.suspended_by, after.doubted_by) == ("draft", 2, None, None)
    assert after.facts.specification_sha256 == facts["specification_sha256"]
    assert Sheet(after).values()["outputs"][0]["threshold"] == "12"


def test_the_event_says_which_specification_and_what_changed(at, facts):
    assessment = at("adopted")
    actions.bind_facts(assessment=assessment, facts=facts, by=audit.SYSTEM)
    event = Event.objects.about(assessment).first()
    assert event.type == "assessment.facts_changed"
    assert event.facts["sha256"] == facts["specification_sha256"]
    assert (event.facts["specification"], event.facts["version"]) == (2, 2)
    assert set(event.facts["questions"]) == {"specification", "outputs"}


def test_what_was_adopted_stays_with_its_version(at, facts):
    assessment = at("adopted")
    before = assessment.current_version
    actions.bind_facts(assessment=assessment, facts=facts, by=audit.SYSTEM)
    after = again(assessment).current_version
    assert (after, after.data, after.adoptions.count()) == (before, before.data, 3)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_draft_follows_and_a_withdrawn_one_does_when_it_is_reopened(at, facts, drafter, state):
    assessment = at(state)
    actions.bind_facts(assessment=assessment, facts=facts, by=audit.SYSTEM)
    assert again(assessment).state == state
    if state == "withdrawn":
        actions.reopen(assessment=assessment, reason="Go on", by=drafter)
    assert again(assessment).facts.specification_sha256 == facts["specification_sha256"]


def test_the_same_facts_change_nothing(at):
    assessment = at("adopted")
    count = Event.objects.count()
    actions.bind_facts(assessment=assessment, facts=copy.deepcopy(assessment.facts.data), by=audit.SYSTEM)
    assert (again(assessment).state, Event.objects.count()) == ("adopted", count)


def test_controllers_follow_from_the_specification_and_what_was_said_stays(at, cast, facts):
    assessment = at("adopted")
    facts["parties"] = [p | {"capacity": "processor"} if p["organisation"] == "gamma" else p for p in facts["parties"]]
    actions.bind_facts(assessment=assessment, facts=facts, by=audit.SYSTEM)
    assert [row.organisation.slug for row in assessment.controllers.all()] == ["alfa", "beta"]
    assert again(assessment).current_version.adoptions.count() == 3
    at("adopted")  # with two


def test_the_coordinator_is_always_a_controller(at, facts):
    facts["parties"] = [p | {"capacity": "processor"} if p["organisation"] == "alfa" else p for p in facts["parties"]]
    assessment = at("dpo_advice")
    actions.bind_facts(assessment=assessment, facts=facts, by=audit.SYSTEM)
    assert again(assessment).coordinator.slug == "beta"


def test_somebody_must_be_a_controller(at, facts):
    facts["parties"] = [p | {"capacity": "processor"} for p in facts["parties"]]
    with refused("specification.no_controller"):
        actions.bind_facts(assessment=at("draft"), facts=facts, by=audit.SYSTEM)
