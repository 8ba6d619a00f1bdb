"""A platform that wants something else computed than was signed: real stations, over HTTP, refuse it for its reason.

Every contract here is drafted as a good one is, with all hashes right unless the test is about a wrong one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from station.agent.contracts import fetch, own_reasons, signature_reasons
from station.agent.platform import Platform
from station.contract.canonical import canonical, code, load, same_code
from station.contract.contract import Contract
from station.contract.signatures import new_key, public, sign
from station.home import Home
from station.reasons import Reason, Refused
from tests.station.contract.test_rules import changed
from tests.station.example import PARTIES, Agreed, days, entry, paper, specification
from tests.station.homes import made_home, register_rows
from tests.station.hostile import HostilePlatform

LEAST_K = 20


@dataclass
class Scene:
    """Three stations that signed ``agreed``, and the platform they all ask."""

    homes: dict[str, Home]
    platform: HostilePlatform
    agreed: Agreed

    def drafted(self, **changes: Any) -> Agreed:
        """Another contract of the same parties and keys, drafted correctly."""
        return Agreed(**({"keys": self.agreed.keys} | changes))

    def fetch(self, organisation: str, contract: Agreed | str, /, **answer: Any) -> Contract:
        sha256 = contract if isinstance(contract, str) else contract.sha256
        if isinstance(contract, Agreed):
            self.platform.hands(sha256, contract.answer(**answer))
        home = self.homes[organisation]
        return fetch(home, Platform(home.settings.platform, home.key, organisation), sha256)

    def reasons(self, organisation: str, contract: Agreed, **answer: Any) -> list[str]:
        """Why that station computes nothing under this contract, whatever comes with it."""
        fetched, home = self.fetch(organisation, contract, **answer), self.homes[organisation]
        return codes([*own_reasons(home, fetched), *signature_reasons(home, fetched, date.today())])

    def own(self, organisation: str, contract: Agreed, **answer: Any) -> list[str]:
        return codes(own_reasons(self.homes[organisation], self.fetch(organisation, contract, **answer)))


def codes(reasons: list[Reason]) -> list[str]:
    for reason in reasons:
        assert "?" not in reason.text("nl") + reason.text("en")
    return [reason.code for reason in reasons]


@pytest.fixture(scope="module")
def platform() -> Iterator[HostilePlatform]:
    with HostilePlatform() as platform:
        yield platform


@pytest.fixture(scope="module")
def signed(platform: HostilePlatform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directories of three stations that compared the code of one contract; made once, used as copies."""
    root = tmp_path_factory.mktemp("stations")
    homes = {key: made_home(root / key, platform=platform.address) for key in PARTIES}
    for home in homes.values():
        register_rows(home, root)
        home.policy_file.write_text(home.policy_file.read_text().replace("least_k = 10", f"least_k = {LEAST_K}"))
    scene = Scene(homes, platform, Agreed(keys={key: home.key for key, home in homes.items()}))
    for key, home in homes.items():
        home.pins.learn(scene.fetch(key, scene.agreed), home.ledger.contract_keys(scene.agreed.sha256))
        home.ledger.db.close()
    return root


@pytest.fixture
def scene(signed: Path, platform: HostilePlatform, tmp_path: Path) -> Scene:
    for key in PARTIES:
        shutil.copytree(signed / key, tmp_path / key)
    homes = {key: Home(tmp_path / key) for key in PARTIES}
    return Scene(homes, platform, Agreed(keys={key: home.key for key, home in homes.items()}))


each_station = pytest.mark.parametrize("organisation", PARTIES)


@each_station
def test_the_contract_that_all_signed_is_computed(scene, organisation):
    """The measure for everything below: without an attack there is no reason."""
    assert scene.reasons(organisation, scene.agreed) == []


# A lower k


def with_k(k: int) -> dict[str, Any]:
    return changed(specification(), "disclosure.k", k)


