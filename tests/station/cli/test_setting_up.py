"""From nothing to an enrolled station, and what ``doctor`` says on the way."""

import json
import socket
import stat

import pytest

from station.contract.signatures import import_public, thumbprint
from station.home import Home
from tests.station.cli.process import Station
from tests.station.contract.test_statements import GOOD
from tests.station.homes import register_rows

INIT = ("init", "--organisation", "kvk", "--platform", "http://127.0.0.1:9")


@pytest.fixture
def nothing(tmp_path):
    return Station(tmp_path / "new")


def test_init_makes_a_station_and_says_what_comes_next(nothing):
    said = nothing(*INIT, "--listen", "127.0.0.1:7001", "--address", "station.example:7001", "--language", "en")
    assert (said.code, said.err) == (0, "")
    home = Home(nothing.root)
    assert thumbprint(home.key) in said.out and "enroll" in said.out
    assert (home.settings.listen_host, home.settings.listen_port) == ("127.0.0.1", 7001)
    assert home.settings.address == "station.example:7001"
    assert stat.S_IMODE(home.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700


def test_the_program_itself(nothing):
    assert nothing.program(*INIT).code == 0
    said = nothing.program("dataset", "add", "gone.csv")
    assert (said.code, said.out) == (1, "") and "gone.csv is er niet" in said.err


def test_init_speaks_dutch_unless_told_otherwise(nothing):
    assert "Vingerafdruk" in nothing(*INIT).out
    assert "Station van kvk" in nothing("status").out
    assert "Station of kvk" in nothing("status", STATION_LANGUAGE="en").out


def test_init_never_overwrites(nothing):
    nothing(*INIT)
    before = nothing.files()
    said = nothing(*INIT, "--language", "en")
    assert said.code == 1 and "There is a station in" in said.err
    assert nothing.files() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--organisation", "KVK Nederland"), "'organisation' is wrong: a short name belongs here"),
        (("--platform", "nicpet.example"), "'platform' is wrong: an address belongs here"),
        (("--listen", "9443"), "'listen_host' is wrong: a name or number belongs here"),
        (("--listen", "127.0.0.1:http"), "'listen_port' is wrong: a whole number belongs here"),
        (("--listen", "127.0.0.1:99999"), "'listen_port' is wrong: the number is at most 65535"),
        (("--address", "station.example"), "'address' is wrong: a name or number with a port belongs here"),
    ],
)
def test_init_names_what_is_wrong_and_makes_nothing(nothing, arguments, words):
    said = nothing(*INIT, "--language", "en", *arguments)
    assert said.code == 1 and words in said.err
    assert not nothing.root.exists()


def test_a_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    said = Station(tmp_path / "file" / "new")(*INIT, "--language", "en")
    assert said.code == 1 and "cannot read or write" in said.err


def test_a_wrong_call_explains_itself(nothing):
    for arguments in ((), ("nonsense",), ("init",), ("dataset",), ("sign",), ("output", "release")):
        said = nothing(*arguments)
        assert said.code == 2 and "usage: python -m station" in said.err


@pytest.mark.parametrize("command", ["status", "enroll", "contracts", "dataset list", "output show", "run", "sign a"])
def test_without_a_station_every_command_says_init(nothing, command):
    said = nothing(*command.split(), STATION_LANGUAGE="en", typed="token\n")
    assert said.code == 1 and "There is no station" in said.err and "init" in said.err
    assert not nothing.root.exists()


# Enrolling


def test_enroll_sends_the_public_key_under_the_token(station, hostile):
    hostile.says["POST", "enrolments"] = {"organisation": "kvk"}
    said = station("enroll", "--token", "one-time")
    assert said.code == 0 and "Enrolled for kvk" in said.out
    (statement,) = hostile.statements()
    assert (statement["token"], statement["organisation"]) == ("one-time", "kvk")
    home = Home(station.root)
    assert thumbprint(import_public(statement["signing_key"])) == thumbprint(home.key)
    assert json.loads(home.key_file.read_text())["d"] not in json.dumps(hostile.heard)


def test_enroll_asks_for_the_token(station, hostile):
    hostile.says["POST", "enrolments"] = {"organisation": "kvk"}
    assert station("enroll", typed="one-time\n").code == 0
    assert hostile.statements()[0]["token"] == "one-time"
    said = station("enroll")
    assert said.code == 1 and "nobody is there to type" in said.err


def test_a_refused_token_is_told_with_the_platforms_reason(station, hostile):
    hostile.says["POST", "enrolments"] = (409, {"reasons": [{"code": "enrolment.token", "facts": {}}]})
    said = station("enroll", "--token", "old")
    assert said.code == 1 and "This enrolment token does not hold" in said.err


