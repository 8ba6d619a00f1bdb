"""What may happen after the decision: doubt, the DPO's stop, a new round, the end."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Mandate
from dpia import actions
from dpia.models import Assessment
from tests.dpia.people import again, refused


@pytest.mark.parametrize("state", ["adopted", "under_review"])
def test_a_dpo_stops_it_with_one_action_and_a_reason(cast, at, state):
    assessment = at(state)
    with refused("reason.needed"):
        actions.suspend(
            assessment=assessment, organisation=cast.world.organisations["gamma"], reason=" ",
            by=cast.person("gamma", "dpo"),
        )  # fmt: skip
    cast.suspend(assessment, "gamma")
    after = again(assessment)
    assert (after.state, after.suspended_by.slug, after.suspended_from) == ("suspended", "gamma", state)


@pytest.mark.parametrize("state", ["adopted", "under_review"])
def test_lifting_it_leads_back_to_where_it_was(cast, at, person, state):
    assessment = at(state)
    cast.suspend(assessment)
    actions.resume(assessment=assessment, reason="Mended", by=person("beta", "dpo"))
    after = again(assessment)
    assert (after.state, after.suspended_by, after.suspended_from) == (state, None, "")


def test_only_the_organisation_that_stopped_it_lifts_that(at, person):
    with pytest.raises(PermissionDenied):
        actions.resume(assessment=at("suspended"), reason="Mended", by=person("alfa", "dpo"))


@pytest.mark.parametrize("role", ["drafter", "privacy_officer", "mandated_manager", "nobody"])
def test_only_a_dpo_stops_it(cast, at, person, role):
    with pytest.raises(PermissionDenied):
        actions.suspend(
            assessment=at("adopted"), organisation=cast.world.organisations["alfa"], reason="x", by=person("alfa", role)
        )


@pytest.mark.parametrize("state", ["draft", "privacy_review", "adoption", "suspended", "withdrawn"])
def test_what_does_not_count_is_not_suspended(cast, at, state):
    assessment = at(state)
    with refused("lifecycle.state"):
        cast.suspend(assessment, "gamma")


def test_what_is_not_suspended_is_not_resumed(at, person):
    with refused("lifecycle.state"):
        actions.resume(assessment=at("adopted"), reason="x", by=person("beta", "dpo"))


def test_doubt_is_settled_by_the_manager_of_who_doubted(at, person):
    assessment = at("under_review")
    assert assessment.doubted_by.slug == "beta"
    with pytest.raises(PermissionDenied):
        actions.confirm(assessment=assessment, reason="It holds", by=person("alfa", "mandated_manager"))
    actions.confirm(assessment=assessment, reason="It holds", by=person("beta", "mandated_manager"))
    assert (again(assessment).state, again(assessment).doubted_by) == ("adopted", None)


def test_confirming_takes_a_mandate(at, person):
    assessment = at("under_review")
    Mandate.objects.filter(holder=person("beta", "mandated_manager")).update(withdrawn_on=timezone.localdate())
    with refused("mandate.none"):
        actions.confirm(assessment=assessment, reason="It holds", by=person("beta", "mandated_manager"))


@pytest.mark.parametrize("role", ["drafter", "dpo"])
def test_a_drafter_or_a_dpo_calls_it_into_question(cast, at, person, role):
    assessment = at("adopted")
    organisation = cast.world.organisations["gamma"]
    actions.reconsider(assessment=assessment, organisation=organisation, reason="New law", by=person("gamma", role))
    assert again(assessment).state == "under_review"


@pytest.mark.parametrize("state", ["adopted", "under_review", "suspended", "withdrawn"])
def test_a_new_round_from_every_decided_state(at, drafter, state):
    assessment = at(state)
    actions.reopen(assessment=assessment, reason="Something changed", by=drafter)
    after = again(assessment)
    assert (after.state, after.round, after.suspended_by, after.doubted_by) == ("draft", 2, None, None)


def test_what_is_under_way_is_not_reopened(at, drafter):
    with refused("lifecycle.state"):
        actions.reopen(assessment=at("response"), reason="x", by=drafter)


@pytest.mark.parametrize("state", ["draft", "privacy_review", "adoption", "adopted", "suspended"])
def test_the_coordinators_drafter_withdraws_it(at, drafter, state):
    assessment = at(state)
    actions.withdraw(assessment=assessment, reason="Not needed", by=drafter)
    assert again(assessment).state == "withdrawn"


@pytest.mark.parametrize(("key", "role"), [("beta", "drafter"), ("alfa", "dpo"), ("alfa", "innovation_manager")])
def test_nobody_else_withdraws_it(at, person, key, role):
    with pytest.raises(PermissionDenied):
        actions.withdraw(assessment=at("draft"), reason="x", by=person(key, role))


@pytest.mark.parametrize("step", ["reopen", "withdraw"])
def test_each_of_these_says_why(at, drafter, step):
    with refused("reason.needed"):
        getattr(actions, step)(assessment=at("adopted"), reason="", by=drafter)
    assert Assessment.objects.get().state == "adopted"