@each_station
def test_a_lower_k_is_refused_by_every_stations_own_policy(scene, organisation):
    lower = scene.drafted(specification=with_k(LEAST_K - 1))
    assert scene.own(organisation, lower) == ["policy.k"]


@each_station
def test_a_lower_k_with_the_signatures_of_the_real_contract(scene, organisation):
    """Also when every policy would allow that k: nobody signed it, this station itself included."""
    lower = scene.drafted(specification=with_k(LEAST_K))
    approvals = [scene.agreed.approval(key) for key in PARTIES]
    assert scene.reasons(organisation, lower, approvals=approvals) == ["contract.not_signed"] * 3


@each_station
def test_a_lower_k_under_the_hash_of_the_real_contract(scene, organisation):
    lower = scene.drafted(specification=with_k(LEAST_K))
    scene.platform.hands(scene.agreed.sha256, lower.answer())
    assert refused(scene.fetch, organisation, scene.agreed.sha256) == ["contract.other_hash"]


@each_station
def test_a_lower_k_that_keeps_the_specification_hash_of_the_assessment(scene, organisation):
    agreed_hash = scene.agreed.document["specification_sha256"]
    lower = scene.drafted(specification=with_k(LEAST_K), changes={"specification_sha256": agreed_hash})
    assert scene.own(organisation, lower) == ["contract.specification_hash"]


# Other keys


@each_station
def test_swapped_keys(scene, organisation):
    """Two others swapped is a changed pin; our own swapped away is noticed first of all."""
    keys = scene.agreed.keys
    swapped = scene.drafted(keys={**keys, "gemeenten": keys["belastingdienst"], "belastingdienst": keys["gemeenten"]})
    expected = ["pin.changed", "pin.changed"] + (["contract.own_key"] if organisation != "kvk" else [])
    assert scene.own(organisation, swapped) == expected


def test_keys_sent_under_another_name_change_nothing(scene):
    """A key belongs to whom the contract says, not to whom the answer says."""
    names = [{**item, "organisation": "kvk"} for item in scene.agreed.jwks()]
    assert scene.reasons("kvk", scene.agreed, keys=names) == []


@each_station
def test_a_key_of_the_platforms_own_making(scene, organisation):
    """It drafts with its own key for one organisation and signs in that name."""
    forged = scene.drafted(keys={**scene.agreed.keys, "gemeenten": new_key()})
    found = scene.reasons(organisation, forged)
    assert "pin.changed" in found and "contract.not_signed" in found
    assert ("contract.own_key" in found) == (organisation == "gemeenten")


def test_a_first_contract_with_other_keys_has_another_code(scene):
    """Before any pin there is the code on paper, which holds every key."""
    forged = scene.drafted(keys={**scene.agreed.keys, "gemeenten": new_key()})
    assert not same_code(code(scene.agreed.sha256), forged.sha256)


@each_station
def test_keys_that_are_not_sent_along(scene, organisation):
    other = scene.drafted(changes={"drafted_on": days(1)})
    for keys in (other.jwks()[:2], [{"organisation": key, "jwk": public(new_key())} for key in PARTIES]):
        assert refused(scene.fetch, organisation, other, keys=keys) == ["contract.key_missing"]
        assert other.sha256 not in scene.homes[organisation].ledger.contracts()


# Signatures


@each_station
def test_the_signatures_of_another_contract(scene, organisation):
    following = scene.drafted(changes={"drafted_on": days(1)})
    approvals = [scene.agreed.approval(key) for key in PARTIES]
    assert scene.reasons(organisation, following, approvals=approvals) == ["contract.not_signed"] * 3


@each_station
def test_two_parties_with_one_key_in_the_contract(scene, organisation):
    keys = scene.agreed.keys
    assert "contract.shared_key" in scene.own(organisation, scene.drafted(keys={**keys, "gemeenten": keys["kvk"]}))


