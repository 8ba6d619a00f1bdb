"""The steps a page offers are the steps the actions take: no more, no fewer."""

from __future__ import annotations

import pytest

from dpia.chances import STEPS, chances, rule
from dpia.lifecycle import ASSESSMENT, ONE_BY_ONE
from dpia.models import Assessment

ROLES = ("drafter", "privacy_officer", "dpo", "mandated_manager", "innovation_manager", "nobody")
OFFERED = {
    "draft": {"drafter": {"submit", "withdraw"}},
    "privacy_review": {
        "drafter": {"send_back", "withdraw"}, "privacy_officer": {"review", "send_back"}, "dpo": {"send_back"},
        "mandated_manager": {"send_back"},
    },
    "dpo_advice": {
        "drafter": {"send_back", "withdraw"}, "privacy_officer": {"send_back"}, "dpo": {"advise", "send_back"},
        "mandated_manager": {"send_back"},
    },
    "response": {
        "drafter": {"propose_adoption", "consult_authority", "send_back", "withdraw"},
        "privacy_officer": {"send_back"}, "dpo": {"send_back"}, "mandated_manager": {"send_back"},
    },
    "prior_consultation": {
        "drafter": {"authority_answered", "pause_consultation", "continue_consultation", "extend_consultation",
                    "send_back", "withdraw"},
        "privacy_officer": {"send_back"}, "dpo": {"send_back"}, "mandated_manager": {"send_back"},
    },
    "adoption": {
        "drafter": {"send_back", "withdraw"}, "privacy_officer": {"send_back"}, "dpo": {"send_back"},
        "mandated_manager": {"adopt", "decline_adoption", "send_back"},
    },
    "adopted": {
        "drafter": {"reconsider", "reopen", "withdraw"}, "dpo": {"reconsider", "suspend"},
        "privacy_officer": {"reconsider", "review_again"},
    },
    "under_review": {"drafter": {"reopen", "withdraw"}, "dpo": {"suspend"}, "mandated_manager": {"confirm"}},
    "suspended": {"drafter": {"reopen", "withdraw"}, "dpo": {"resume"}},
    "withdrawn": {"drafter": {"reopen"}},
}  # fmt: skip
OF_ONE = {"withdraw": "alfa", "confirm": "beta", "resume": "beta"}  # beta doubted and suspended


def test_the_table_knows_every_state():
    assert set(OFFERED) == set(Assessment.State.values)


def test_every_step_that_a_person_takes_can_be_offered():
    people = {name for name, transition in ASSESSMENT.items() if transition.permissions}
    assert set(STEPS) == people | set(ONE_BY_ONE)


@pytest.mark.parametrize("state", OFFERED)
def test_who_is_offered_what(cast, at, state):
    assessment = at(state)
    for key in ("alfa", "beta"):
        for role in ROLES:
            expected = {name for name in OFFERED[state].get(role, ()) if OF_ONE.get(name, key) == key}
            found = chances(assessment, cast.person(key, role))
            assert {one.name for one in found} == expected, (key, role)
            assert all(one.organisation.slug == key for one in found)


@pytest.mark.parametrize("name", STEPS)
def test_every_step_has_a_moment_and_a_permission(name):
    states, permissions = rule(name)
    assert states
    assert permissions
