"""``dataset add`` with right and wrong files: registered and announced when every cell fits, otherwise not at all."""

import re
from pathlib import Path

import pytest
import yaml

from station.contract.statements import read_statement, schema_digest
from station.home import Home
from tests.station.example import ROWS, TEXT, declared, schema

SECRET = "987654321"
ANNOUNCE = ("PUT", "datasets/register")


@pytest.fixture
def schema_file(tmp_path):
    place = tmp_path / "schema.yaml"
    place.write_text(yaml.safe_dump(schema("kvk"), allow_unicode=True))
    return str(place)


@pytest.fixture
def rows(tmp_path):
    """Writes a data file and gives its name."""

    def write(text, encoding="utf-8"):
        (tmp_path / "rows.csv").write_bytes(text.encode(encoding))
        return str(tmp_path / "rows.csv")

    return write


def registered(station):
    return [dataset.schema.dataset for dataset in Home(station.root).datasets.all()]


def test_a_right_file_is_registered_and_announced(station, hostile, rows, schema_file):
    hostile.takes(ANNOUNCE)
    said = station("dataset", "add", rows(ROWS["kvk"]), "--schema", schema_file)
    assert (said.code, said.err) == (0, "")
    assert "Dataset register added: 2 rows, 2 columns" in said.out and "was announced" in said.out
    (statement,) = hostile.statements()
    read_statement(statement)
    assert statement["sha256"] == schema_digest("register", declared("kvk"), False)
    assert (statement["rows_rounded_up"], statement["synthetic"]) == (1_000, False)
    assert not any(cell in str(hostile.heard) for cell in ("00000001", "00000002"))
    assert "register  real  " in station("dataset", "list").out


def test_offline_it_is_registered_and_announced_later(offline, rows, schema_file):
    said = offline("dataset", "add", rows(ROWS["kvk"]), "--schema", schema_file)
    assert said.code == 0 and "Announce the description later" in said.out
    assert registered(offline) == ["register"]


def test_announcing_again(station, hostile, rows, schema_file):
    station("dataset", "add", rows(ROWS["kvk"]), "--schema", schema_file, "--offline")
    assert hostile.heard == []
    hostile.takes(ANNOUNCE)
    assert station("dataset", "announce").code == 0
    assert [call[:2] for call in hostile.heard] == [ANNOUNCE]


def test_a_refused_announcement_is_told_and_the_dataset_stays(station, hostile, rows, schema_file):
    hostile.says[ANNOUNCE] = (409, {"reasons": [{"code": "request.unknown_station", "facts": {}}]})
    said = station("dataset", "add", rows(ROWS["kvk"]), "--schema", schema_file)
    assert said.code == 1 and "Enrol the station" in said.err
    assert registered(station) == ["register"]


BAD_FILES = {
    "missing column": (f"nr\n{SECRET}\n", "Column 'region' is missing"),
    "doubled column": (f"nr,region,region\n{SECRET},Noord,Zuid\n", "Column 'region' occurs twice"),
    "column without a name": (
        f"nr,region,\n{SECRET},Noord,\n",
        "Column 3 in the file of dataset",
    ),
    "id of another form": (
        f"nr,region\n{SECRET},Noord\n",
        "the form digits(8): 1 (first rows: 1)",
    ),
    "unknown category": (f"nr,region\n00000001,{SECRET}\n", "'region' with a value that is not in the list: 1"),
    "empty cell": ("nr,region\n00000001,\n", "Empty cells in column 'region': 1"),
    "empty file": ("", "has no rows"),
    "header alone": ("nr,region\n", "has no rows"),
    "a million characters": (
        f"nr,region\n00000001,{SECRET * 111_112}\n",
        "with more than 10000 characters: 1",
    ),
    "a cell too many": (f"nr,region\n00000001,Noord,{SECRET}\n", "cannot be read from line 2 on"),
    "a quotation mark too many": (f'nr,region\n00000001,"{SECRET}\n', "cannot be read from line 2 on"),
    "a formula": (f"nr,region\n00000001,=cmd|{SECRET}\n", "'region' that begin like a formula"),
    "no text at all": ("\x00\x01\x02", "is not UTF-8"),
}


@pytest.mark.parametrize("fault", BAD_FILES)
def test_a_wrong_file_is_told_and_leaves_nothing(station, hostile, rows, schema_file, fault):
    text, words = BAD_FILES[fault]
    before = station.files()
    said = station("dataset", "add", rows(text), "--schema", schema_file)
    assert said.code == 1 and words in said.err
    assert SECRET not in said.text
    assert (station.files(), hostile.heard) == (before, [])


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_told(station, rows, schema_file, encoding):
    said = station("dataset", "add", rows("nr,region\n00000001,Sudwest-Fryslân\n", encoding), "--schema", schema_file)
    assert said.code == 1 and "is not UTF-8. Save it as CSV with character set UTF-8" in said.err
    assert registered(station) == []


