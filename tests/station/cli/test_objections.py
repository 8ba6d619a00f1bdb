"""Who objected stays out of every run: whatever the file holds, and without anybody else seeing how many."""

import stat

import pytest

from station.datasets.objections import Objections
from station.home import Home
from station.reasons import Refused
from tests.station.example import ROWS, schema, specification

MORE = "nr,region\n00000001,Noord\n00000002,Zuid\n00000003,Zuid\n"


@pytest.fixture
def registered(station, tmp_path):
    """A station with the kvk register of three rows."""
    import yaml

    (tmp_path / "schema.yaml").write_text(yaml.safe_dump(schema("kvk"), allow_unicode=True))
    (tmp_path / "rows.csv").write_text(MORE)
    said = station("dataset", "add", str(tmp_path / "rows.csv"), "--schema", str(tmp_path / "schema.yaml"), "--offline")
    assert said.code == 0, said.err
    return station


@pytest.fixture
def ids(tmp_path):
    def write(*lines):
        (tmp_path / "ids.txt").write_text("\n".join(lines))
        return str(tmp_path / "ids.txt")

    return write


def objects(station, *words):
    return station("objection", *words)


def read(station):
    from station.contract.contract import read_specification
    from station.datasets import read_input

    (entry,) = [entry for entry in read_specification(specification()).inputs if entry.organisation == "kvk"]
    return read_input(Home(station.root).datasets.get("register").source, entry)


def test_rows_of_who_objected_stay_out_of_a_run(registered, ids):
    assert read(registered).ids == ["00000001", "00000002", "00000003"]
    said = objects(registered, "add", "register", "nr", ids("00000002", "", " 99999999 "))
    assert (said.code, said.err) == (0, "") and "2 ids added" in said.out
    assert read(registered).ids == ["00000001", "00000003"]
    assert len(read(registered).columns["region"]) == 2
    said = objects(registered, "remove", "register", "nr", ids("00000002"))
    assert "1 ids taken off" in said.out
    assert len(read(registered)) == 3


def test_the_list_is_private_and_never_shown(registered, ids):
    objects(registered, "add", "register", "nr", ids("00000002"))
    said = objects(registered, "list")
    assert said.out.split() == ["register", "nr", "1", "ids"]
    file = registered.root / "objections" / "register.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "00000002" not in said.out + said.err


@pytest.mark.parametrize(
    ("lines", "column", "says"),
    [
        (("00000001", "1", "x" * 40), "nr", "lines do not have the form digits(8): 2, 3"),
        (("Noord",), "region", "does not say who somebody is"),
        (("00000001",), "bsn", "Column 'bsn' is missing"),
        (("", " "), "nr", "holds no id at all"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(registered, ids, lines, column, says):
    said = objects(registered, "add", "register", column, ids(*lines))
    assert said.code == 1 and says in said.err.replace('"', ""), said.err
    assert "Nobody stands on" in objects(registered, "list").out
    assert len(read(registered)) == 3


def test_a_list_that_cannot_be_read_stops_the_run(registered, ids):
    objects(registered, "add", "register", "nr", ids("00000002"))
    (registered.root / "objections" / "register.json").write_text("{broken")
    with pytest.raises(Refused) as caught:
        read(registered)
    assert [reason.code for reason in caught.value.reasons] == ["objection.unreadable"]


def test_a_list_whose_column_has_gone_stops_the_run(registered, tmp_path):
    home = Home(registered.root)
    kind = home.datasets.get("register").schema.column("nr").type
    Objections(registered.root / "objections" / "register.json", "register").add("bsn", kind, ["00000002"])
    with pytest.raises(Refused) as caught:
        read(registered)
    assert [reason.code for reason in caught.value.reasons] == ["dataset.column_missing"]


def test_everybody_objected(registered, ids):
    objects(registered, "add", "register", "nr", ids(*(line.split(",")[0] for line in MORE.splitlines()[1:])))
    with pytest.raises(Refused) as caught:
        read(registered)
    assert [reason.code for reason in caught.value.reasons] == ["dataset.empty_file"]
    assert ROWS
