"""The table of the lifecycle itself: from every state somebody can go on, and somebody can go back."""

from __future__ import annotations

import pytest

from accounts.permissions import PERMISSIONS
from dpia.chances import STEPS
from dpia.lifecycle import ASSESSMENT, ONE_BY_ONE, PARTS, REVIEWERS, TOGETHER
from dpia.models import Assessment, Part
from dpia.standing import ROAD

BACK = {"adopted": "draft", "draft": "withdrawn"}
"""Back from the end of the road is a new round; back from its beginning is withdrawing it."""


def reached(state: str) -> set[str]:
    """By one step; a suspension leads back to where it came from."""
    found = {step.target for step in ASSESSMENT.values() if state in step.sources}
    return (found - {""}) | ({"adopted"} if "" in found else set())


@pytest.mark.parametrize("state", Assessment.State.values)
def test_a_way_on_and_a_way_back(state):
    targets = reached(state) - {state}
    if state in ROAD:
        place = ROAD.index(state)
        assert state == "adopted" or targets & set(ROAD[place + 1 :])
        assert targets & {BACK.get(state, "draft"), *ROAD[:place]}
    else:  # beside the road: to the road again, and to a new round
        assert targets & set(ROAD)
        assert "draft" in targets


def test_every_step_is_somebodys_or_follows_by_itself():
    by_people = {name for name, step in ASSESSMENT.items() if step.permissions}
    assert set(STEPS) == by_people | set(ONE_BY_ONE)
    assert {name for name, step in ASSESSMENT.items() if not step.permissions} == {
        "reviewed", "advised", "adopted", "rebind",
    }  # fmt: skip


def test_every_permission_makes_somebody_play_a_part():
    asked = {permission for step in ASSESSMENT.values() for permission in step.permissions}
    asked |= {permission for _state, permission in ONE_BY_ONE.values()}
    assert asked == set(PARTS) <= set(PERMISSIONS)
    assert set(PARTS.values()) == set(dict(Part.PARTS))
    reviewers = {PARTS[permission] for permission in REVIEWERS}
    assert all(pair < reviewers for pair in TOGETHER)