@each_station
def test_two_parties_signatures_by_one_key(scene, organisation):
    following = scene.drafted(changes={"drafted_on": days(1)})
    keys = scene.agreed.keys
    approvals = [
        following.approval("kvk"), following.approval("belastingdienst"),
        following.approval("gemeenten", key=keys["belastingdienst"]),
    ]  # fmt: skip
    home, fetched = scene.homes[organisation], scene.fetch(organisation, following, approvals=approvals)
    reasons = list(signature_reasons(home, fetched, date.today()))
    assert [(r.code, r.facts["organisation"]) for r in reasons] == [("contract.not_signed", "gemeenten")]


def test_one_organisation_signs_in_the_name_of_another(scene):
    """belastingdienst's key, belastingdienst's name in the header, gemeenten's in the payload, and the reverse."""
    following = scene.drafted(changes={"drafted_on": days(1)})
    forged = following.approval("gemeenten", key=scene.agreed.keys["belastingdienst"])
    approvals = [following.approval("kvk"), forged, forged]
    assert scene.reasons("kvk", following, approvals=approvals) == ["contract.not_signed"] * 2


@each_station
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "trial_approval"}, "contract.not_signed"),
        ({"kind": "withhold"}, "contract.not_signed"),
        ({"organisation": "kvk"}, "contract.not_signed"),
        ({"surprise": 1}, "contract.not_signed"),
        ({"mandate": {"function": "director", "reference": "1", "valid_to": days(-1)}}, "contract.mandate_ended"),
        ({"mandate": {"function": "director", "reference": "1", "valid_to": "2099-99-99"}}, "contract.mandate_ended"),
        ({"decided_on": days(91)}, "contract.mandate_ended"),
        ({"decided_on": "yesterday"}, "contract.mandate_ended"),
    ],
)
def test_a_signature_that_is_not_this_approval(scene, organisation, changes, expected):
    following = scene.drafted(changes={"drafted_on": days(1)})
    approvals = [
        following.approval("kvk"), following.approval("belastingdienst"), following.approval("gemeenten", **changes)
    ]  # fmt: skip
    assert scene.reasons(organisation, following, approvals=approvals) == [expected]


@each_station
def test_a_signature_outlives_its_mandate(scene, organisation):
    """Decided the day before the mandate ended: the organisation is bound, whoever has the function now."""
    following = scene.drafted(changes={"drafted_on": days(1)})
    mandate = {"function": "director", "reference": "1", "valid_to": days(-1)}
    approvals = [
        following.approval("kvk"), following.approval("belastingdienst"),
        following.approval("gemeenten", mandate=mandate, decided_on=days(-2)),
    ]  # fmt: skip
    assert scene.reasons(organisation, following, approvals=approvals) == []


# Trials


@each_station
def test_a_trial_contract_over_real_data(scene, organisation):
    """Without DPIA and bases, and the datasets called synthetic: the stations that have them know better."""
    trial = scene.drafted(trial=True)
    expected = ["dataset.schema_changed"] if organisation != "gemeenten" else []
    assert scene.own(organisation, trial) == expected


@each_station
def test_a_trial_contract_that_admits_real_data(scene, organisation):
    real = {"datasets": scene.agreed.document["datasets"]}
    assert scene.own(organisation, scene.drafted(trial=True, changes=real)) == ["contract.trial_not_synthetic"]


@each_station
def test_trial_approvals_never_count_for_a_real_contract(scene, organisation):
    following = scene.drafted(changes={"drafted_on": days(1)})
    approvals = [following.approval(key, kind="trial_approval") for key in PARTIES]
    assert scene.reasons(organisation, following, approvals=approvals) == ["contract.not_signed"] * 3


# Documents and fields


def missing(texts: list[dict[str, str]]) -> list[dict[str, str]]:
    return texts[1:]


def rewritten(texts: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**texts[0], "text": texts[0]["text"].replace("invented", "harmless")}, *texts[1:]]


