"""Keys are learned once, with a contract whose code was compared; another key afterwards is a hard stop."""

import pytest
from joserfc.jwk import ECKey

from station.contract.signatures import new_key, public, thumbprint
from station.reasons import Refused
from tests.station.example import PARTIES, Agreed


def codes(reasons):
    return [(reason.code, reason.facts["organisation"]) for reason in reasons]


def refused(act, *arguments):
    with pytest.raises(Refused) as caught:
        act(*arguments)
    return [reason.code for reason in caught.value.reasons]


def jwks(agreed: Agreed):
    return [item["jwk"] for item in agreed.jwks()]


def test_keys_are_learned_from_a_contract(home):
    agreed = Agreed()
    assert home.pins.all() == {}
    home.pins.learn(agreed.contract, jwks(agreed))
    pins = home.pins.all()
    assert {key: pin["thumbprint"] for key, pin in pins.items()} == {k: thumbprint(v) for k, v in agreed.keys.items()}
    assert {pin["contract"] for pin in pins.values()} == {agreed.sha256}
    assert home.pins.reasons(agreed.contract) == []


def test_the_same_keys_serve_the_next_contract(home):
    first = Agreed()
    home.pins.learn(first.contract, jwks(first))
    before = home.pins.all()
    following = Agreed(keys=first.keys, changes={"drafted_on": "2030-01-01"})
    home.pins.learn(following.contract, jwks(following))
    assert home.pins.all() == before


def test_another_key_for_a_known_organisation_is_a_hard_stop(home):
    first = Agreed()
    home.pins.learn(first.contract, jwks(first))
    before = home.pins.path.read_bytes()
    changed = Agreed(keys={**first.keys, "gemeenten": new_key()})
    assert codes(home.pins.reasons(changed.contract)) == [("pin.changed", "gemeenten")]
    assert refused(home.pins.learn, changed.contract, jwks(changed)) == ["pin.changed"]
    assert home.pins.path.read_bytes() == before


def test_swapped_keys_are_two_changed_pins(home):
    first = Agreed()
    home.pins.learn(first.contract, jwks(first))
    swapped = Agreed(
        keys={**first.keys, "gemeenten": first.keys["belastingdienst"], "belastingdienst": first.keys["gemeenten"]}
    )
    assert codes(home.pins.reasons(swapped.contract)) == [
        ("pin.changed", "belastingdienst"), ("pin.changed", "gemeenten")
    ]  # fmt: skip


def test_a_key_that_was_not_sent_along_is_not_learned(home):
    agreed = Agreed()
    assert refused(home.pins.learn, agreed.contract, jwks(agreed)[:2]) == ["pin.key_missing"]
    assert home.pins.all() == {}


def test_keys_that_the_contract_does_not_name_are_not_learned(home):
    agreed = Agreed()
    home.pins.learn(agreed.contract, [*jwks(agreed), public(new_key())])
    assert set(home.pins.all()) == set(PARTIES)


def find(home, agreed: Agreed, organisation: str, key: ECKey) -> ECKey | None:
    return home.pins.key_of(agreed.contract, organisation)(thumbprint(key))


def test_a_key_is_found_only_for_its_own_organisation(home):
    agreed = Agreed()
    home.pins.learn(agreed.contract, jwks(agreed))
    for organisation in PARTIES:
        for owner, key in agreed.keys.items():
            assert (find(home, agreed, organisation, key) is not None) == (organisation == owner)
    assert find(home, agreed, "cbs", agreed.keys["kvk"]) is None


def test_a_pinned_key_counts_only_under_a_contract_that_names_it(home):
    first = Agreed()
    home.pins.learn(first.contract, jwks(first))
    other = Agreed(keys={**first.keys, "gemeenten": new_key()})
    assert find(home, other, "gemeenten", first.keys["gemeenten"]) is None
    assert find(home, other, "gemeenten", other.keys["gemeenten"]) is None
    assert find(home, other, "kvk", first.keys["kvk"]) is not None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"kvk": {}}', '{"kvk": {"thumbprint": 5}}', '{"kvk": null}'])
def test_damaged_pins_are_a_hard_stop(home, text):
    """An empty list would make every key new again, and a changed one would pass."""
    home.pins.path.write_text(text)
    agreed = Agreed()
    assert refused(home.pins.reasons, agreed.contract) == ["file.unreadable"]
    assert refused(home.pins.learn, agreed.contract, jwks(agreed)) == ["file.unreadable"]
    assert home.pins.path.read_text() == text