BAD_SCHEMAS = {
    "an unknown key": ({**schema("kvk"), "owner": "me"}, "'owner': there is no such field"),
    "an unknown key of a column": (
        {**schema("kvk"), "columns": [{**declared("kvk")[0], "unit": "€"}]}, "'columns.0.unit': there is no such field"
    ),
    "no columns": ({**schema("kvk"), "columns": None}, "'columns': a list belongs here"),
    "columns that are a number": ({**schema("kvk"), "columns": 5}, "'columns': a list belongs here"),
    "a column that is a word": ({**schema("kvk"), "columns": ["nr"]}, "'columns.0': fields with a name"),
    "a column twice": ({**schema("kvk"), "columns": [declared("kvk")[0]] * 2}, "Column 'nr' occurs twice"),
    "another kind": (
        {**schema("kvk"), "columns": [{**declared("kvk")[0], "type": {"kind": "bsn"}}]}, "choose from: 'digits'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD_SCHEMAS)
@pytest.mark.parametrize("synthetic", [False, True])
def test_a_wrong_schema_is_told_and_leaves_nothing(station, rows, tmp_path, fault, synthetic):
    document, words = BAD_SCHEMAS[fault]
    place = tmp_path / "wrong.yaml"
    place.write_text(yaml.safe_dump(document, allow_unicode=True))
    before = station.files()
    file = [str(place), "--synthetic"] if synthetic else [rows(ROWS["kvk"]), "--schema", str(place)]
    said = station("dataset", "add", *file)
    assert said.code == 1 and words in said.err
    assert station.files() == before


def test_files_that_are_not_there(station, rows, tmp_path):
    for arguments in (["gone.csv"], [rows(ROWS["kvk"]), "--schema", "gone.yaml"], [str(tmp_path)]):
        said = station("dataset", "add", *arguments)
        assert said.code == 1 and "is not there. Check the name." in said.err


def test_a_dataset_is_replaced_only_on_request(station, hostile, rows, schema_file):
    hostile.takes(ANNOUNCE)
    add = ("dataset", "add", rows(ROWS["kvk"]), "--schema", schema_file)
    assert station(*add).code == 0
    before = station.files()
    said = station(*add)
    assert said.code == 1 and "Use --replace" in said.err and station.files() == before
    assert station(*add, "--replace").code == 0


# A schema that is read off the file


def test_an_inferred_schema_is_shown_and_confirmed(station, rows):
    add = ("dataset", "add", rows("nr,region\n00000001,Noord\n00000002,Noord\n"), "--name", "register", "--offline")
    refused = station(*add, typed="no\n")
    assert refused.code == 1 and "the schema was not confirmed" in refused.err
    assert "name: nr" in refused.out and "kind: code" in refused.out
    nobody = station(*add)
    assert nobody.code == 1 and "nobody is there to type" in nobody.err
    assert registered(station) == []
    assert station(*add, typed="yes\n").code == 0
    assert registered(station) == ["register"]
    assert station(*add, "--yes", "--replace").code == 0


@pytest.mark.parametrize("fault", ["empty file", "header alone", "no text at all", "a cell too many"])
def test_what_is_wrong_with_a_file_is_told_before_anything_is_asked(station, rows, fault):
    text, words = BAD_FILES[fault]
    said = station("dataset", "add", rows(text), "--name", "register")
    assert said.code == 1 and words in said.err and "nobody is there" not in said.err


# Synthetic rows


def recipe(tmp_path, **changes):
    columns = [
        {**column, "synthetic": {"low": 1}} if column["name"] == "amount" else column for column in declared("kvk")
    ]
    document = {
        "dataset": "register", "description": TEXT, "columns": columns,
        "synthetic": {"rows": 20, "join_key": "nr", "population": 40},
    } | changes  # fmt: skip
    place = tmp_path / "recipe.yaml"
    place.write_text(yaml.safe_dump(document, allow_unicode=True))
    return str(place)


def test_synthetic_rows_are_generated_registered_and_announced_as_such(station, hostile, tmp_path):
    hostile.takes(ANNOUNCE)
    said = station("dataset", "add", recipe(tmp_path), "--synthetic")
    assert said.code == 0 and "20 rows" in said.out
    assert hostile.statements()[0]["synthetic"] is True
    assert hostile.statements()[0]["sha256"] == schema_digest("register", declared("kvk"), True)
    assert "register  synthetic  " in station("dataset", "list").out
    dataset = Home(station.root).datasets.get("register")
    dataset.path.write_text(ROWS["kvk"])
    assert "register  real  " in station("dataset", "list").out
    assert "not generated by this station itself" in station("doctor").out


def test_a_recipe_that_does_not_fit_leaves_the_former_rows(station, tmp_path):
    add = ("dataset", "add", recipe(tmp_path), "--synthetic", "--offline")
    assert station(*add).code == 0
    before = station.files()
    again = station(*add)
    assert again.code == 1 and "--replace" in again.err and station.files() == before
    recipe(tmp_path, synthetic={"rows": 20, "join_key": "nr", "population": 10})
    said = station(*add, "--replace")
    assert said.code == 1 and "not enough different ids" in said.err and station.files() == before
    recipe(tmp_path, synthetic={"rows": 20, "join_key": "nr", "population": 40, "surprise": 1})
    assert "'surprise': there is no such field" in station(*add, "--replace").err and station.files() == before


# The guide


def test_the_examples_of_the_guide_work(offline, rows, tmp_path):
    guide = (Path(__file__).parents[3] / "docs" / "station.md").read_text("utf-8")
    declared_there, recipe_there = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "register.yaml").write_text(declared_there)
    (tmp_path / "recipe.yaml").write_text(declared_there + recipe_there)
    real = rows("kvk_number;region\n00000001;Noord\n00000002;West\n")
    add = ("dataset", "add", real, "--schema", str(tmp_path / "register.yaml"), "--offline")
    assert offline(*add).code == 0
    said = offline("dataset", "add", str(tmp_path / "recipe.yaml"), "--synthetic", "--replace", "--offline")
    assert said.code == 0 and "5000 rows" in said.out