def renamed(texts: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**texts[0], "sha256": texts[1]["sha256"]}, *texts[2:]]


@each_station
@pytest.mark.parametrize("spoil", [missing, rewritten, renamed])
def test_a_document_with_another_hash(scene, organisation, spoil):
    following = scene.drafted(changes={"drafted_on": days(1)})
    found = refused(scene.fetch, organisation, following, documents=spoil(following.texts()))
    assert found == ["contract.document_missing"]
    assert following.sha256 not in scene.homes[organisation].ledger.contracts()


@each_station
def test_a_contract_that_rests_on_less(scene, organisation):
    own = scene.drafted(papers=[paper("agreement"), *(paper("legal_basis", key) for key in PARTIES)])
    assert scene.own(organisation, own) == ["contract.no_assessment"]
    twice = [*scene.agreed.document["documents"], entry(scene.agreed.papers[0])]
    assert scene.own(organisation, scene.drafted(changes={"documents": twice})) == ["contract.no_assessment"]


@each_station
def test_a_contract_whose_legal_bases_leave_a_cell_open(scene, organisation):
    """Every party has a row, but nobody approved that kvk receives the result, or that its checker sees it."""
    common = [paper("assessment"), paper("agreement")]
    rows = scene.agreed.papers[2:]
    for operation in ("receive", "release"):
        less = scene.drafted(papers=[*common, *(row for row in rows if row["operation"] != operation)])
        assert scene.own(organisation, less) == ["contract.cells_open"]
    past = [row | {"valid_to": days(-1)} if row["operation"] == "receive" else row for row in rows]
    assert scene.own(organisation, scene.drafted(papers=[*common, *past])) == ["contract.cells_open"]
    later = [row | {"valid_from": days(1)} if row["operation"] == "receive" else row for row in rows]
    assert scene.own(organisation, scene.drafted(papers=[*common, *later])) == ["contract.cells_open"]


@each_station
def test_a_contract_whose_legal_bases_are_about_something_else(scene, organisation):
    common, rows = [paper("assessment"), paper("agreement")], scene.agreed.papers[2:]
    other = [*rows[:-1], rows[-1] | {"specification_sha256": "0" * 64}]
    asked = ["contract.basis_differs", "contract.cells_open"]
    assert scene.own(organisation, scene.drafted(papers=[*common, *other])) == asked
    longer = [*(entry(text) for text in [*common, *rows[:-1]]), entry(rows[-1]) | {"valid_to": days(90)}]
    assert scene.own(organisation, scene.drafted(changes={"documents": longer})) == asked


@each_station
@pytest.mark.parametrize("path", ["override", "specification.disclosure.exceptions", "stations.0.also"])
def test_an_unknown_field(scene, organisation, path):
    """Perhaps one that a newer program knows and this station cannot show."""
    document = changed(scene.agreed.document, path, "yes")
    following = scene.drafted(changes=document)
    scene.platform.hands(following.sha256, scene.agreed.answer(contract=canonical(document).decode()))
    assert refused(scene.fetch, organisation, following.sha256) == ["contract.field"]
    assert scene.homes[organisation].ledger.contracts() == [scene.agreed.sha256]


@each_station
def test_a_contract_between_others(scene, organisation):
    spec = load(canonical(specification()).decode().replace(f'"organisation":"{organisation}"', '"organisation":"cbs"'))
    others = {key if key != organisation else "cbs": value for key, value in scene.agreed.keys.items()}
    between = Agreed(keys=others, specification=spec, papers=scene.agreed.papers)
    scene.platform.hands(between.sha256, scene.agreed.answer(contract=between.text, keys=between.jwks(), approvals=[]))
    contract = scene.fetch(organisation, between.sha256)
    assert codes(own_reasons(scene.homes[organisation], contract)) == ["contract.not_ours"]


# Own data and own rules


