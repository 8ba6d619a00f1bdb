"""Drafting a contract: what it names, until when each party can take part, and why it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from collaborations import actions
from collaborations.actions.basis_text import text_of
from collaborations.models import Contract, LegalBasis
from collaborations.papers import agreement_document, basis_document
from station.contract.canonical import canonical, code, digest
from station.contract.rules import contract_reasons
from station.contract.signatures import import_public, thumbprint
from station.reasons import Refused
from tests.collaborations.world import KEYS, World

STOP = "agreed"
TODAY = timezone.localdate()


def refused(act: Callable[..., Any], *given: Any, **arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(*given, **arguments)
    assert not Contract.objects.filter(state="drafted").exists()
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def contract(shared: World) -> Contract:
    return shared.draft_contract(shared.use_case)


def test_the_contract_names_what_was_decided(shared: World, contract: Contract) -> None:
    text, version = contract.read(), shared.use_case.specification
    assert contract_reasons(text) == []
    assert (text.specification_sha256, text.specification.document()) == (version.sha256, version.data)
    rows = LegalBasis.objects.filter(partner__use_case=shared.use_case)
    agreement = shared.use_case.collaboration.agreements.get()
    wanted = {digest(basis_document(row)) for row in rows}
    wanted |= {digest(shared.use_case.assessment.document()), digest(agreement_document(agreement))}
    assert {document.sha256 for document in text.documents} == wanted
    assert (contract.state, contract.code) == ("drafted", code(text.sha256))


def test_every_document_can_be_downloaded_whole(contract: Contract) -> None:
    stored = {document.sha256: document for document in contract.documents.all()}
    for named in contract.read().documents:
        assert digest_of(stored[named.sha256].data) == named.sha256
        assert stored[named.sha256].kind == named.kind


def test_the_keys_of_the_stations_are_in_it(shared: World, contract: Contract) -> None:
    text = contract.read()
    for key in KEYS:
        assert text.key_of(key) == thumbprint(shared.stations.keys[key])
    assert {k["organisation"]: thumbprint(import_public(k["jwk"])) for k in contract.keys} == {
        station.organisation: station.thumbprint for station in text.stations
    }


def test_each_party_takes_part_until_its_earliest_end(shared: World) -> None:
    """beta's own basis ends before everything else; alfa ends with a second agreement that gamma has no part in."""
    row = LegalBasis.objects.get(partner__organisation__slug="beta", operation="contribute")
    shorter = replace(text_of(row), valid_to=TODAY + timedelta(days=2))
    approve(shared, actions.revise_basis(basis=row, text=shorter, by=shared.person("beta", "drafter")))
    agree(shared, TODAY + timedelta(days=5), "alfa", "beta")
    ends = {entry.organisation: entry.valid_to for entry in shared.draft_contract(shared.use_case).read().valid_to}
    window = shared.use_case.specification.read().schedule.end
    assert ends == {
        "alfa": (TODAY + timedelta(days=5)).isoformat(),
        "beta": (TODAY + timedelta(days=2)).isoformat(),
        "gamma": window,
    }


def test_ended_and_foreign_agreements_stay_out(shared: World) -> None:
    """An agreement with only one partner of this use case is none of its business."""
    ended = agree(shared, TODAY + timedelta(days=5), "alfa", "beta")
    actions.terminate_agreement(agreement=ended, reason="invented", by=shared.person("beta", "lawyer"))
    foreign = agree(shared, TODAY + timedelta(days=6), "alfa", "beta")
    delta = type(shared.organisations["alfa"]).objects.create(slug="delta", name="Delta")
    foreign.parties.through.objects.create(agreement=foreign, organisation=delta)
    shared.use_case.partners.filter(organisation__slug="beta").update(state="declined")
    of_use_case = [row.pk for row in type(foreign).objects.of(shared.use_case)]
    assert foreign.pk not in of_use_case
    shared.use_case.partners.filter(organisation__slug="beta").update(state="joined")
    titles = [d.title for d in shared.draft_contract(shared.use_case).read().documents if d.kind == "agreement"]
    assert len(titles) == 2  # of all three, and the one that is in force between two


def test_only_the_asker_drafts(shared: World) -> None:
    for key, role in (("alfa", "drafter"), ("beta", "innovation_manager")):
        with pytest.raises(PermissionDenied):
            shared.draft_contract(shared.use_case, by=shared.person(key, role))


def test_a_party_without_a_station_is_named(shared: World) -> None:
    stations = {key: jwk for key, jwk in shared.stations.public().items() if key != "gamma"}
    assert refused(shared.draft_contract, shared.use_case, stations=stations) == ["contract.no_station"]


