"""Four eyes: in one DPIA a person plays one part, for one organisation."""

from __future__ import annotations

import pytest

from accounts import roles
from accounts.models import Mandate, Membership
from dpia import actions
from dpia.chances import chances
from dpia.models import Part
from tests.dpia.people import again, refused


@pytest.fixture
def many(cast):
    """Somebody who holds every role at alfa, and may draft at beta."""
    user = cast.person("alfa", "nobody")
    own = Membership.objects.get(user=user)
    for role in ("drafter", "privacy_officer", "dpo", "mandated_manager"):
        roles.grant(own, role)
    roles.grant(Membership.objects.create(user=user, organisation=cast.world.organisations["beta"]), "drafter")
    return user


def test_who_drafted_reviews_advises_and_adopts_nothing(cast, at, many):
    assessment, alfa = at("draft"), cast.world.organisations["alfa"]
    actions.answer(assessment=assessment, question="context", value="Mine", by=many)
    cast.submit(assessment)
    with refused("four_eyes.other_part"):
        actions.review(assessment=assessment, organisation=alfa, verdict="positive", by=many)
    cast.review(assessment)
    with refused("four_eyes.other_part"):
        actions.advise(assessment=assessment, organisation=alfa, verdict="positive", by=many)
    cast.advise(assessment)
    cast.propose(assessment)
    Mandate.objects.filter(holder=cast.person("alfa", "mandated_manager")).update(holder=many)
    with refused("four_eyes.other_part"):
        actions.adopt(assessment=assessment, organisation=alfa, by=many)


def test_who_advised_drafts_nothing_afterwards(cast, at, many):
    assessment = at("dpo_advice")
    actions.advise(
        assessment=assessment, organisation=cast.world.organisations["alfa"], verdict="negative", items=["x"], by=many
    )
    with refused("lifecycle.state"):
        actions.answer(assessment=assessment, question="context", value="Mine", by=many)
    actions.send_back(
        assessment=assessment, organisation=cast.world.organisations["alfa"], reason="As the DPO", by=many
    )
    with refused("four_eyes.other_part"):
        actions.answer(assessment=assessment, question="context", value="Mine", by=many)


def test_nobody_acts_for_two_controllers(cast, at, many):
    assessment, beta = at("draft"), cast.world.organisations["beta"]
    actions.answer(assessment=assessment, question="own_task", value="x", organisation=beta, by=many)
    with refused("four_eyes.two_controllers"):
        actions.answer(
            assessment=assessment, question="own_task", value="x", organisation=cast.world.organisations["alfa"],
            by=many,
        )  # fmt: skip


def test_who_drafts_for_one_of_two_goes_on_for_that_one(cast, at, many):
    """Also where the coordinator would come first."""
    assessment, beta = at("draft"), cast.world.organisations["beta"]
    actions.answer(assessment=assessment, question="own_task", value="x", organisation=beta, by=many)
    actions.answer(assessment=assessment, question="context", value="Mine", by=many)
    actions.submit(assessment=assessment, by=many)
    assert Part.objects.get(user=many).organisation == beta


def test_who_holds_several_roles_sends_back_in_the_part_they_play(cast, at, many):
    assessment, alfa = at("draft"), cast.world.organisations["alfa"]
    actions.answer(assessment=assessment, question="context", value="Mine", by=many)
    cast.submit(assessment)
    actions.send_back(assessment=assessment, organisation=alfa, reason="I forgot something", by=many)
    assert again(assessment).state == "draft"


def test_a_refused_action_makes_nobody_play_a_part(cast, at, many):
    assessment = at("privacy_review")
    with refused("review.verdict"):
        actions.review(assessment=assessment, organisation=cast.world.organisations["alfa"], verdict="perhaps", by=many)
    assert not Part.objects.filter(user=many).exists()


def test_the_page_says_beforehand_what_stands_in_the_way(cast, at, many):
    assessment = at("draft")
    actions.answer(assessment=assessment, question="context", value="Mine", by=many)
    cast.submit(assessment)
    (offer,) = [one for one in chances(again(assessment), many) if one.name == "review"]
    assert [reason.code for reason in offer.reasons] == ["four_eyes.other_part"]
