"""What a station does with the files of its partner: right ones are read exactly, wrong ones get a sentence."""

import csv

import duckdb
import pytest

from station.datasets import read_input
from station.reasons import Refused
from station.specification import Input

TEXT = {"nl": "x", "en": "x"}


def spec_input(columns, padded_rows=100):
    whole = [
        {"data_class": "ordinary", "use": "condition", "description": TEXT, "justification": TEXT, **c} for c in columns
    ]
    return Input.model_validate(
        {
            "id": "in",
            "organisation": "kvk",
            "dataset": "register",
            "subject_category": TEXT,
            "padded_rows": padded_rows,
            "columns": whole,
        }
    )


KEY = {"name": "nr", "use": "join_key", "type": {"kind": "digits", "length": 4}}
CENTS = {"name": "cents", "type": {"kind": "int", "minimum": 0, "maximum": None}}
REGION = {"name": "region", "use": "group", "type": {"kind": "code", "values": ["Zwolle", "Café-Zuid", 'A, "B"']}}
FLAG = {"name": "flag", "type": {"kind": "bool"}}
NOTE = {"name": "note", "type": {"kind": "text", "max_length": 20}}


def write(tmp_path, text, name="rows.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return {"path": str(path), "format": "csv"}


def refused(source, entry):
    with pytest.raises(Refused) as caught:
        read_input(source, entry)
    return caught.value.reasons


def test_reads_what_the_csv_holds(tmp_path):
    rows = [["0001", "5", "Café-Zuid", "true"], ["0002", "0", "Zwolle", "0"], ["0003", "12", 'A, "B"', "FALSE"]]
    path = tmp_path / "it's.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=";").writerows([["nr", "cents", "region", "flag"], *rows])
    read = read_input({"path": str(path), "format": "csv"}, spec_input([KEY, CENTS, REGION, FLAG]))
    assert read.ids == ["0001", "0002", "0003"]
    assert read.columns["cents"].tolist() == [5, 0, 12]
    assert read.columns["region"].tolist() == [1, 0, 2]
    assert read.columns["flag"].tolist() == [True, False, False]


def test_reads_parquet(tmp_path):
    path = tmp_path / "rows.parquet"
    duckdb.execute(f"COPY (SELECT '000' || i AS nr, i * 7 AS cents, i = 2 AS flag FROM range(1, 4) t(i)) TO '{path}'")
    read = read_input({"path": str(path), "format": "parquet"}, spec_input([KEY, CENTS, FLAG]))
    assert (read.ids, read.columns["cents"].tolist()) == (["0001", "0002", "0003"], [7, 14, 21])
    assert read.columns["flag"].tolist() == [False, True, False]


def test_unicode_ids_have_one_form(tmp_path):
    decomposed = "nr,cents\ncafe\u0301,1\ncaf\u00e9,2\n"
    reasons = refused(
        write(tmp_path, decomposed), spec_input([{**KEY, "type": {"kind": "text", "max_length": 20}}, CENTS])
    )
    assert [(r.code, r.facts["number"]) for r in reasons] == [("dataset.duplicate_ids", 1)]


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("nr,cents\n0001,1\n0001,2\n", "dataset.duplicate_ids", {"number": 1}),
        ("nr,cents\n0001,1\n12,2\nabcd,3\n", "dataset.form", {"number": 2, "rows": "2, 3"}),
        ("nr,cents\n", "dataset.empty_file", {}),
        ("", "dataset.empty_file", {}),
        ("nr,money\n0001,1\n", "dataset.column_missing", {"column": "cents"}),
        ("nr,cents,cents\n0001,1,2\n", "dataset.column_doubled", {"column": "cents"}),
        ("nr,cents,CENTS\n0001,1,2\n", "dataset.column_doubled", {"column": "cents"}),
        ("nr,cents\n0001,\n", "dataset.empty_cells", {"number": 1, "rows": "1"}),
        ("nr,cents\n0001,1\n0002,1.5\n", "dataset.form", {"number": 1, "rows": "2"}),
        ("nr,cents\n0001,-1\n", "dataset.form", {"number": 1}),
        ("nr,cents\n0001," + "9" * 1_000_000 + "\n", "dataset.long_cells", {"number": 1, "rows": "1"}),
        ("nr,cents\n0001,1\n0002,1,1,1\n", "dataset.unreadable_line", {"line": 3}),
        ("nr,cents\n0001,1\n0002\n", "dataset.unreadable_line", {"line": 3}),
        ('nr,cents\n0001,"1\n', "dataset.unreadable_line", {"line": 2}),
        ("nr,cents\n0001,1\r\n0002,2\n", "dataset.unreadable", {"format": "csv"}),
        ("nr,cents,,\n0001,1,,\n", "dataset.column_unnamed", {"number": 3}),
        ("nr, ,cents\n0001,1,1\n", "dataset.column_unnamed", {"number": 2}),
        ("nr ,cents\n0001,1\n", "dataset.column_missing", {"column": "nr"}),
        ("\n0001,1\n", "dataset.empty_file", {}),
        ("nr,cents\n" + "".join(f"{i:04},1\n" for i in range(101)), "dataset.too_many_rows", {"most": 100}),
    ],
)
def test_wrong_files_get_a_reason(tmp_path, text, code, facts):
    (reason,) = refused(write(tmp_path, text), spec_input([KEY, CENTS]))
    assert reason.code == code
    assert facts.items() <= reason.facts.items()
    assert reason.text("nl") != code and "?" not in reason.text("nl") and "?" not in reason.text("en")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp437", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused(tmp_path, encoding):
    source = write(tmp_path, "nr,note\n0001,caf\u00e9\n", encoding=encoding)
    assert [r.code for r in refused(source, spec_input([KEY, NOTE]))] == ["dataset.encoding"]