def test_a_platform_that_is_away(offline):
    said = offline("enroll", "--token", "one-time")
    assert said.code == 3 and "cannot be reached" in said.out


def test_what_a_platform_says_never_steers_the_terminal(station, hostile):
    hostile.says["POST", "enrolments"] = (409, {"reasons": [{"code": "\x1b[2J\x1b]0;x\x07", "facts": {}}]})
    said = station("enroll", "--token", "one-time")
    assert said.code == 1 and all(char == "\n" or char.isprintable() for char in said.text)


# Doctor


def lines(said):
    """What is examined -> what is said about it."""
    found: dict[str, list[str]] = {}
    for line in said.out.splitlines():
        if line.startswith(("well", "MEND")):
            found[line[10:]] = []
        elif line.startswith("    "):
            list(found.values())[-1].append(line.strip())
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_doctor_of_a_station_that_is_well(make_home, hostile):
    station = Station(make_home("kvk", platform=hostile.address, listen_port=free_port()).root)
    said = station("doctor")
    assert said.err == "" and set(map(tuple, lines(said).values())) == {()}
    assert (said.code, said.out.splitlines()[-1]) == (0, "Everything is ready for a run.")
    assert len(lines(said)) == 10


def test_doctor_offline_says_what_to_mend(make_home, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        home = make_home("kvk", listen_port=taken.getsockname()[1])
        home.root.chmod(0o755)
        home.key_file.chmod(0o644)
        home.policy_file.write_text(home.policy_file.read_text().replace('"grouped_counts"', '"magic"'))
        said = Station(home.root)("doctor")
    found = lines(said)
    assert said.code == 1 and "Still to mend" in said.out
    assert f"chmod 700 {home.root}" in found["settings and directory"][0]
    assert "chmod 600" in found["station key"][0]
    assert "'magic' is not in the catalogue" in found["own rules (policy.toml)"][0]
    assert f"Port {home.settings.listen_port} on 127.0.0.1 is taken" in found["port free and address reachable"][0]
    assert found["engine present"] == []


def test_doctor_without_a_platform(offline):
    (reason,) = lines(offline("doctor"))["platform reachable, station known, clock right"]
    assert "does not answer" in reason and "http://127.0.0.1:9" in reason


def test_doctor_at_a_platform_that_does_not_know_the_station(station, hostile):
    hostile.says["GET", "work"] = (401, {"reasons": [{"code": "request.unknown_station", "facts": {}}]})
    (reason,) = lines(station("doctor"))["platform reachable, station known, clock right"]
    assert "does not know this key" in reason and "'enroll'" in reason


def test_doctor_says_where_others_should_find_the_station(make_home):
    home = make_home("kvk", listen_host="0.0.0.0", listen_port=free_port())
    assert "address =" in lines(Station(home.root)("doctor"))["port free and address reachable"][0]


def test_doctor_of_an_address_that_nobody_forwards(make_home):
    home = make_home("kvk", listen_port=free_port(), address=f"127.0.0.1:{free_port()}")
    assert "cannot be reached" in lines(Station(home.root)("doctor"))["port free and address reachable"][0]


def test_doctor_reads_the_data(offline, tmp_path):
    register_rows(Home(offline.root), tmp_path)
    assert lines(offline("doctor"))["datasets readable and fitting"] == []
    (tmp_path / "kvk.csv").write_text("nr,region\n00000001,Oost\n")
    (reason,) = lines(offline("doctor"))["datasets readable and fitting"]
    assert "'region' with a value that is not in the list: 1" in reason and "Oost" not in reason
    (tmp_path / "kvk.csv").unlink()
    assert "is not there" in lines(offline("doctor"))["datasets readable and fitting"][0]


@pytest.mark.parametrize("settings", [None, "organisation = 'KVK'\n", "organisation = "])
def test_doctor_without_settings_stops_there(tmp_path, settings):
    if settings is not None:
        (tmp_path / "station.toml").write_text(settings)
    said = Station(tmp_path)("doctor", STATION_LANGUAGE="en")
    assert said.code == 1 and list(lines(said)) == ["settings and directory"]


def test_doctor_notices_a_changed_ledger(offline):
    home = Home(offline.root)
    home.ledger.record("ready", GOOD["ready"], home.key)
    home.ledger.db.execute("DROP TRIGGER statements_hold")
    home.ledger.db.execute("UPDATE statement SET jws = 'x'")
    home.ledger.db.close()
    assert "ledger was changed or damaged" in lines(offline("doctor"))["station ledger"][0]
