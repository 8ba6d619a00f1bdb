"""Results that name persons: encrypted at their recipient, stamped, destroyed in time; and in nobody else's hands."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bench import engines
from station.cli.main import main
from station.home import Home
from station.output import reconstruct
from station.reasons import Refused
from station.records import Records, Stamp, stamp_of
from station.sealing import unseal
from tests.station.engine.test_household_threshold import case

RUN = "0" * 31 + "7"
CANARY = "canary-household-7"


def stamp(**changes: str) -> Stamp:
    given = {
        "run": RUN, "output": "selected", "contract": "c" * 64, "title": "Huishoudens", "purpose": "Wijzen op hulp.",
        "use": "Niet voor handhaving.", "received_on": "2026-11-24", "delete_after": "2999-01-01",
    }  # fmt: skip
    return Stamp(**(given | changes))


@pytest.fixture
def home(make_home: Callable[..., Home]) -> Home:
    return make_home("kvk")


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_it_is_opened_here_with_its_purpose_and_last_day(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.records.keep(stamp(), [CANARY, "another"])
    assert CANARY.encode() not in bytes_of(home.root)
    assert main(["--home", str(home.root), "result", "show", RUN[:8]]) == 0
    shown = capsys.readouterr().out
    assert all(part in shown for part in (CANARY, "Wijzen op hulp. Niet voor handhaving.", "2999-01-01"))
    assert main(["--home", str(home.root), "result", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["records"] == [CANARY, "another"]


def test_it_is_destroyed_when_its_time_is_over_and_that_is_written_down(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.records.keep(stamp(delete_after="2026-11-23"), [CANARY])
    assert main(["--home", str(home.root), "result", "show"]) == 1
    assert list(home.records.all()) == []
    assert home.ledger.deletions() == [{"run": RUN, "output": "selected", "day": date.today().isoformat(), "number": 1}]
    capsys.readouterr()
    assert main(["--home", str(home.root), "result", "list"]) == 0
    assert date.today().isoformat() in capsys.readouterr().out
    for change in ("DELETE FROM deletion", "UPDATE deletion SET number = 0"):
        with pytest.raises(sqlite3.IntegrityError):
            home.ledger.db.execute(change)


def test_until_the_last_day_it_stays(home: Home) -> None:
    home.records.keep(stamp(delete_after="2026-11-24"), [CANARY])
    assert home.records.expire(home.ledger, date(2026, 11, 24)) == []
    assert len(home.records.expire(home.ledger, date(2026, 11, 25))) == 1


def test_a_file_that_was_changed_or_swapped_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    records = Records(tmp_path)
    records.keep(stamp(), [CANARY])
    file = next(records.folder.iterdir())
    file.rename(file.with_name(file.name.replace("selected", "statistics")))
    with pytest.raises(Refused):
        list(records.all())


def test_the_index_goes_with_its_attempt(home: Home) -> None:
    home.records.keep_index(RUN, 1, "selected", [CANARY])
    assert home.records.index(RUN, 1, "selected") == [CANARY]
    home.ledger.begin(RUN, 1, "c" * 64, 1, "{}")
    home.ledger.update_attempt(RUN, 1, state="opened")
    home.records.drop_indexes(home.ledger)
    assert home.records.index(RUN, 1, "selected") == [CANARY]
    home.ledger.throw_away(RUN, 1)
    home.records.drop_indexes(home.ledger)
    with pytest.raises(Refused):
        home.records.index(RUN, 1, "selected")


def test_the_shortest_retention_of_the_recipient_counts() -> None:
    made = case([[1, CANARY, "single", 60, False]], {"gamma": {1: 1}})
    made.retention = [
        {**made.retention[0], "days": days, "holder": who} for days, who in ((9, "beta"), (5, "beta"), (1, "alpha"))
    ]
    spec = made.specification
    found = stamp_of(spec, spec.outputs[0], run=RUN, contract="c", language="nl", today=date(2026, 11, 24))
    assert found.delete_after == "2026-11-29"


def test_canaries_stay_with_their_owner_and_the_checker_gets_counts_alone(tmp_path: Path) -> None:
    """Three real engine processes: what they tell, and what each may open of it."""
    people = [[n, f"{CANARY}-{n}", "single", 10 * n, False] for n in range(12)]
    made = case(people, {"gamma": dict.fromkeys(range(9), 5)})
    spec, files = made.specification, made.write(tmp_path / "files")
    three = asyncio.run(engines.compute(spec, files))
    said = {name: json.dumps(engine.said) for name, engine in three.engines.items()}
    assert all(message["is"] == "computed" for message in three.ended.values()), three.ended
    assert CANARY in json.dumps(three.ended["beta"]["index"]), "kept at its own station until the release"
    assert not any(CANARY in said[name] for name in ("alpha", "gamma"))
    assert not any(f"{n:09d}" in text for text in said.values() for n in range(12))

    def opened(who: str) -> list[int]:
        return reconstruct([
            unseal(message["shares"]["selected"][who], three.engines[who].key, session=three.session, output="selected",
                   sender=name, receiver=who)
            for name, message in three.ended.items()
        ])  # fmt: skip

    assert len(opened("alpha")) == 2
    assert len(opened("beta")) == 2 + made.parameters["households"]
    assert opened("beta")[:2] == opened("alpha")