def test_formulas_and_unknown_categories(tmp_path):
    text = "nr,note,region\n0001,=1+1,Zwolle\n0002,fine,Atlantis\n0003,@SUM(A1),Zwolle\n"
    reasons = refused(write(tmp_path, text), spec_input([KEY, NOTE, REGION]))
    assert [(r.code, r.facts["rows"]) for r in reasons] == [("dataset.formulas", "1, 3"), ("dataset.categories", "2")]


def test_categories_that_are_formulas(tmp_path):
    """A category ends in the table that a recipient opens; "-1" and "+65" are no formulas."""
    values = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2", "+65", "- unknown"]
    text = "nr,region\n" + "".join(f'000{n},"{value}"\n' for n, value in enumerate(values, start=1))
    entry = spec_input([KEY, {**REGION, "type": {"kind": "code", "values": values}}])
    (reason,) = refused(write(tmp_path, text), entry)
    assert (reason.code, reason.facts["rows"]) == ("dataset.formulas", "1, 2, 3")


def test_a_refusal_never_holds_a_value(tmp_path):
    secret = "999888777"
    text = f"nr,cents,note\n{secret},{secret}x,={secret}\n{secret},1,\n"
    source = write(tmp_path, text)
    entry = spec_input([KEY, CENTS, NOTE])
    with pytest.raises(Refused) as caught:
        read_input(source, entry)
    assert secret not in repr(caught.value.reasons) + str(caught.value) + repr(caught.value.__cause__)
    for rest in (",1,2,3\n", ',1,"2\n', ",1\n", "\r\n", f',"{secret}\nCSV Error on Line: 7\n'):
        source = write(tmp_path, f"nr,cents,note\n{secret}{rest}")
        with pytest.raises(Refused) as caught:
            read_input(source, entry)
        assert secret not in repr(caught.value.reasons) + str(caught.value)
        assert caught.value.__suppress_context__


def test_a_missing_file(tmp_path):
    source = {"path": str(tmp_path / "gone.csv"), "format": "csv"}
    assert [r.code for r in refused(source, spec_input([KEY]))] == ["dataset.no_file"]