def test_other_columns_of_our_data_than_we_announced(scene):
    changes = {"datasets": [{**d, "sha256": "0" * 64} for d in scene.agreed.document["datasets"]]}
    assert scene.own("kvk", scene.drafted(changes=changes)) == ["dataset.schema_changed"]
    column = {**specification()["inputs"][0]["columns"][1], "name": "income", "use": "group"}
    more = changed(specification(), "inputs.0.columns.+", column)
    assert scene.own("kvk", scene.drafted(specification=more)) == ["dataset.column_declared"]


def test_a_partner_or_dataset_that_our_policy_does_not_know(scene):
    policy = scene.homes["kvk"].policy_file
    policy.write_text(policy.read_text().replace('partners = ["*"]', 'partners = ["gemeenten"]'))
    assert scene.own("kvk", scene.agreed) == ["policy.partner"]
    policy.write_text(policy.read_text().replace('datasets = ["*"]', "datasets = []"))
    assert scene.own("kvk", scene.agreed) == ["policy.dataset", "policy.partner"]


# Revocations


def revocation(agreed: Agreed, organisation: str, key: Any = None) -> str:
    payload = {"contract": agreed.sha256, "organisation": organisation, "reason": "enough", "at": 1}
    return sign("revocation", payload, key or agreed.keys[organisation])


@each_station
def test_a_revocation_cannot_be_unheard(scene, organisation):
    agreed = scene.agreed
    assert scene.reasons(organisation, agreed, revocations=[revocation(agreed, "gemeenten")]) == ["contract.revoked"]
    assert scene.reasons(organisation, agreed, revocations=[]) == ["contract.revoked"]


@each_station
def test_a_revocation_cannot_be_forged(scene, organisation):
    agreed = scene.agreed
    forged = [
        revocation(agreed, "gemeenten", new_key()),
        revocation(agreed, "gemeenten", agreed.keys["kvk"]),
        revocation(scene.drafted(changes={"drafted_on": days(1)}), "gemeenten"),
    ]
    assert scene.reasons(organisation, agreed, revocations=forged) == []


# Nonsense


@pytest.mark.parametrize(
    "changes",
    [
        {"contract": None}, {"contract": 5}, {"contract": {}}, {"contract": "{}"}, {"contract": "\ud800"},
        {"keys": None}, {"keys": [5]}, {"keys": [{}]}, {"keys": [{"jwk": None}]}, {"keys": [{"jwk": {"kty": "oct"}}]},
        {"documents": None}, {"documents": [5]}, {"documents": [{"sha256": [], "text": {}}]},
        {"documents": [{"sha256": "x", "text": "\ud800"}]},
        {"approvals": None}, {"approvals": 5}, {"revocations": None}, {"revocations": 5},
    ],
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_refused_and_nothing_is_kept(scene, changes):
    following = scene.drafted(changes={"drafted_on": days(1)})
    assert refused(scene.fetch, "kvk", following, **changes)
    assert scene.homes["kvk"].ledger.contracts() == [scene.agreed.sha256]


@pytest.mark.parametrize("tokens", [[None, 5, {}, [], "", "a.b.c", "....", "\ud800.\ud800.\ud800"], "abc", {}])
def test_signatures_that_make_no_sense_are_left_aside(scene, tokens):
    following = scene.drafted(changes={"drafted_on": days(1)})
    assert scene.reasons("kvk", following, approvals=tokens) == ["contract.not_signed"] * 3


@pytest.mark.parametrize("said", [b"", b"not json", b"[]", b"5", b'{"contract":', (200, {}), (404, {}), (409, {})])
def test_a_platform_that_talks_nonsense(scene, said):
    scene.platform.says["GET", f"contracts/{'0' * 64}"] = said
    assert refused(scene.fetch, "kvk", "0" * 64) in (["platform.unreadable"], ["platform.refused"])


def refused(act: Callable[..., Any], *arguments: Any, **facts: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        act(*arguments, **facts)
    return codes(caught.value.reasons)
