"""The station's own list: what is announced is what is there, and synthetic is what this station generated itself."""

import random
import tomllib

import pytest
import yaml

from station.contract.contract import DatasetSchema
from station.contract.statements import schema_digest
from station.datasets.infer import infer_schema
from station.datasets.registry import Dataset, file_sha256
from station.datasets.schema import load_yaml, read_schema
from station.reasons import Refused
from tests.station.example import ROWS, declared, read, schema, specification

ENTRY = read(specification()).inputs[0]


def codes(reasons):
    for reason in reasons:
        assert "?" not in reason.text("nl") + reason.text("en")
    return [reason.code for reason in reasons]


def refused(act, *arguments, **facts):
    with pytest.raises(Refused) as caught:
        act(*arguments, **facts)
    return caught.value.reasons


def dataset(tmp_path, *, generated=False, rows=ROWS["kvk"], **changes):
    file = tmp_path / 'rows "of" KVK.csv'
    file.write_text(rows, "utf-8")
    return Dataset(read_schema(schema("kvk") | changes), file, "csv", file_sha256(file) if generated else None)


def agreed(sha256, synthetic=False):
    return DatasetSchema(input="kvk", sha256=sha256, synthetic=synthetic)


SCHEMA_HASH, SYNTHETIC_HASH = (schema_digest("register", declared("kvk"), synthetic) for synthetic in (False, True))


# The list


def test_what_is_put_is_found_again(home, tmp_path):
    put = dataset(tmp_path)
    home.datasets.put(put)
    assert home.datasets.all() == [put] == [home.datasets.get("register")]
    assert (put.sha256, put.synthetic) == (SCHEMA_HASH, False)
    assert put.check() == 2
    assert tomllib.loads((home.root / "datasets.toml").read_text())["register"]["path"] == str(put.path)


def test_a_dataset_is_not_replaced_by_accident(home, tmp_path):
    first = dataset(tmp_path)
    home.datasets.put(first)
    other = Dataset(read_schema(schema("kvk") | {"description": {"nl": "anders", "en": "other"}}), first.path, "csv")
    assert codes(refused(home.datasets.put, other)) == ["dataset.exists"]
    assert home.datasets.all() == [first]
    home.datasets.put(other, replace=True)
    assert home.datasets.all() == [other]


def test_an_unknown_dataset(home):
    assert codes(refused(home.datasets.get, "register")) == ["dataset.unknown"]
    assert codes(home.datasets.reasons(ENTRY, agreed(SCHEMA_HASH))) == ["dataset.unknown"]
    assert codes(home.datasets.row_reasons(ENTRY)) == ["dataset.unknown"]


@pytest.mark.parametrize("damage", ["[register", "register = 1\n[register]\n"])
def test_a_damaged_list_is_told(home, tmp_path, damage):
    home.datasets.put(dataset(tmp_path))
    home.datasets.list.write_text(damage)
    assert codes(refused(home.datasets.all)) == ["file.unreadable"]


# Against a contract


def test_the_dataset_of_a_contract(home, tmp_path):
    home.datasets.put(dataset(tmp_path))
    assert home.datasets.reasons(ENTRY, agreed(SCHEMA_HASH)) == []
    assert home.datasets.row_reasons(ENTRY) == []
    for other in (None, agreed("0" * 64), agreed(SYNTHETIC_HASH), agreed(SYNTHETIC_HASH, synthetic=True)):
        assert codes(home.datasets.reasons(ENTRY, other)) == ["dataset.schema_changed"]


def test_columns_are_used_as_they_were_announced(home, tmp_path):
    home.datasets.put(dataset(tmp_path))
    region = ENTRY.columns[1]
    other_type = region.model_copy(update={"type": ENTRY.columns[0].type})
    unknown = region.model_copy(update={"name": "income"})
    entry = ENTRY.model_copy(update={"columns": [ENTRY.columns[0], other_type, unknown]})
    assert codes(home.datasets.reasons(entry, agreed(SCHEMA_HASH))) == ["dataset.column_declared"] * 2


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("nr,region\n00000001,Noord\n00000001,Zuid\n", "dataset.duplicate_ids"),
        ("nr,region\n1,Noord\n", "dataset.form"),
        ("nr,region\n00000001,Oost\n", "dataset.categories"),
        ("nr\n00000001\n", "dataset.column_missing"),
        ("nr,region\n", "dataset.empty_file"),
        ("nr,region\n" + "".join(f"{n:08},Zuid\n" for n in range(101)), "dataset.too_many_rows"),
    ],
)
def test_rows_that_a_run_would_refuse(home, tmp_path, rows, expected):
    home.datasets.put(dataset(tmp_path, rows=rows))
    assert codes(home.datasets.row_reasons(ENTRY)) == [expected]


# Synthetic


def test_synthetic_is_what_was_generated_and_nothing_else(home, tmp_path):
    made = dataset(tmp_path, generated=True)
    home.datasets.put(made)
    assert (made.sha256, made.synthetic) == (SYNTHETIC_HASH, True)
    assert home.datasets.reasons(ENTRY, agreed(SYNTHETIC_HASH, synthetic=True)) == []
    assert codes(home.datasets.reasons(ENTRY, agreed(SCHEMA_HASH))) == ["dataset.schema_changed"]


