"""Every controller decides through its own mandated manager; all of them, or it is not adopted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Mandate
from dpia import actions
from dpia.models import Adoption
from station.contract.canonical import canonical, digest, load_canonical
from tests.dpia.people import again, refused


def adopt(cast, assessment, key="alfa", role="mandated_manager", **fields):
    organisation = cast.world.organisations[key]
    return actions.adopt(assessment=assessment, organisation=organisation, by=cast.person(key, role), **fields)


def decline(cast, assessment, key="beta", reason="Too much remains"):
    organisation, by = cast.world.organisations[key], cast.person(key, "mandated_manager")
    return actions.decline_adoption(assessment=assessment, organisation=organisation, reason=reason, by=by)


def test_it_takes_every_controller(cast, at):
    assessment = at("adoption")
    for key, state in (("alfa", "adoption"), ("beta", "adoption"), ("gamma", "adopted")):
        made = adopt(cast, assessment, key)
        assert again(assessment).state == state
    assert made.mandate.holder == cast.person("gamma", "mandated_manager")


@pytest.mark.parametrize("when", ["ended", "to come", "withdrawn"])
def test_without_a_mandate_in_force_nobody_decides(cast, at, when):
    assessment, today = at("adoption"), timezone.localdate()
    dates = {
        "ended": {"valid_to": today - timedelta(days=1)}, "to come": {"valid_from": today + timedelta(days=1)},
        "withdrawn": {"withdrawn_on": today},
    }  # fmt: skip
    Mandate.objects.filter(holder=cast.person("alfa", "mandated_manager")).update(**dates[when])
    with refused("mandate.none"):
        adopt(cast, assessment)
    assert not Adoption.objects.filter(version__assessment=assessment).exists()


def test_nobody_adopts_twice(cast, at):
    assessment = at("adoption")
    adopt(cast, assessment)
    with refused("adoption.done"):
        adopt(cast, assessment)


def test_who_read_another_version_is_told(cast, at):
    assessment = at("adoption")
    with refused("version.other"):
        adopt(cast, assessment, version=1)
    adopt(cast, assessment, version=2)


@pytest.mark.parametrize("role", ["drafter", "privacy_officer", "dpo", "innovation_manager", "nobody"])
def test_only_the_mandated_manager_adopts(cast, at, role):
    with pytest.raises(PermissionDenied):
        adopt(cast, at("adoption"), role=role)


def test_nobody_adopts_for_another_controller(cast, at):
    with pytest.raises(PermissionDenied):
        actions.adopt(
            assessment=at("adoption"), organisation=cast.world.organisations["beta"],
            by=cast.person("alfa", "mandated_manager"),
        )  # fmt: skip


@pytest.mark.parametrize("state", ["draft", "response", "adopted", "suspended"])
def test_there_is_a_time_for_adopting(cast, at, state):
    with refused("lifecycle.state"):
        adopt(cast, at(state))


def test_who_does_not_adopt_says_why_and_all_decide_on_the_next_version(cast, at):
    assessment = at("adoption")
    adopt(cast, assessment)
    with refused("reason.needed"):
        decline(cast, assessment, reason="")
    decline(cast, assessment)
    after = again(assessment)
    assert (after.state, after.round) == ("response", 1)
    assert after.current_version.adoptions.count() == 1  # what alfa decided stays with that version
    cast.propose(assessment)
    adopt(cast, assessment, "beta")
    assert again(assessment).state == "adoption"
    for key in ("alfa", "gamma"):
        adopt(cast, assessment, key)
    assert again(assessment).state == "adopted"


# --- The document in the contract ---


def test_the_adopted_document_is_canonical_and_says_who_decided_in_which_function(cast, at):
    document = at("adopted").document()
    assert load_canonical(canonical(document)) == document
    assert [one["organisation"] for one in document["adoptions"]] == ["alfa", "beta", "gamma"]
    assert {one["function"] for one in document["adoptions"]} == {"Director"}
    assert document["specification_sha256"] == cast.assessment.facts.specification_sha256
    names = [cast.person(key, role).full_name for key in ("alfa", "beta") for role in ("drafter", "dpo")]
    assert not any(name in json.dumps(document) for name in names)


def test_its_hash_is_the_same_every_time_and_after_doubt_and_suspension(cast, at, person):
    assessment = at("adopted")
    before = digest(assessment.document())
    assert digest(again(assessment).document()) == before
    cast.doubt(assessment)
    actions.confirm(assessment=assessment, reason="It holds", by=person("beta", "mandated_manager"))
    cast.suspend(assessment)
    actions.resume(assessment=assessment, reason="Mended", by=person("beta", "dpo"))
    assert (again(assessment).state, digest(again(assessment).document())) == ("adopted", before)


def test_a_new_round_has_another_hash(cast, at, drafter):
    before = digest(at("adopted").document())
    actions.reopen(assessment=cast.assessment, reason="Again", by=drafter)
    actions.answer(assessment=cast.assessment, question="context", value="Better words", by=drafter)
    assert digest(at("adopted").document()) != before


def test_a_draft_has_no_document(at):
    with pytest.raises(ValueError, match="never handed over"):
        at("draft").document()
