"""The run gate: every condition holds and does not hold, and says who can mend it."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import confirm_mandate, withdraw_mandate
from accounts.models import Mandate, User
from accounts.turn import Turn
from collaborations import actions, gate
from collaborations.actions.basis_text import COLUMNS, text_of
from collaborations.models import Contract, LegalBasis
from dpia import actions as dpia
from station.contract.canonical import canonical, code, digest
from station.reasons import sentences
from tests.collaborations.world import World, new_person
from tests.computations.trial import specification

STOP = "authorised"


@pytest.fixture
def authorised(shared: World) -> World:
    return shared


def unmet(world: World, day: Any = None, purpose: gate.Purpose = "start") -> list[Turn]:
    use_case = type(world.use_case).objects.get(pk=world.use_case.pk)
    contract = use_case.contracts.order_by("drafted_at").last()
    found = gate.unmet(use_case, contract, day or timezone.localdate(), purpose)
    for turn in found:
        assert turn.code in sentences()
        assert "?" not in turn.text("en") + turn.text("nl")
    return found


def who(found: list[Turn]) -> list[tuple[str, str, str]]:
    return [(turn.code, turn.who, turn.permission) for turn in found]


def row(world: World, key: str = "beta") -> LegalBasis:
    return LegalBasis.objects.get(partner__organisation__slug=key, partner__use_case=world.use_case, operation="compute"
                                  if key == "gamma" else "contribute")  # fmt: skip


@pytest.mark.parametrize("purpose", ["schedule", "start", "release"])
def test_the_gate_of_an_authorised_use_case_is_open(authorised: World, purpose: gate.Purpose) -> None:
    assert unmet(authorised, purpose=purpose) == []


def test_without_a_specification_there_is_nothing_to_run(use_case_at, world: World) -> None:
    world.use_case = use_case_at("joined")
    assert who(unmet(world)) == [("use_case.not_specified", "alfa", "specify")]


def test_a_use_case_on_hold_runs_nothing(authorised: World) -> None:
    asker = authorised.person("alfa", "innovation_manager")
    actions.hold(use_case=authorised.use_case, reason="invented", by=asker)
    assert who(unmet(authorised)) == [("gate.use_case_state", "alfa", "propose_use_case")]
    actions.resume(use_case=authorised.use_case, by=asker)
    assert unmet(authorised) == []


def test_a_partner_that_left_stops_everything(authorised: World) -> None:
    partner = authorised.use_case.partners.get(organisation__slug="gamma")
    actions.leave(partner=partner, reason="invented", by=authorised.person("gamma", "innovation_manager"))
    assert who(unmet(authorised)) == [("gate.party_left", "gamma", "join_use_case")]


def test_a_suspended_organisation_stops_everything(authorised: World) -> None:
    gamma = authorised.organisations["gamma"]
    gamma.state = "suspended"
    gamma.save()
    assert who(unmet(authorised)) == [("gate.party_suspended", "gamma", "manage_platform")]


def test_a_dpia_that_its_dpo_suspended_waits_for_that_dpo(authorised: World) -> None:
    beta, dpo = authorised.organisations["beta"], authorised.person("beta", "dpo")
    dpia.suspend(assessment=authorised.use_case.assessment, organisation=beta, reason="invented", by=dpo)
    assert who(unmet(authorised)) == [("gate.assessment_not_adopted", "beta", "suspend_assessment")]
    dpia.resume(assessment=authorised.use_case.assessment, reason="invented", by=dpo)
    assert unmet(authorised) == []


def test_a_dpia_in_a_new_round_is_not_adopted(authorised: World) -> None:
    drafter = authorised.person("alfa", "drafter")
    dpia.reopen(assessment=authorised.use_case.assessment, reason="invented", by=drafter)
    assert who(unmet(authorised)) == [("gate.assessment_not_adopted", "alfa", "draft_assessment")]


def test_a_missing_dpia_is_named(use_case_at, world: World) -> None:
    world.use_case = use_case_at("exploring")
    assert ("gate.no_assessment", "alfa", "specify") in who(unmet(world))


def test_a_new_specification_shuts_the_gate_for_the_old_contract(authorised: World) -> None:
    asker = authorised.person("alfa", "innovation_manager")
    actions.reassess(use_case=authorised.use_case, reason="invented", by=asker)
    document = copy.deepcopy(authorised.use_case.specification.data)
    document["disclosure"]["k"] = 50
    actions.specify(use_case=authorised.use_case, data=document, by=asker)
    found = who(unmet(authorised))
    assert ("gate.specification_changed", "alfa", "draft_contract") in found
    assert ("gate.superseded", "alfa", "draft_contract") in found
    assert ("gate.basis_not_approved", "beta", "draft_basis") in found
    assert ("gate.assessment_not_adopted", "alfa", "draft_assessment") in found


def test_a_dpia_for_another_specification_does_not_count(authorised: World) -> None:
    """As if the DPIA was never bound to the newest version."""
    document = copy.deepcopy(authorised.use_case.specification.data)
    document["disclosure"]["k"] = 50
    authorised.use_case.specifications.create(
        number=2, data=document, sha256=digest(document), by=authorised.person("alfa", "innovation_manager")
    )
    found = who(unmet(authorised))
    assert ("gate.assessment_other_specification", "alfa", "draft_assessment") in found


def test_a_dpia_adopted_anew_needs_a_new_contract(authorised: World) -> None:
    adoption = authorised.use_case.assessment.current_version.adoptions.first()
    adoption.mandate.function = "Somebody else"
    adoption.mandate.save()
    assert who(unmet(authorised)) == [("gate.assessment_changed", "alfa", "draft_contract")]


def test_a_suspended_basis_waits_for_its_manager(authorised: World) -> None:
    manager = authorised.person("beta", "mandated_manager")
    actions.suspend_basis(basis=row(authorised), reason="invented", by=authorised.person("beta", "dpo"))
    assert who(unmet(authorised)) == [("gate.basis_not_approved", "beta", "approve_basis")]
    actions.resume_basis(basis=row(authorised), reason="invented", by=manager)
    assert unmet(authorised) == []


def test_a_basis_that_expires_blocks_the_run_of_the_day_after(authorised: World) -> None:
    last = row(authorised).valid_to
    assert unmet(authorised, last) == []
    the_day_after = who(unmet(authorised, last + timedelta(days=1)))
    assert ("gate.basis_not_valid", "beta", "draft_basis") in the_day_after
    assert ("gate.party_ended", "beta", "draft_basis") in the_day_after


def test_an_expired_basis_is_the_same_before_and_after_the_sweep_marks_it(authorised: World) -> None:
    day = row(authorised).valid_to + timedelta(days=1)
    before = [turn.text() for turn in unmet(authorised, day)]
    assert actions.expire_bases(day=day) == LegalBasis.objects.filter(state="expired").count() > 0
    after = [turn.text() for turn in unmet(authorised, day)]
    assert set(before) < set(after), "the sweep adds that the use case is no longer authorised"


def test_a_basis_that_does_not_hold_yet_blocks(authorised: World) -> None:
    yesterday = row(authorised).valid_from - timedelta(days=1)
    assert ("gate.basis_not_valid", "beta", "draft_basis") in who(unmet(authorised, yesterday))


def test_what_ended_is_not_named_where_something_newer_is_in_progress(authorised: World) -> None:
    old, after = row(authorised), row(authorised).valid_to + timedelta(days=1)
    longer = replace(text_of(old), valid_to=after + timedelta(days=9))
    actions.revise_basis(basis=old, text=longer, by=authorised.person("beta", "drafter"))
    of_beta = [turn for turn in unmet(authorised, after) if turn.who == "beta"]
    about = [(turn.code, turn.facts.get("operation_en")) for turn in of_beta]
    assert about == [
        ("gate.basis_not_valid", "check and release"), ("gate.basis_not_approved", "contribute"),
        ("gate.party_ended", None),
    ]  # fmt: skip
    assert {turn.permission for turn in of_beta} == {"draft_basis"}


def test_a_withdrawn_only_basis_leaves_the_partner_without(authorised: World) -> None:
    manager = authorised.person("gamma", "mandated_manager")
    actions.withdraw_basis(basis=row(authorised, "gamma"), reason="invented", by=manager)
    assert who(unmet(authorised)) == [("gate.no_basis", "gamma", "draft_basis")]


def test_a_new_version_counts_when_it_is_approved_and_needs_a_new_contract(authorised: World) -> None:
    old = row(authorised)
    made = actions.revise_basis(basis=old, text=text_of(old), by=authorised.person("beta", "drafter"))
    assert unmet(authorised) == []  # the old one holds meanwhile
    approve(authorised, made)
    assert who(unmet(authorised)) == [("gate.basis_changed", "alfa", "draft_contract")]


def test_one_row_per_party_is_not_enough(authorised: World) -> None:
    """alfa still has its row about giving data; nobody approved any more that it receives the result."""
    received = LegalBasis.objects.get(partner__organisation__slug="alfa", operation="receive")
    manager = authorised.person("alfa", "mandated_manager")
    actions.withdraw_basis(basis=received, reason="invented", by=manager)
    (turn,) = unmet(authorised)
    assert (turn.code, turn.who, turn.permission) == ("gate.no_basis", "alfa", "draft_basis")
    assert "receive: the result" in turn.text("en")
    assert "ontvangen: de uitkomst" in turn.text("nl")
    assert turn.url.endswith("/legal-bases/matrix/")


def test_who_checks_an_outcome_needs_a_basis_to_see_it_before_its_release(authorised: World) -> None:
    checked = LegalBasis.objects.get(partner__organisation__slug="beta", operation="release")
    manager = authorised.person("beta", "mandated_manager")
    actions.withdraw_basis(basis=checked, reason="invented", by=manager)
    (turn,) = unmet(authorised)
    assert (turn.code, turn.who, turn.permission) == ("gate.no_basis", "beta", "draft_basis")
    assert "check and release: the result" in turn.text("en")
    assert "controleren en vrijgeven: de uitkomst" in turn.text("nl")


def test_a_draft_beside_a_covered_cell_stands_in_nobodys_way(authorised: World) -> None:
    old = row(authorised)
    LegalBasis.objects.create(
        partner=old.partner, specification=old.specification, drafted_by=authorised.person("beta", "drafter"),
        **{name: getattr(old, name) for name in COLUMNS},
    )  # fmt: skip
    assert unmet(authorised) == []


def test_a_row_that_the_contract_rests_on_may_not_be_gone(authorised: World) -> None:
    """Another row answers the same cell, and is in the contract too."""
    old = row(authorised)
    second = LegalBasis.objects.create(
        partner=old.partner, specification=old.specification, drafted_by=old.drafted_by, approved_by=old.approved_by,
        advised_by=old.advised_by, mandate=old.mandate, state="approved",
        **{name: getattr(old, name) for name in COLUMNS},
    )  # fmt: skip
    assert who(unmet(authorised)) == [("gate.basis_changed", "alfa", "draft_contract")]
    authorised.use_case.state = "assessing"
    authorised.use_case.save()
    authorised.approve_all(authorised.draft_contract(authorised.use_case))
    assert unmet(authorised) == []
    manager = authorised.person("beta", "mandated_manager")
    actions.withdraw_basis(basis=second, reason="invented", by=manager)
    assert who(unmet(authorised)) == [("gate.basis_gone", "alfa", "draft_contract")]


def test_each_step_of_a_basis_waits_for_somebody_else(authorised: World) -> None:
    old = row(authorised)
    made = actions.revise_basis(basis=old, text=text_of(old), by=authorised.person("beta", "drafter"))
    manager = authorised.person("beta", "mandated_manager")
    actions.suspend_basis(basis=old, reason="invented", by=manager)
    assert who(unmet(authorised))[1] == ("gate.basis_not_approved", "beta", "draft_basis")
    actions.submit_basis(basis=made, by=authorised.person("beta", "lawyer"))
    assert who(unmet(authorised))[1] == ("gate.basis_not_approved", "beta", "advise_basis")
    actions.advise_basis(basis=made, verdict="positive", by=authorised.person("beta", "dpo"))
    assert who(unmet(authorised))[1] == ("gate.basis_not_approved", "beta", "approve_basis")


def test_an_ended_agreement_blocks(authorised: World) -> None:
    agreement = authorised.use_case.collaboration.agreements.get()
    actions.terminate_agreement(agreement=agreement, reason="invented", by=authorised.person("beta", "lawyer"))
    assert who(unmet(authorised)) == [
        ("gate.no_agreement", "alfa", "record_agreement"),
        ("gate.agreement_ended", "alfa", "record_agreement"),
    ]


def test_an_arrangement_covers_all_controllers(authorised: World) -> None:
    agreement = authorised.use_case.collaboration.agreements.get()
    agree(authorised, "art26", "alfa", "beta")
    actions.terminate_agreement(agreement=agreement, reason="invented", by=authorised.person("beta", "lawyer"))
    assert ("gate.no_arrangement", "alfa", "record_agreement") in who(unmet(authorised))
    agree(authorised, "art26", "alfa", "beta", "gamma")
    assert who(unmet(authorised)) == [("gate.agreement_ended", "alfa", "record_agreement")]


def test_an_agreement_among_strangers_does_not_count(authorised: World) -> None:
    """Of the same collaboration, with only one partner of this use case."""
    agreement = authorised.use_case.collaboration.agreements.get()
    agreement.parties.through.objects.create(agreement=agree(authorised, "art28", "alfa", "beta"),
                                             organisation=authorised.organisations["gamma"])  # fmt: skip
    assert type(agreement).objects.of(authorised.use_case).count() == 2
    authorised.use_case.partners.filter(organisation__slug__in=["beta", "gamma"]).update(state="declined")
    assert type(agreement).objects.of(authorised.use_case).count() == 0


def test_a_processor_needs_a_processing_contract(world: World) -> None:
    data = with_capacity("gamma", "processor")
    world.use_case = world.use_case_at("adopted", data=data)
    agree(world, "art26", "alfa", "beta")
    asked = ("gate.no_processing_contract", "alfa", "record_agreement")
    assert asked in who(unmet(world, purpose="draft"))
    agree(world, "art28", "alfa", "gamma")
    assert unmet(world, purpose="draft") == []


def test_a_missing_signature_names_the_station(world: World) -> None:
    world.use_case = world.use_case_at("contracted")
    contract = world.contract()
    actions.record_signature(
        contract=contract, organisation=world.organisations["alfa"], jws=world.stations.approval(contract, "alfa")
    )
    signatures = [entry for entry in who(unmet(world)) if entry[0] == "gate.not_signed_by"]
    assert signatures == [("gate.not_signed_by", key, "manage_station") for key in ("beta", "gamma")]


def test_a_revocation_shuts_the_gate(authorised: World) -> None:
    contract = authorised.contract()
    actions.record_revocation(
        contract=contract, organisation=authorised.organisations["beta"],
        jws=authorised.stations.revocation(contract, "beta"),
    )  # fmt: skip
    assert ("gate.revoked", "beta", "manage_station") in who(unmet(authorised))


def test_without_a_contract_one_has_to_be_drafted(world: World) -> None:
    world.use_case = world.use_case_at("agreed")
    assert ("gate.no_contract", "alfa", "draft_contract") in who(unmet(world))


def test_the_window_is_kept(authorised: World) -> None:
    schedule = authorised.use_case.specification.read().schedule
    assert unmet(authorised, schedule.first_day) == unmet(authorised, schedule.last_day) == []
    outside = ("gate.outside_window", "alfa", "specify")
    assert outside in who(unmet(authorised, schedule.first_day - timedelta(days=1)))
    assert outside in who(unmet(authorised, schedule.last_day + timedelta(days=1)))


def test_a_contract_can_be_drafted_before_the_window_and_not_after_it(world: World) -> None:
    world.use_case = world.use_case_at("agreed")
    schedule = world.use_case.specification.read().schedule
    after = unmet(world, schedule.last_day + timedelta(days=1), "draft")
    assert ("gate.outside_window", "alfa", "specify") in who(after)
    before = unmet(world, schedule.first_day - timedelta(days=1), "draft")
    assert ("gate.outside_window", "alfa", "specify") not in who(before)


LOOSER: list[tuple[list[Any], Any, str]] = [
    (["disclosure", "k"], 5, "k = 5 instead of 10"),
    (["disclosure", "two_sided"], False, "the rest of a group is not protected"),
    (["outputs", 0, "recipients"], ["alfa", "gamma"], "gamma receives output table"),
    (["outputs", 0, "checker"], "gamma", "gamma checks output table"),
    (["outputs", 0, "name"], "other", "output other is new"),
]


@pytest.mark.parametrize(("path", "value", "words"), LOOSER)
def test_a_slipped_in_contract_with_looser_rules_is_named(
    authorised: World, path: list[Any], value: Any, words: str
) -> None:
    """A valid-looking text put straight into the database, signed by all its stations."""
    slipped_in(authorised, path, value)
    found = unmet(authorised)
    assert ("gate.output_rules", "alfa", "draft_contract") in who(found)
    assert any(words in turn.text("en") for turn in found)
    assert ("gate.specification_changed", "alfa", "draft_contract") in who(found)


def test_a_stricter_rule_is_another_specification_but_not_looser(authorised: World) -> None:
    slipped_in(authorised, ["disclosure", "k"], 100)
    found = [turn.code for turn in unmet(authorised)]
    assert "gate.specification_changed" in found
    assert "gate.output_rules" not in found


def test_a_text_that_does_not_fit_its_hash_is_found(authorised: World) -> None:
    """The trigger forbids this; a restored or tampered database might hold it."""
    contract = authorised.contract()
    text = json.loads(contract.data)
    text["drafted_on"] = "2020-01-01"
    changed = Contract(**{f.attname: getattr(contract, f.attname) for f in Contract._meta.fields})
    changed.data = canonical(text).decode()
    found = gate.unmet(authorised.use_case, changed, timezone.localdate(), "start")
    assert ("gate.contract_changed", "alfa", "draft_contract") in who(found)


def test_a_trial_needs_no_dpia_and_no_basis_but_exploring(world: World) -> None:
    world.use_case = world.use_case_at("exploring")
    contract = world.draft_contract(world.use_case, trial=True)
    assert [turn.code for turn in unmet(world)] == ["gate.not_signed_by"] * 3
    world.approve_all(contract)
    assert unmet(world) == []
    actions.start_assessing(use_case=world.use_case, by=world.person("alfa", "drafter"))
    assert who(unmet(world)) == [("gate.use_case_state", "alfa", "propose_use_case")]


def approve(world: World, basis: LegalBasis, key: str = "beta") -> LegalBasis:
    basis = actions.submit_basis(basis=basis, by=world.person(key, "lawyer"))
    basis = actions.advise_basis(basis=basis, verdict="positive", by=world.person(key, "dpo"))
    return actions.approve_basis(basis=basis, by=world.person(key, "mandated_manager"))


def agree(world: World, kind: str, *keys: str) -> Any:
    today = timezone.localdate()
    return actions.record_agreement(
        use_case=world.use_case, kind=kind, title="Invented", parties=[world.organisations[key] for key in keys],
        valid_from=today, valid_to=today + timedelta(days=90), document=b"invented", document_name="invented.txt",
        by=world.person(keys[0], "lawyer"),
    )  # fmt: skip


def with_capacity(key: str, capacity: str) -> dict[str, Any]:
    data = specification()
    for party in data["parties"]:
        if party["organisation"] == key:
            party["capacity"] = capacity
    return data


def slipped_in(world: World, path: list[Any], value: Any) -> Contract:
    document = json.loads(world.contract().data)
    place = document["specification"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    document["specification_sha256"] = digest(document["specification"])
    Contract.objects.update(state="superseded")
    contract = Contract.objects.create(
        use_case=world.use_case, kind="contract", data=canonical(document).decode(), sha256=digest(document),
        code=code(digest(document)), keys=world.contract().keys, state="drafted",
        drafted_by=world.person("alfa", "innovation_manager"),
    )  # fmt: skip
    world.approve_all(contract)
    return contract


def ended(world: World, key: str = "beta", *, suspends: bool = True) -> Mandate:
    """The organisation ends the mandate that its manager acted under; another manager has one in force."""
    mandate = world.person(key, "mandated_manager").mandates.get()
    by = world.person(key, "organisation_admin")
    withdraw_mandate(mandate=mandate, by=by, reason="used for a friend", suspends=suspends)
    return mandate


def another_manager(world: World, key: str = "beta") -> User:
    user = new_person(f"second@{key}.example", world.organisations[key], "mandated_manager")
    Mandate.objects.filter(holder=user).update(reference="Decision 2 (invented)")
    return user


def test_what_was_signed_outlives_the_mandate(authorised: World) -> None:
    ended(authorised, suspends=False)
    Mandate.objects.filter(organisation__slug="gamma").update(valid_from="2020-01-01", valid_to="2020-01-02")
    assert unmet(authorised) == []
    assert actions.suspend_doubted_bases() == 0


def test_a_mandate_ended_with_effect_on_what_was_signed_shuts_the_gate(authorised: World) -> None:
    ended(authorised)
    (turn,) = unmet(authorised)
    assert (turn.code, turn.who, turn.permission) == ("gate.mandate_doubted", "beta", "approve_basis")
    for words in ("legal basis Voorbeeldwet 1", "the adoption of the DPIA", "used for a friend", "Decision 1"):
        assert words in turn.text("en")


def test_the_sweep_suspends_what_was_approved_under_it_and_a_manager_takes_it_up(authorised: World) -> None:
    mandate = ended(authorised)
    assert actions.suspend_doubted_bases() == 2, "its row about giving data and the one about checking"
    assert actions.suspend_doubted_bases() == 0
    assert row(authorised).state == "suspended" and "used for a friend" in row(authorised).reason
    assert row(authorised, "gamma").state == "approved", "of another organisation"
    codes = {turn.code for turn in unmet(authorised)}
    assert codes == {"gate.basis_not_approved", "gate.mandate_doubted"}
    manager = another_manager(authorised)
    for held in LegalBasis.objects.filter(partner__organisation__slug="beta", state="suspended"):
        actions.resume_basis(basis=held, reason="Looked at it", by=manager)
    assert actions.suspend_doubted_bases() == 0, "taken up since"
    assert [turn.code for turn in unmet(authorised)] == ["gate.mandate_doubted"]
    confirm_mandate(mandate=mandate, reason="Looked at it", by=manager)
    assert unmet(authorised) == []


def test_a_station_signature_that_names_the_ended_mandate_is_in_doubt(authorised: World) -> None:
    """The station's people typed the reference of the decision, in their own way."""
    Mandate.objects.filter(organisation__slug="gamma").update(reference="INVENTED  1")
    ended(authorised, "gamma")
    turn = next(turn for turn in unmet(authorised) if turn.code == "gate.mandate_doubted")
    assert turn.who == "gamma" and "the station's signature under the contract" in turn.text("en")
