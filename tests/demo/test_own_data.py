"""Specification files: what may be left out, and a sentence for whoever got one wrong."""

import csv
from datetime import date

import pytest
import yaml

from demo import own_data, plain
from station.contract.rules import specification_reasons
from station.reasons import Refused, sentences

TODAY = date(2026, 3, 2)
ROWS = {
    "registry.csv": ["person,age,city", *(f"{n:04d},{20 + n % 3},{'Ede' if n % 2 else 'Urk'}" for n in range(400))],
    "debts.csv": ["person,amount", *(f"{n:04d},{n % 5}" for n in range(400))],
    "help.csv": ["person,asked", *(f"{n:04d},{'true' if n % 3 else 'false'}" for n in range(0, 400))],
}
SMALLEST = {
    "parties": [
        {"organisation": "registry", "file": "registry.csv"},
        {"organisation": "debts", "file": "debts.csv"},
        {"organisation": "help", "file": "help.csv"},
    ],
    "analysis": "grouped_counts",
    "parameters": {
        "base": "registry",
        "group_by": ["registry.city"],
        "conditions": [
            {"column": "debts.amount", "op": "gt", "value": 0},
            {"column": "help.asked", "op": "eq", "value": True},
        ],
    },
    "recipients": ["registry"],
}


@pytest.fixture
def place(tmp_path):
    for name, lines in ROWS.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n", "utf-8")

    def write(**changes):
        file = tmp_path / "question.yaml"
        file.write_text(yaml.safe_dump({**SMALLEST, **changes}), "utf-8")
        return file

    return write


def codes(file):
    with pytest.raises(Refused) as refused:
        own_data.read(file, today=TODAY)
    for reason in refused.value.reasons:
        assert reason.code in sentences()
        assert "?" not in reason.text("nl") + reason.text("en")
    return {reason.code for reason in refused.value.reasons}


def test_the_smallest_file_is_enough(place):
    plan = own_data.read(place(), today=TODAY)
    spec = plan.specification
    assert specification_reasons(spec) == []
    assert (spec.asker, spec.outputs[0].checker, spec.disclosure.k) == ("registry", "debts", 10)
    assert [party.party_roles for party in spec.parties] == [
        ["input_party", "computing_party", "result_party"],
        ["input_party", "computing_party"],
        ["input_party", "computing_party"],
    ]
    kinds = {f"{i.id}.{c.name}": (c.type.kind, c.use) for i in spec.inputs for c in i.columns}
    assert kinds == {
        "registry.person": ("digits", "join_key"),
        "registry.city": ("code", "group"),
        "debts.person": ("digits", "join_key"),
        "debts.amount": ("int", "condition"),
        "help.person": ("digits", "join_key"),
        "help.asked": ("bool", "condition"),
    }
    assert (spec.schedule.start, spec.schedule.end) == ("2026-03-02", "2027-03-02")


def test_plain_answer_of_the_smallest_file(place):
    plan = own_data.read(place(), today=TODAY)
    counted = {"Ede": 0, "Urk": 0}
    for n in range(400):
        counted["Ede" if n % 2 else "Urk"] += bool(n % 5 and n % 3)
    assert plain.table(plan.specification, plan.files)["rows"] == [["Ede", counted["Ede"]], ["Urk", counted["Urk"]]]


def test_a_third_party_without_data_only_computes(place):
    parties = [*SMALLEST["parties"][:2], {"organisation": "helper", "capacity": "processor"}]
    parameters = {**SMALLEST["parameters"], "conditions": SMALLEST["parameters"]["conditions"][:1]}
    spec = own_data.read(place(parties=parties, parameters=parameters), today=TODAY).specification
    assert spec.parties[2].party_roles == ["computing_party"]
    assert len(spec.inputs) == 2


def test_dates_may_be_written_as_yaml_dates(place):
    schedule = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}
    assert own_data.read(place(schedule=schedule), today=TODAY).specification.schedule.start == "2026-01-01"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"colour": "red"}, "own_data.field"),
        ({"analysis": "mind_reading"}, "analysis.unknown"),
        ({"recipients": None}, "own_data.recipients"),
        ({"recipients": ["stranger"]}, "specification.recipient_outside"),
        ({"checker": "registry"}, "specification.checker_is_asker"),
        ({"checker": "stranger"}, "specification.checker_outside"),
        ({"disclosure": {"k": 1}}, "own_data.field"),
        ({"schedule": {"start": "2026-05-01", "end": "2026-04-01"}}, "specification.window_ends_early"),
        ({"schedule": {"start": "soon"}}, "own_data.field"),
        ({"schedule": {"start": "2026-04-01"}}, "own_data.window"),
        ({"disclosure": {"k": 9}}, "own_data.least_k"),
        ({"parameters": {"base": "registry", "group_by": ["city"]}}, "own_data.reference"),
        ({"parameters": {"base": "registry", "group_by": ["registry.town"]}}, "dataset.column_missing"),
        ({"parties": [{"organisation": "registry", "file": "lost.csv"}, *SMALLEST["parties"][1:]]}, "own_data.no_file"),
        (
            {"parties": [{**SMALLEST["parties"][0], "columns": [{"name": "age"}]}, *SMALLEST["parties"][1:]]},
            "own_data.column_unused",
        ),
        ({"parties": [SMALLEST["parties"][0], *SMALLEST["parties"]]}, "specification.party_twice"),
    ],
)
def test_each_mistake_gets_its_sentence(place, changes, code):
    assert code in codes(place(**changes))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "dataset.empty_file"),
        ("person,amount\n", "dataset.empty_file"),
        ("person,amount,Amount\n0001,1,2\n", "dataset.column_doubled"),
        ("somebody,amount\n0001,1\n", "own_data.join_key"),
        ("person,amount\n0001,1.5\n0002,2\n", "own_data.decimals"),
        ("person,amount\n0001,caf\xe9\n".encode("latin-1"), "dataset.encoding"),
    ],
)
def test_a_csv_file_that_cannot_serve(place, tmp_path, text, code):
    file = place()
    (tmp_path / "debts.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    assert code in codes(file)


def test_no_reason_quotes_a_row(place, tmp_path):
    file = place()
    (tmp_path / "debts.csv").write_text('person,amount\n0001,"secret-cell\n', "utf-8")
    with pytest.raises(Refused) as refused:
        own_data.read(file, today=TODAY)
    assert "secret-cell" not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        (["1", "10", "432"], "int"),
        (["001", "010", "432"], "digits"),
        (["6f1c1a52-0d8e-4c0e-9df5-2f4b7d1a9c11", "6f1c1a52-0d8e-4c0e-9df5-2f4b7d1a9c12"], "uuid"),
        (["00ff00ff00ff00ff", "10ff00ff00ff00fa"], "hex"),
        (["Jansen", "Özdemir"], "text"),
    ],
)
def test_the_type_of_the_join_key(place, tmp_path, keys, kind):
    for name, column in (("registry.csv", "city"), ("debts.csv", "amount"), ("help.csv", "asked")):
        cell = {"city": "Ede", "amount": "1", "asked": "true"}[column]
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([["person", column], *([key, cell] for key in keys)])
    spec = own_data.read(place(), today=TODAY).specification
    assert {next(c.type.kind for c in i.columns if c.use == "join_key") for i in spec.inputs} == {kind}
