"""A station's command in the demo: what an invented person would say is filled in, and said."""

import pytest

from demo import at_station
from demo.people import describe
from station.cli import main as station
from station.cli.main import parser


@pytest.fixture
def home(tmp_path):
    place = tmp_path / "kvk"
    arguments = ["init", "--organisation", "kvk", "--platform", "http://127.0.0.1:1"]
    assert station(["--home", str(place), *arguments]) == 0
    return place


def test_the_options_are_those_of_the_commands():
    given = parser().parse_args(["sign", *at_station.mandate(), "abc"])
    assert given.function == describe()["functions"]["mandated_manager"]
    assert given.valid_to == "2099-12-31"
    for decision in ("release", "withhold"):
        given = parser().parse_args(["output", decision, *at_station.checker(), "abc"])
        assert given.function == describe()["functions"]["output_checker"]


def test_a_contract_that_is_not_there_is_refused_before_anything_is_asked(home, capsys):
    assert at_station.main(home, ["sign", "abc"]) in (1, 3)
    assert "Demo:" not in capsys.readouterr().out


def test_it_says_that_the_mandate_is_invented(home, capsys):
    assert at_station.main(home, ["sign", "a" * 64, "--code", "AAAA"]) in (1, 3)
    said = capsys.readouterr().out
    assert "verzonnen" in said
    assert "DEMO-1" in said


def test_other_commands_are_the_stations_own(home, capsys):
    assert at_station.main(home, ["status"]) == 0
    assert "kvk" in capsys.readouterr().out


def test_help_fills_in_nothing(home, capsys):
    with pytest.raises(SystemExit):
        at_station.main(home, ["sign", "--help"])
    assert "Demo:" not in capsys.readouterr().out
