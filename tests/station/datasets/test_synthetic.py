"""Invented rows: the same from the same recipe, always of the declared form, and whole or not there."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.datasets.registry import Dataset
from station.datasets.schema import read_schema
from station.datasets.synthetic import generate
from station.reasons import Refused
from tests.station.example import TEXT

TYPES = {
    "nr": {"kind": "digits", "length": 6},
    "amount": {"kind": "int", "minimum": 0, "maximum": 1_000},
    "region": {"kind": "code", "values": ["Noord", "Zuid", 'A, "B"']},
    "flag": {"kind": "bool"},
    "code": {"kind": "hex", "length": 12},
    "other": {"kind": "uuid"},
    "note": {"kind": "text", "max_length": 20},
}


def schema(**types):
    columns = [
        {"name": name, "type": kind, "data_class": "ordinary", "description": TEXT} for name, kind in types.items()
    ]
    return read_schema({"dataset": "rows", "description": TEXT, "columns": columns})


def make(tmp_path, recipe=None, ways=None, name="rows.csv", types=TYPES):
    path, declared = tmp_path / name, schema(**types)
    given_ways = {column: (ways or {}).get(column, {}) for column in types}
    generate(path, declared, {"rows": 50, "join_key": "nr", "population": 100} | (recipe or {}), given_ways)
    return Dataset(declared, path, "csv")


def cells(dataset, column):
    with dataset.path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def refused(tmp_path, **how):
    with pytest.raises(Refused) as caught:
        make(tmp_path, **how)
    (reason,) = caught.value.reasons
    assert "?" not in reason.text("nl") + reason.text("en")
    assert list(tmp_path.iterdir()) == []
    return reason


def test_every_kind_of_column_fits_its_own_schema(tmp_path):
    made = make(tmp_path)
    assert made.check() == 50
    assert len(set(cells(made, "nr"))) == 50
    assert made.path.stat().st_mode & 0o077 == 0


def test_the_same_recipe_gives_the_same_file(tmp_path):
    one, same = make(tmp_path, name="one.csv"), make(tmp_path, name="same.csv")
    other = make(tmp_path, {"seed": 2}, name="other.csv")
    assert one.path.read_bytes() == same.path.read_bytes() != other.path.read_bytes()


def test_lists_of_two_stations_overlap(tmp_path):
    one, other = make(tmp_path, {"seed": 1}, name="one.csv"), make(tmp_path, {"seed": 2}, name="other.csv")
    assert 5 < len(set(cells(one, "nr")) & set(cells(other, "nr"))) < 50


@given(st.integers(0, 100), st.integers(0, 100))
def test_shares_of_zeros_and_of_trues(tmp_path_factory, zeros, trues):
    folder = tmp_path_factory.mktemp("rows")
    ways = {"amount": {"low": 1, "zero_percent": zeros}, "flag": {"true_percent": trues}}
    made = make(folder, {"rows": 400, "population": 400}, ways, types={k: TYPES[k] for k in ("nr", "amount", "flag")})
    assert abs(cells(made, "amount").count("0") - 4 * zeros) < 60
    assert abs(cells(made, "flag").count("true") - 4 * trues) < 60


def test_weights(tmp_path):
    made = make(tmp_path, ways={"region": {"weights": [0, 1, 0]}})
    assert set(cells(made, "region")) == {"Zuid"}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"recipe": {"rows": 0}}, "dataset.recipe_field"),
        ({"recipe": {"rows": "many"}}, "dataset.recipe_field"),
        ({"recipe": {"surprise": 1}}, "dataset.recipe_field"),
        ({"ways": {"amount": {"zero_percent": 101}}}, "dataset.recipe_field"),
        ({"ways": {"amount": {"surprise": 1}}}, "dataset.recipe_field"),
        ({"recipe": {"join_key": "income"}}, "dataset.recipe_ids"),
        ({"recipe": {"population": 49}}, "dataset.recipe_ids"),
        ({"recipe": {"population": 5_000_000}}, "dataset.recipe_ids"),
        ({"ways": {"region": {"weights": [1, 2]}}}, "dataset.recipe_weights"),
        ({"ways": {"region": {"weights": [0, 0, 0]}}}, "dataset.recipe_weights"),
    ],
)
def test_a_recipe_with_a_fault_leaves_nothing(tmp_path, how, code):
    assert refused(tmp_path, **how).code == code


def test_a_failed_recipe_leaves_the_former_rows(tmp_path):
    before = make(tmp_path).path.read_bytes()
    with pytest.raises(Refused):
        make(tmp_path, ways={"region": {"weights": [1]}})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"rows.csv": before}
