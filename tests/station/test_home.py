"""The station's own directory: nobody else reads it, and what is wrong with it is told."""

import json
import stat

import pytest

from station.contract.signatures import thumbprint
from station.home import Home, Settings, initialise
from station.private import write_private
from station.reasons import Refused


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    (reason,) = caught.value.reasons
    assert "?" not in reason.text("nl") + reason.text("en")
    return reason


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_directory_is_for_its_owner_alone(home, tmp_path):
    assert mode(home.root) == mode(home.root / "keys") == 0o700
    assert {mode(path) for path in home.root.rglob("*") if path.is_file()} == {0o600}
    assert home.organisation == "kvk"
    assert json.loads(home.key_file.read_text())["d"]


def test_a_database_is_for_its_owner_alone(home):
    home.ledger.head()
    assert {mode(path) for path in home.root.iterdir() if path.name.startswith("station.db")} == {0o600}


def test_a_station_is_never_made_over_another(home):
    before = home.key_file.read_text()
    assert refused(lambda: initialise(home.root, home.settings)).code == "home.exists"
    assert home.key_file.read_text() == before


def test_lost_settings_are_made_again_around_the_same_key_and_policy(home):
    kid = thumbprint(home.key)
    home.policy_file.write_text(home.policy_file.read_text().replace("least_k = 10", "least_k = 99"))
    settings = home.settings
    (home.root / "station.toml").unlink()
    again = initialise(home.root, settings)
    assert thumbprint(again.key) == kid
    assert again.policy.least_k == 99


@pytest.mark.parametrize("bits", [0o644, 0o640, 0o602, 0o666])
def test_a_key_that_others_can_read_is_refused(home, bits):
    home.key_file.chmod(bits)
    assert refused(lambda: home.key).code == "home.key_open"
    home.key_file.chmod(0o600)
    assert home.key


@pytest.mark.parametrize("text", ["", "{}", "[1]", "not json", '{"kty":"EC","crv":"P-256","x":"x","y":"y"}'])
def test_a_key_that_is_no_key_is_refused(home, text):
    home.key_file.write_text(text)
    assert refused(lambda: home.key).code == "file.unreadable"


def test_a_public_key_is_not_enough(home):
    public = {k: v for k, v in json.loads(home.key_file.read_text()).items() if k != "d"}
    home.key_file.write_text(json.dumps(public))
    assert refused(lambda: home.key).code == "file.unreadable"


def test_a_directory_without_a_station(tmp_path):
    nothing = Home(tmp_path / "nothing")
    for act in (lambda: nothing.settings, lambda: nothing.organisation, lambda: nothing.ledger):
        assert refused(act).code == "home.not_initialised"
    assert not (tmp_path / "nothing").exists()


def test_a_missing_key_is_told(home):
    home.key_file.unlink()
    assert refused(lambda: home.key).code == "home.no_key"


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('surprise = "x"', "surprise"),
        ('platform = "ftp://elsewhere"', "platform"),
        ('organisation = "KVK Nederland"', "organisation"),
        ("listen_port = 0", "listen_port"),
        ('listen_port = "9443"', "listen_port"),
        ('address = "no port"', "address"),
        ('language = "fr"', "language"),
    ],
)
def test_a_wrong_setting_is_named(home, line, where):
    name = line.split(" ")[0]
    kept = [old for old in (home.root / "station.toml").read_text().splitlines() if not old.startswith(name)]
    (home.root / "station.toml").write_text("\n".join([*kept, line]))
    reason = refused(lambda: home.settings)
    assert (reason.code, reason.facts["where"]) == ("home.settings_field", where)


@pytest.mark.parametrize("raw", [b"organisation = ", b"\xff\xfe"])
def test_settings_that_are_no_toml(home, raw):
    (home.root / "station.toml").write_bytes(raw)
    assert refused(lambda: home.settings).code == "file.unreadable"


def test_settings_are_read_back_as_they_were(tmp_path):
    settings = Settings(
        organisation="kvk", platform="https://nicpet.example/path", language="nl", listen_host="::1", listen_port=1,
        address='station"quoted.example:9443',
    )  # fmt: skip
    assert initialise(tmp_path / "new", settings).settings == settings


def test_a_private_file_is_whole_or_not_there(tmp_path):
    place = tmp_path / "file"
    write_private(place, "first")
    with pytest.raises(UnicodeEncodeError):
        write_private(place, "half\ud800")
    assert place.read_text() == "first"
    write_private(place, "second")
    assert (place.read_text(), mode(place)) == ("second", 0o600)
