"""Signatures of stations: only the right key, hash, capacity, documents and mandate; the last one authorises."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from collaborations import actions, gate
from collaborations.models import Contract
from station.contract.canonical import canonical, digest, load_canonical
from station.contract.contract import read_contract
from station.contract.signatures import new_key, sign
from station.reasons import Refused, sentences
from tests.collaborations.world import KEYS, World

STOP = "contracted"
TODAY = timezone.localdate()


def refused(act: Callable[..., Any], **arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(**arguments)
    assert {reason.code for reason in refusal.value.reasons} <= sentences().keys()
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def contract(shared: World) -> Contract:
    return shared.contract()


@pytest.fixture
def signs(shared: World, contract: Contract) -> Callable[..., Any]:
    """A station hands in its approval, as it should be but for the changes."""

    def handed_in(key: str, **changes: Any) -> Any:
        jws = changes.pop("jws", None) or shared.stations.approval(contract, key, **changes)
        organisation = shared.organisations[key]
        return actions.record_signature(contract=contract, organisation=organisation, jws=jws)

    return handed_in


def test_the_last_signature_authorises(shared: World, contract: Contract, signs: Any) -> None:
    for key in KEYS:
        shared.use_case.refresh_from_db()
        assert shared.use_case.state == "assessing"
        signs(key)
    contract.refresh_from_db()
    shared.use_case.refresh_from_db()
    assert (contract.state, shared.use_case.state) == ("signed", "authorised")
    told = list(Event.objects.about(contract).values_list("type", "actor_type", "actor_id")[:2])
    assert told == [("contract.signed", "system", ""), ("contract.approved", "station", "gamma")]
    assert gate.unmet(shared.use_case, contract, TODAY) == []


def test_the_same_signature_twice_counts_once(contract: Contract, signs: Any, shared: World) -> None:
    jws = shared.stations.approval(contract, "alfa")
    assert signs("alfa", jws=jws) == signs("alfa", jws=jws)
    assert contract.signatures.count() == 1


def test_a_second_signature_in_other_words_changes_nothing(contract: Contract, signs: Any) -> None:
    first = signs("alfa")
    later = (TODAY + timedelta(days=1)).isoformat()
    other = signs("alfa", mandate={"function": "other", "reference": "2", "valid_to": later})
    assert other == first
    assert contract.signatures.get().jws == first.jws


def test_another_key_does_not_sign(contract: Contract, signs: Any, shared: World) -> None:
    assert refused(signs, key="alfa", by=new_key()) == ["signature.unknown_key"]
    assert refused(signs, key="alfa", by=shared.stations.keys["beta"]) == ["signature.unknown_key"]
    assert not contract.signatures.exists()


def test_nobody_signs_for_another_organisation(shared: World, contract: Contract) -> None:
    """alfa's own statement, handed in as beta's; and beta's name under alfa's key."""
    beta = shared.organisations["beta"]
    of_alfa = shared.stations.approval(contract, "alfa")
    arguments = {"contract": contract, "organisation": beta}
    assert refused(actions.record_signature, jws=of_alfa, **arguments) == ["signature.unknown_key"]
    named = shared.stations.approval(contract, "alfa", organisation="beta")
    arguments = {"contract": contract, "organisation": shared.organisations["alfa"]}
    assert refused(actions.record_signature, jws=named, **arguments) == ["approval.other_contract"]


def test_who_is_no_party_does_not_sign(shared: World, contract: Contract) -> None:
    stranger = type(shared.organisations["alfa"]).objects.create(slug="delta", name="Delta")
    jws = shared.stations.approval(contract, "alfa")
    found = refused(actions.record_signature, contract=contract, organisation=stranger, jws=jws)
    assert found == ["signature.unknown_key"]


YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
MANDATE = {"function": "director", "reference": "1", "valid_to": TODAY.isoformat()}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contract": "0" * 64}, "approval.other_contract"),
        ({"capacity": "processor"}, "approval.other_capacity"),
        ({"documents": []}, "approval.other_documents"),
        ({"documents": ["0" * 64]}, "approval.other_documents"),
        ({"mandate": MANDATE | {"valid_to": YESTERDAY}}, "approval.mandate_ended"),
        ({"mandate": MANDATE | {"valid_to": None}}, "approval.mandate_ended"),
        ({"mandate": MANDATE | {"valid_to": "zzzz"}}, "approval.mandate_ended"),
        ({"mandate": MANDATE | {"valid_to": "2999-02-31"}}, "approval.mandate_ended"),
        ({"mandate": None}, "statement.field"),
        ({"documents": None}, "statement.field"),
        ({"surprise": 1}, "statement.field"),
    ],
)
def test_what_the_signature_says_has_to_fit(
    shared: World, contract: Contract, signs: Any, changes: dict[str, Any], code: str
) -> None:
    assert code in refused(signs, key="beta", **changes)
    contract.refresh_from_db()
    assert contract.state == "drafted"
    assert not contract.signatures.exists()
    assert not Event.objects.filter(type="contract.approved").exists()


def test_a_trial_approval_does_not_pass_for_an_approval(shared: World, contract: Contract, signs: Any) -> None:
    payload = json.loads(json.dumps({"contract": contract.sha256, "organisation": "alfa"}))
    jws = sign("trial_approval", payload, shared.stations.keys["alfa"])
    assert refused(signs, key="alfa", jws=jws) == ["signature.type"]
    revocation = shared.stations.revocation(contract, "alfa")
    assert refused(signs, key="alfa", jws=revocation) == ["signature.type"]
    assert refused(signs, key="alfa", jws="no.jws") == ["signature.malformed"]


def test_a_superseded_contract_takes_no_signatures(shared: World, contract: Contract, signs: Any) -> None:
    actions.reject(use_case=shared.use_case, reason="invented", by=shared.person("alfa", "innovation_manager"))
    assert refused(signs, key="alfa") == ["lifecycle.state"]


def test_the_last_signature_while_on_hold_counts_when_resumed(shared: World, contract: Contract, signs: Any) -> None:
    asker = shared.person("alfa", "innovation_manager")
    actions.hold(use_case=shared.use_case, reason="invented", by=asker)
    for key in KEYS:
        signs(key)
    shared.use_case.refresh_from_db()
    assert shared.use_case.state == "on_hold"
    assert actions.resume(use_case=shared.use_case, by=asker).state == "authorised"


# Revocation


def test_a_revocation_reopens_the_assessment(shared: World, contract: Contract) -> None:
    shared.approve_all(contract)
    jws = shared.stations.revocation(contract, "gamma")
    arguments = {"contract": contract, "organisation": shared.organisations["gamma"], "jws": jws}
    first = actions.record_revocation(**arguments)
    assert actions.record_revocation(**arguments) == first
    contract.refresh_from_db()
    shared.use_case.refresh_from_db()
    assert (contract.state, shared.use_case.state) == ("revoked", "assessing")


def test_a_contract_that_waits_can_be_revoked_and_is_not_signed_after(
    shared: World, contract: Contract, signs: Any
) -> None:
    jws = shared.stations.revocation(contract, "gamma")
    actions.record_revocation(contract=contract, organisation=shared.organisations["gamma"], jws=jws)
    assert refused(signs, key="alfa") == ["lifecycle.state"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contract": "0" * 64}, "approval.other_contract"),
        ({"organisation": "alfa"}, "approval.other_contract"),
        ({"by": new_key()}, "signature.unknown_key"),
        ({"reason": 1}, "statement.field"),
    ],
)
def test_a_revocation_has_to_be_the_organisations_own(
    shared: World, contract: Contract, changes: dict[str, Any], code: str
) -> None:
    jws = shared.stations.revocation(contract, "gamma", **changes)
    arguments = {"contract": contract, "organisation": shared.organisations["gamma"], "jws": jws}
    assert refused(actions.record_revocation, **arguments) == [code]
    contract.refresh_from_db()
    assert contract.state == "drafted"


# The text


def test_the_stored_text_is_the_contract(contract: Contract) -> None:
    assert digest(load_canonical(contract.data)) == contract.sha256 == contract.read().sha256
    assert canonical(contract.read().document()).decode() == contract.data


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=TEXTS, purpose=TEXTS, k=st.integers(2, 10_000), slots=st.integers(1, 400))
def test_a_contract_survives_the_journey(contract: Contract, title: str, purpose: str, k: int, slots: int) -> None:
    """Written as canonical JSON, read by the other side: the same contract, the same bytes, the same hash."""
    document = json.loads(contract.data)
    spec = document["specification"]
    spec["title"]["nl"], spec["purpose"]["en"] = title, purpose
    spec["disclosure"]["k"], spec["schedule"]["slots"] = k, slots
    written = canonical(document)
    read = read_contract(load_canonical(written))
    assert canonical(read.document()) == written
    assert read.sha256 == digest(document)
    assert (read.sha256 == contract.sha256) == (document == json.loads(contract.data))
