"""What a partner reads is the whole contract, by the station's own template, and nothing that steers the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.contract.canonical import code
from station.contract.contract import Contract
from station.datasets.registry import Dataset
from station.datasets.schema import read_schema
from station.home import Home
from station.reasons import Refused
from station.rendering import render, render_document, render_table
from station.rendering.contract import labels
from station.rendering.document import is_text, plain
from tests.station.contract.test_rules import changed
from tests.station.example import Agreed, schema, specification

KINDS = [
    {"kind": "hex", "length": 64}, {"kind": "uuid"}, {"kind": "text", "max_length": 20}, {"kind": "bool"},
    {"kind": "int", "minimum": None, "maximum": 99},
]  # fmt: skip
CONTROL = "\x1b]0;owned\x07\x1b[2J\r\x00\u202e\u2066\x9b1m"


def every_kind() -> Agreed:
    """A contract in which every kind of column occurs."""
    spec = specification()
    first = spec["inputs"][0]["columns"][0]
    spec["inputs"][0]["columns"] += [
        {**first, "name": f"column_{n}", "use": "condition", "type": kind} for n, kind in enumerate(KINDS)
    ]
    return Agreed(specification=spec)


def shown(contract: Contract, home: Home, language: str = "en") -> str:
    return render(contract, language, own=home.organisation, registry=home.datasets)


def leaves(node, language):
    """Every single value of a document; of a text the one that the reader gets."""
    if is_text(node):
        yield node[language]
    elif isinstance(node, dict):
        for value in node.values():
            yield from leaves(value, language)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, language)
    else:
        yield node


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("trial", [False, True])
def test_no_value_of_a_contract_stays_out_of_sight(home, language, trial):
    agreed = every_kind()
    agreed.trial = trial
    text = shown(agreed.contract, home, language)
    lines = {line.rpartition(": ")[2].strip().removeprefix("- ") for line in text.splitlines()}
    for value in leaves(agreed.document, language):
        assert plain(value, language) in lines, value
    assert f": {code(agreed.sha256)}\n" in text and f": {agreed.sha256}\n" in text
    assert (labels()["_trial"][language] in text) == trial


def test_every_field_has_a_label():
    def names(node):
        if isinstance(node, dict) and not is_text(node):
            yield from node
            for name, value in node.items():
                if name != "parameters":
                    yield from names(value)
        elif isinstance(node, list):
            for value in node:
                yield from names(value)

    used = set(names(every_kind().document))
    assert used - set(labels()) == set()
    assert {name for name in labels() if not name.startswith("_")} - used == set()
    assert all(set(text) == {"nl", "en"} and all(text.values()) for text in labels().values())


def test_what_the_analysis_lets_others_learn_is_told(home):
    text = shown(Agreed().contract, home)
    assert labels()["_leakage"]["en"] in text
    for organisation in ("kvk", "belastingdienst", "gemeenten"):
        assert organisation in text.split(labels()["_leakage"]["en"])[1]


def test_own_data_is_described_by_the_own_station(home, tmp_path):
    """Not by the words that the platform put in the contract."""
    ours = schema("kvk")
    ours["description"] = {"nl": "ons eigen register", "en": "our own register"}
    ours["columns"][1]["description"] = {"nl": "onze regio", "en": "our region"}
    home.datasets.put(Dataset(read_schema(ours), tmp_path / "rows.csv", "csv"))
    text = shown(Agreed().contract, home).split(labels()["_own"]["en"])[1]
    assert "our own register" in text and "region: our region" in text and "invented" in text


def test_own_data_that_is_not_there_is_told(home):
    assert "This station knows no dataset 'register'" in shown(Agreed().contract, home)


@pytest.mark.parametrize("path", ["surprise", "specification.surprise", "specification.outputs.0.surprise"])
def test_a_field_that_cannot_be_shown_is_refused(home, path):
    """Also when the contract itself would take it, as one of a newer program does."""
    document = changed(Agreed().document, path, "x")

    class Newer:
        specification, is_trial, sha256 = Agreed().contract.specification, False, "0" * 64
        document = staticmethod(lambda: document)

    with pytest.raises(Refused) as caught:
        shown(Newer(), home)
    assert [(r.code, r.facts["field"]) for r in caught.value.reasons] == [("rendering.unknown_field", "surprise")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title.nl", CONTROL),
        ("title.en", CONTROL),
        ("parties.0.name", CONTROL),
        ("inputs.0.columns.1.description.en", CONTROL),
        ("inputs.0.columns.1.type.values", [CONTROL, "Noord"]),
        ("parameters.conditions.0.value", CONTROL),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_nothing_in_a_contract_steers_the_terminal(home, path, value, language):
    text = shown(Agreed(specification=changed(specification(), path, value)).contract, home, language)
    assert all(char == "\n" or char.isprintable() for char in text)


TEXTS = st.text(st.characters(), max_size=9)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.fixed_dictionaries({"nl": TEXTS, "en": TEXTS}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@given(DOCUMENTS, st.sampled_from(["nl", "en"]))
def test_any_document_becomes_printable_lines(document, language):
    lines = render_document(document, language)
    assert all(line.isprintable() for line in lines)


@given(st.lists(st.lists(st.none() | st.integers() | TEXTS, min_size=2, max_size=2), max_size=5), TEXTS)
def test_a_table_has_a_line_for_every_row(rows, name):
    text = render_table({"columns": [name, "count"], "rows": rows, "suppressed": 0}, "en")
    assert len(text.split("\n")) == len(rows) + 2
    assert all(char == "\n" or char.isprintable() for char in text)


def test_a_table_shows_a_dot_for_what_is_suppressed():
    rows = [["Noord", 31], ["Zuid", None]]
    text = render_table({"columns": ["region", "count"], "rows": rows, "suppressed": 1}, "nl")
    assert text.splitlines() == ["region  count", "------  -----", "Noord   31", "Zuid    ."]