def test_an_input_without_a_dataset_is_refused(shared: World) -> None:
    assert refused(shared.draft_contract, shared.use_case, datasets=[]) == ["contract.datasets"]


def test_two_organisations_never_share_a_key(shared: World) -> None:
    stations = shared.stations.public()
    stations["gamma"] = stations["beta"]
    assert refused(shared.draft_contract, shared.use_case, stations=stations) == ["contract.shared_key"]


def test_everything_that_is_missing_is_told_at_once(shared: World) -> None:
    use_case = shared.use_case_at("assessing")
    found = refused(shared.draft_contract, use_case)
    assert found.count("gate.no_basis") == 3
    assert {"gate.assessment_not_adopted", "gate.no_agreement"} <= set(found)


def test_without_a_specification_nothing_is_drafted(shared: World) -> None:
    assert refused(shared.draft_contract, shared.use_case_at("joined")) == ["use_case.not_specified"]


def test_a_suspended_basis_stops_drafting(shared: World) -> None:
    row = LegalBasis.objects.filter(partner__organisation__slug="gamma").get()
    actions.suspend_basis(basis=row, reason="invented", by=shared.person("gamma", "dpo"))
    assert refused(shared.draft_contract, shared.use_case) == ["gate.basis_not_approved"]


def test_the_same_contract_is_not_drafted_twice(shared: World, contract: Contract) -> None:
    with pytest.raises(Refused) as refusal:
        shared.draft_contract(shared.use_case)
    assert refusal.value.reasons[0].code == "contract.drafted_already"


def test_a_contract_revoked_by_mistake_is_made_anew_and_signed_anew(shared: World, contract: Contract) -> None:
    jws = shared.stations.revocation(contract, "gamma")
    actions.record_revocation(contract=contract, organisation=shared.organisations["gamma"], jws=jws)
    again = shared.draft_contract(shared.use_case)
    assert (again.read().serial, again.sha256 != contract.sha256, again.state) == (2, True, "drafted")
    assert not again.signatures.exists()


def test_a_new_contract_takes_the_place_of_the_waiting_one(shared: World, contract: Contract) -> None:
    agree(shared, TODAY + timedelta(days=50), "alfa", "beta", "gamma")
    newer = shared.draft_contract(shared.use_case)
    contract.refresh_from_db()
    assert (contract.state, newer.state) == ("superseded", "drafted")


def test_a_new_specification_takes_the_contract_away(shared: World, contract: Contract) -> None:
    document = shared.use_case.specification.data | {"title": {"nl": "verzonnen 2", "en": "invented 2"}}
    asker = shared.person("alfa", "innovation_manager")
    actions.specify(use_case=shared.use_case, data=document, by=asker)
    contract.refresh_from_db()
    assert contract.state == "superseded"
    assert "gate.assessment_not_adopted" in refused(shared.draft_contract, shared.use_case)


def test_a_trial_needs_synthetic_datasets_and_exploring(shared: World) -> None:
    use_case = shared.use_case_at("exploring")
    datasets = [{"input": f"{key}_rows", "sha256": "0" * 64, "synthetic": key == "alfa"} for key in ("alfa", "beta")]
    found = refused(shared.draft_contract, use_case, trial=True, datasets=datasets)
    assert found == ["contract.trial_not_synthetic"]
    trial = shared.draft_contract(use_case, trial=True)
    assert (trial.kind, trial.read().documents, trial.read().valid_to) == ("trial_contract", [], [])
    assert refused_with_drafted(shared, trial=True) == ["lifecycle.state"]


def refused_with_drafted(world: World, **arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        world.draft_contract(world.use_case, **arguments)
    return [reason.code for reason in refusal.value.reasons]


def digest_of(text: str) -> str:
    """Of a text in its canonical form; nothing else has a hash."""
    return digest(json.loads(text)) if canonical(json.loads(text)).decode() == text else ""


def approve(world: World, basis: LegalBasis) -> None:
    basis = actions.submit_basis(basis=basis, by=world.person("beta", "lawyer"))
    basis = actions.advise_basis(basis=basis, verdict="positive", by=world.person("beta", "dpo"))
    actions.approve_basis(basis=basis, by=world.person("beta", "mandated_manager"))


def agree(world: World, valid_to: Any, *keys: str) -> Any:
    return actions.record_agreement(
        use_case=world.use_case, kind="art26", title="Invented", parties=[world.organisations[key] for key in keys],
        valid_from=TODAY, valid_to=valid_to, document=b"invented", document_name="invented.txt",
        by=world.person(keys[0], "lawyer"),
    )  # fmt: skip
