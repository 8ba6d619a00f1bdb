"""What a specification and a contract must hold, one change at a time, each with its own reason."""

import copy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.contract.contract import read_contract, read_specification
from station.contract.rules import contract_reasons, specification_reasons
from station.reasons import Refused
from tests.station.example import PARTIES, TEXT, Agreed, days, entry, paper, read, specification


def codes(reasons):
    return [reason.code for reason in reasons]


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with one value changed; ``path``: names and places with dots; ``+`` adds to a list."""
    *parts, last = path.split(".")
    node: Any = document
    for part in parts:
        node = node[int(part)] if isinstance(node, list) else node[part]
    if last == "+":
        node.append(value)
    else:
        node[int(last) if isinstance(node, list) else last] = value
    return document


def refused(read_it, document):
    with pytest.raises(Refused) as caught:
        read_it(document)
    return caught.value.reasons


def test_a_sound_specification_and_contract():
    assert specification_reasons(read(specification())) == []
    for trial in (False, True):
        agreed = Agreed(trial=trial)
        assert contract_reasons(agreed.contract) == []
        assert agreed.contract.sha256 == agreed.sha256


KVK_AGAIN = {**specification()["parties"][0], "party_roles": ["result_party"]}
KVK_INPUT = specification()["inputs"][0]
OUTPUT = specification()["outputs"][0]


@pytest.mark.parametrize(
    ("path", "value", "code", "facts"),
    [
        ("parties.+", KVK_AGAIN, "specification.party_twice", {"organisation": "kvk"}),
        ("parties.2.party_roles", ["result_party"], "specification.three_computing", {"number": 2}),
        ("asker", "cbs", "specification.asker_outside", {"organisation": "cbs"}),
        ("inputs.+", KVK_INPUT, "specification.input_twice", {"input": "kvk"}),
        ("parties.0.party_roles", ["computing_party", "result_party"], "specification.input_outside", {"input": "kvk"}),
        ("inputs.0.columns.+", KVK_INPUT["columns"][1], "specification.column_twice", {"column": "region"}),
        ("inputs.0.columns.0.use", "condition", "specification.one_join_key", {"input": "kvk"}),
        ("inputs.0.columns.1.use", "join_key", "specification.one_join_key", {"input": "kvk"}),
        ("parties.2.party_roles", ["input_party", "computing_party"], "specification.giver_without_input", {}),
        ("outputs.+", OUTPUT, "specification.output_twice", {"output": "table"}),
        ("outputs.0.recipients", ["kvk", "kvk"], "specification.recipient_twice", {"organisation": "kvk"}),
        ("outputs.0.recipients", ["kvk", "cbs"], "specification.recipient_outside", {"organisation": "cbs"}),
        ("outputs.0.recipients", ["gemeenten"], "specification.recipient_outside", {"organisation": "gemeenten"}),
        ("outputs.0.checker", "cbs", "specification.checker_outside", {"organisation": "cbs"}),
        ("outputs.0.checker", "kvk", "specification.checker_is_asker", {"organisation": "kvk"}),
        ("schedule.end", days(-1), "specification.window_ends_early", {"end": days(-1)}),
        ("schedule.end", "2026-02-30", "specification.window_no_date", {}),
        ("analysis", "magic", "analysis.unknown", {"analysis": "magic"}),
        ("parameters.extra", 1, "specification.parameter", {"where": "extra"}),
        ("parameters.base", "cbs", "specification.unknown_input", {"input": "cbs"}),
    ],
)
def test_one_fault_one_reason(path, value, code, facts):
    (reason,) = specification_reasons(read(changed(specification(), path, value)))
    assert reason.code == code
    assert facts.items() <= reason.facts.items()
    assert "?" not in reason.text("nl") + reason.text("en")


def test_without_a_controller():
    parties = [{**party, "capacity": "processor"} for party in specification()["parties"]]
    assert codes(specification_reasons(read(specification(parties=parties)))) == ["specification.no_controller"]


@pytest.mark.parametrize(
    ("path", "value", "where", "what"),
    [
        ("surprise", 1, "surprise", "there is no such field"),
        ("disclosure.surprise", 1, "disclosure.surprise", "there is no such field"),
        ("inputs.0.columns.0.surprise", 1, "inputs.0.columns.0.surprise", "there is no such field"),
        ("disclosure.k", 1, "disclosure.k", "at least 2"),
        ("disclosure.k", 25.0, "disclosure.k", "a whole number"),
        ("disclosure.k", "25", "disclosure.k", "a whole number"),
        ("disclosure.two_sided", "yes", "disclosure.two_sided", "true or false"),
        ("parties.0.capacity", "boss", "parties.0.capacity", "choose from: 'controller'"),
        ("parties.0.organisation", "KVK Nederland", "parties.0.organisation", "a short name"),
        ("inputs.0.columns.0.type", {"kind": "bsn"}, "inputs.0.columns.0.type", "choose from: 'digits'"),
        ("outputs.0.recipients", [], "outputs.0.recipients", "at least 1"),
        ("schedule.start", "1 mei 2026", "schedule.start", "a day"),
        ("title", "Just a title", "title", "fields with a name"),
        ("schema", "nicpet.specification/2", "schema", "choose from: 'nicpet.specification/1'"),
    ],
)
def test_a_field_that_is_wrong_is_named(path, value, where, what):
    (reason,) = refused(read_specification, changed(specification(), path, value))
    assert (reason.code, reason.facts["where"]) == ("specification.field", where)
    assert what in reason.text("en")
    assert reason.text("nl") != reason.text("en")


@given(st.recursive(st.none() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)))
def test_whatever_is_sent_instead_is_refused(document):
    assert codes(refused(read_specification, document))[0] == "specification.field"
    assert codes(refused(read_contract, document))[0] == "contract.field"


def test_what_is_wrong_never_holds_the_value():
    document = changed(specification(), "parties.0.name", ["secret 123456782"])
    changed(document, "inputs.0.columns.0.type", {"kind": "secret"})
    text = " ".join(reason.text("en") + repr(reason) for reason in refused(read_specification, document))
    assert "secret" not in text


def test_a_field_name_without_end_is_cut():
    (reason,) = refused(read_specification, specification(**{"x" * 100_000: 1}))
    assert len(reason.text("nl")) < 500


# The contract


def with_stations(*thumbprints: str) -> list[dict[str, str]]:
    return [{"organisation": o, "thumbprint": t} for o, t in zip(PARTIES, thumbprints, strict=True)]


KEYS = Agreed().keys
SOUND = Agreed(keys=KEYS).document
PRINTS = [station["thumbprint"] for station in SOUND["stations"]]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"specification_sha256": "0" * 64}, "contract.specification_hash"),
        ({"stations": SOUND["stations"][::-1]}, "contract.stations"),
        ({"stations": [{**SOUND["stations"][0], "organisation": "cbs"}, *SOUND["stations"][1:]]}, "contract.stations"),
        ({"stations": with_stations(PRINTS[0], PRINTS[0], PRINTS[2])}, "contract.shared_key"),
        ({"datasets": SOUND["datasets"][:1]}, "contract.datasets"),
        ({"datasets": [*SOUND["datasets"], SOUND["datasets"][0]]}, "contract.datasets"),
        ({"documents": SOUND["documents"][1:]}, "contract.no_assessment"),
        ({"documents": [*SOUND["documents"], entry(paper("assessment", "kvk"))]}, "contract.no_assessment"),
        ({"documents": [d for d in SOUND["documents"] if d["kind"] != "agreement"]}, "contract.no_agreement"),
        ({"documents": [d for d in SOUND["documents"] if d["organisation"] != "kvk"]}, "contract.no_legal_basis"),
        ({"valid_to": SOUND["valid_to"][:-1]}, "contract.no_validity"),
    ],
)
def test_one_fault_in_a_contract_is_named(changes, code):
    (reason,) = contract_reasons(Agreed(keys=KEYS, changes=changes).contract)
    assert reason.code == code
    assert "?" not in reason.text("nl") + reason.text("en")


def test_a_trial_only_uses_synthetic_data():
    real = [{**dataset, "synthetic": False} for dataset in SOUND["datasets"]]
    assert codes(contract_reasons(Agreed(trial=True, changes={"datasets": real}).contract)) == [
        "contract.trial_not_synthetic"
    ]


def test_a_contract_holds_the_faults_of_its_specification():
    faulty = changed(specification(), "outputs.0.checker", "kvk")
    assert codes(contract_reasons(Agreed(specification=faulty).contract)) == ["specification.checker_is_asker"]


@pytest.mark.parametrize("path", ["surprise", "specification.surprise", "stations.0.surprise", "documents.0.surprise"])
def test_an_unknown_field_is_refused(path):
    (reason,) = refused(read_contract, changed(Agreed().document, path, TEXT))
    assert (reason.code, reason.facts["where"]) == ("contract.field", path)


def test_a_contract_that_leaves_out_a_default_is_not_the_same_text():
    document = Agreed().document
    del document["specification"]["disclosure"]["rounding_base"]
    assert codes(refused(read_contract, document)) == ["contract.not_faithful"]


def test_the_contract_hash_covers_every_field():
    sound = Agreed(keys=KEYS)
    for path, value in [
        ("specification.disclosure.k", 24), ("documents.0.sha256", "0" * 64), ("stations.0.thumbprint", "x" * 43),
        ("datasets.0.sha256", "0" * 64), ("valid_to.0.valid_to", days(61)), ("drafted_on", days(1)),
        ("kind", "trial_contract"), ("use_case", "0" * 36), ("specification.schedule.slots", 3),
    ]:  # fmt: skip
        assert read_contract(changed(sound.document, path, value)).sha256 != sound.sha256, path


def test_a_contract_is_valid_inside_its_window_until_the_basis_ends():
    valid_to = [{"organisation": key, "valid_to": days(10)} for key in PARTIES]
    contract = Agreed(changes={"valid_to": valid_to}).contract
    today = date.today()
    for number, holds in [(-1, False), (0, True), (10, True), (11, False), (31, False)]:
        assert contract.valid_on(today + timedelta(days=number), "kvk") is holds, number


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "9999-99-99"])
def test_a_day_that_does_not_exist_never_holds(day):
    for changes in ({"valid_to": [{"organisation": key, "valid_to": day} for key in PARTIES]}, {}):
        spec = specification() if changes else changed(specification(), "schedule.end", day)
        assert not Agreed(specification=spec, changes=changes).contract.valid_on(date.today(), "kvk")


def paths(node: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []
    return [here, *(path for name, value in inner for path in paths(value, (*here, name)))]


VALUES = st.sampled_from(
    [None, True, 0, 1, -1, 2**53 - 1, "", "kvk", "region", "Noord", "eq", "in", [], {}, [1, "Noord"], ["kvk"]]
)  # fmt: skip


@settings(max_examples=300)
@given(st.data())
def test_any_change_is_sound_or_gets_a_reason(data):
    """Two values of a sound specification become something else: it is never a crash."""
    document = specification()
    for _ in range(2):
        *parts, last = data.draw(st.sampled_from(paths(document)[1:]))
        node: Any = document
        for part in parts:
            node = node[part]
        node[last] = copy.deepcopy(data.draw(VALUES))
    try:
        spec = read_specification(document)
    except Refused:
        return
    for reason in specification_reasons(spec):
        assert reason.text("nl") != reason.code