def append(path):
    path.write_text(path.read_text() + "00000009,Zuid\n")


def swap(path):
    path.write_text(ROWS["kvk"].replace("Noord", "Zuid"))


@pytest.mark.parametrize("change", [append, swap, lambda path: path.unlink()])
def test_a_generated_file_that_was_changed_is_noticed(home, tmp_path, change):
    made = dataset(tmp_path, generated=True)
    home.datasets.put(made)
    change(made.path)
    assert not home.datasets.get("register").synthetic
    assert codes(home.datasets.reasons(ENTRY, agreed(SYNTHETIC_HASH, synthetic=True))) == ["dataset.not_synthetic"]


# Schemas


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"surprise": 1}, "surprise", "no such field"),
        ({"columns": []}, "columns", "at least 1"),
        ({"columns": None}, "columns", "a list"),
        ({"description": "register"}, "description", "fields with a name"),
        ({"description": {"nl": "alleen Nederlands"}}, "description.en", "is missing"),
        ({"dataset": "Het Register"}, "dataset", "a short name"),
        ({"columns": [{**declared("kvk")[0], "use": "join_key"}]}, "columns.0.use", "no such field"),
        ({"columns": [{**declared("kvk")[0], "name": "the number"}]}, "columns.0.name", "a column name"),
        ({"columns": [{**declared("kvk")[0], "data_class": "secret"}]}, "columns.0.data_class", "choose from"),
        ({"columns": [{**declared("kvk")[0], "type": {"kind": "digits"}}]}, "columns.0.type.digits.length", "missing"),
        ({"columns": [{**declared("kvk")[0], "type": "digits"}]}, "columns.0.type", "fields with a name"),
    ],
)
def test_a_schema_with_a_fault_names_it(change, where, what):
    (reason,) = refused(read_schema, schema("kvk") | change)
    assert (reason.code, reason.facts["where"]) == ("dataset.schema_field", where)
    assert what in reason.text("en")


def test_a_column_that_is_declared_twice():
    doubled = schema("kvk") | {"columns": [*declared("kvk"), declared("kvk")[0]]}
    (reason,) = refused(read_schema, doubled)
    assert (reason.code, reason.facts["column"]) == ("dataset.column_doubled", "nr")


@pytest.mark.parametrize("text", ["", "just a text", "- a\n- list", "a: [", "a: !!python/object:os.system {}", "\x00"])
def test_a_schema_file_that_is_none(tmp_path, text):
    place = tmp_path / "schema.yaml"
    place.write_text(text)
    assert codes(refused(load_yaml, place)) == ["file.unreadable"]
    assert codes(refused(load_yaml, tmp_path / "gone.yaml")) == ["file.missing"]


def test_a_schema_file_is_read(tmp_path):
    (tmp_path / "schema.yaml").write_text(yaml.safe_dump(schema("kvk"), allow_unicode=True))
    read_back = read_schema(load_yaml(tmp_path / "schema.yaml"))
    assert read_back.digest(False) == SCHEMA_HASH
    assert read_back.column("region") is not None and read_back.column("income") is None


# A first schema from a file


def csv(tmp_path, **columns):
    file = tmp_path / "My Rows.csv"
    lines = [",".join(columns), *(",".join(row) for row in zip(*columns.values(), strict=True))]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_types_are_read_off_the_cells(tmp_path):
    rows = random.Random(1)
    number = range(100)
    file = csv(
        tmp_path,
        nr=[f"{n:08}" for n in number],
        uuid=[f"00000000-0000-0000-0000-{n:012}" for n in number],
        amount=[str(rows.randrange(-500, 500)) for _ in number],
        flag=[rows.choice(["true", "false"]) for _ in number],
        region=[rows.choice(["Noord", "Zuid"]) for _ in number],
        note=[f"note {n}" for n in number],
    )
    found = infer_schema(file, "csv", "My Rows")
    assert found.dataset == "my_rows"
    assert {column.name: column.type.kind for column in found.columns} == {
        "nr": "digits", "uuid": "uuid", "amount": "int", "flag": "bool", "region": "code", "note": "text"
    }  # fmt: skip
    assert {column.data_class for column in found.columns} == {"sensitive"}
    assert Dataset(found, file, "csv").check() == 100


def test_there_is_nothing_to_infer_from_an_empty_file(tmp_path):
    for text in ("", "nr,region\n"):
        (tmp_path / "rows.csv").write_text(text)
        assert codes(refused(infer_schema, tmp_path / "rows.csv", "csv", "rows")) == ["dataset.empty_file"]


def test_a_header_that_cannot_be_a_column_name(tmp_path):
    file = csv(tmp_path, **{"Bedrag in €": ["1", "2"]})
    (reason,) = refused(infer_schema, file, "csv", "rows")
    assert (reason.code, reason.facts["where"]) == ("dataset.schema_field", "columns.0.name")
