"""A station fetches, approves and revokes a contract."""

import time
from collections.abc import Callable

import pytest

from accounts.models import Organisation, User
from computations import actions
from station.contract.canonical import digest, load_canonical
from station.reasons import Refused
from tests.computations.station_side import StationSide, codes
from tests.computations.trial import Stations, approve, draft


def test_the_hint_goes_with_the_signature(make_stations: Callable[..., Stations]) -> None:
    stations = make_stations(signers=("alfa", "gamma"))
    assert stations.sides["alfa"].hints() == []
    assert stations.sides["beta"].hints() == [{"type": "contract", "contract": stations.contract.sha256}]
    assert approve(stations.sides["beta"], stations.contract).status_code == 200
    assert stations.sides["beta"].hints() == []


def test_a_party_gets_the_whole_contract_and_others_nothing(
    make_stations: Callable[..., Stations], enrolled: Callable[[Organisation], StationSide]
) -> None:
    stations = make_stations()
    path = f"contracts/{stations.contract.sha256}"
    given = stations.sides["gamma"].call("GET", path).document
    assert digest(load_canonical(given["contract"])) == stations.contract.sha256
    assert [key["organisation"] for key in given["keys"]] == ["alfa", "beta", "gamma"]
    assert (len(given["approvals"]), given["revocations"]) == (3, [])
    stranger = enrolled(Organisation.objects.create(slug="other", name="Other"))
    assert stranger.call("GET", path).status_code == 404


def test_an_approval_of_the_wrong_kind_or_hash_is_refused(make_stations: Callable[..., Stations]) -> None:
    stations = make_stations()
    alfa = stations.sides["alfa"]
    assert codes(approve(alfa, stations.contract, "approval")) == ["statement.approval_type"]
    assert codes(approve(alfa, stations.contract, contract="0" * 64)) == ["contract.unknown"]


def test_a_revocation_stops_what_was_not_released(preparing: Stations) -> None:
    gamma = preparing.sides["gamma"]
    answer = gamma.state("revocation", contract=preparing.contract.sha256, reason="invented", at=int(time.time()))
    assert answer.document == {"state": "revoked"}
    assert preparing.state() == "cancelled"
    assert "gate.revoked" in [reason.code for reason in preparing.run.why]
    given = gamma.call("GET", f"contracts/{preparing.contract.sha256}").document
    assert len(given["revocations"]) == 1


def test_drafting_takes_keys_and_schemas_from_the_stations(
    make_stations: Callable[..., Stations], asker: Callable[[], User]
) -> None:
    stations = make_stations()
    use_case = stations.contract.use_case
    with pytest.raises(Refused) as refused:
        actions.draft_contract(use_case=use_case, by=asker(), trial=True)
    assert [reason.code for reason in refused.value.reasons] == ["contract.no_dataset"] * 2
    stations.sides["alfa"].announce("rows", synthetic=True)
    stations.sides["beta"].announce("rows", synthetic=True)
    with pytest.raises(Refused) as refused:
        actions.draft_contract(use_case=use_case, by=asker(), trial=True)
    assert {reason.code for reason in refused.value.reasons} == {"contract.dataset_column"}
    for key, entry in zip(("alfa", "beta"), use_case.specification.data["inputs"], strict=True):
        columns = [{k: c[k] for k in ("name", "type", "description", "data_class")} for c in entry["columns"]]
        stations.sides[key].announce("rows", synthetic=True, columns=columns)
    contract = actions.draft_contract(use_case=use_case, by=asker(), trial=True)
    assert contract.state == "drafted"
    assert stations.sides["gamma"].hints() == [{"type": "contract", "contract": contract.sha256}]


def test_two_use_cases_do_not_mix(make_stations: Callable[..., Stations], asker: Callable[[], User]) -> None:
    stations = make_stations()
    other = draft(stations.sides, asker())
    assert [hint["contract"] for hint in stations.sides["alfa"].hints()] == [other.sha256]
