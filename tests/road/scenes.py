"""Scenes on a running platform: ``python -m tests.road.scenes NAME``. Each ends silently or with an AssertionError.

The platform, its worker and the stations are the real processes of the instance that the environment names; whoever
starts a scene watches over them and starts again what a scene kills.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from audit.models import Event  # noqa: E402
from collaborations.models import Contract, Signature, UseCase  # noqa: E402
from computations import actions, backends, clock, doorbell  # noqa: E402
from computations.models import Run  # noqa: E402
from demo import cast, own_data, plain, road, stations  # noqa: E402
from demo.dossier import Dossier  # noqa: E402
from demo.stations import Station  # noqa: E402
from station.contract.canonical import canonical, code, digest  # noqa: E402
from station.contract.signatures import unverified  # noqa: E402
from tests.road import people  # noqa: E402

INSTANCE = Path(settings.VAR_DIR).resolve()
INPUTS, HOMES = INSTANCE / "inputs", INSTANCE / "stations"
PARTIES = tuple(people.ROWS)


def set_up() -> None:
    """From nothing to a contract that every station signed."""
    INPUTS.mkdir()
    plan = own_data.read(people.write(INPUTS), today=timezone.localdate())
    names = {party.organisation: party.name for party in plan.specification.parties}
    cast.cast(names, password=None, today=timezone.localdate())
    journey = road.Journey(plan.specification, Dossier(), say=lambda _text: None)
    journey.stations = stations.set_up(names, HOMES, settings.BASE_URL, partial(stations.fill, plan))
    road.walk(journey, until="sign")
    assert journey.use_case.state == "authorised", journey.use_case.state


def released() -> None:
    """Released, equal to the plain computation; and no id, from then on, anywhere but in the partners' own files."""
    run = _schedule()
    _until(run, "checking")
    assert not run.results.exists(), "nobody sees it before the checker"
    _station("helpdesk")("output", "release", str(run.pk), "--reasons", "fine", "--function", "checker")
    _until(run, "released")
    plan = own_data.read(INPUTS / "question.yaml", today=timezone.localdate())
    assert run.results.get().table == plain.table(plan.specification, plan.files)
    assert [entry["state"] for entry in run.history] == [
        "queued", "preparing", "running", "checking", "releasing", "released",
    ]  # fmt: skip
    for party in ("town", "creditor"):
        assert str(run.pk) in _station(party)("output", "show", str(run.pk))
    _no_id_is_left(people.ids(INPUTS))


def withheld() -> None:
    """The checker says no: the table is destroyed there, and no share of it is left anywhere."""
    run = _schedule()
    _until(run, "checking")
    helpdesk = _station("helpdesk")
    helpdesk("output", "withhold", str(run.pk), "--reasons", "too detailed", "--function", "checker")
    _until(run, "withheld")
    assert not run.results.exists() and not run.shares.exists()
    assert "null" in helpdesk("output", "show", str(run.pk), "--json")
    _eventually(lambda: all(_sealed_left(party, run) == 0 for party in PARTIES), "sealed shares are destroyed")


def engine_killed() -> None:
    """A killed engine costs an attempt, not the run, and exactly one result comes out."""
    run = _schedule()
    victim = _engine_of("creditor")
    os.kill(victim, signal.SIGKILL)
    _until(run, "checking")
    assert run.attempt == 2, run.attempt
    assert "retried" in " ".join(_events(run))
    _release(run)


def station_killed() -> None:
    """A station that dies in the middle and comes back: the attempt is lost, the run goes on."""
    run = _schedule()
    engine = _engine_of("town")
    os.kill(engine, signal.SIGSTOP)
    _kill_station("town")
    _until(run, "checking", seconds=120)
    assert run.attempt > 1
    _release(run)


def cancelled() -> None:
    """A person stops it: the engines end, nothing is left to check."""
    run = _schedule()
    _engine_of("town")
    actions.cancel_run(run=run, reason="not today", by=cast.person("town", "innovation_manager"))
    _until(run, "cancelled")
    _eventually(lambda: not any(_engines(party) for party in PARTIES), "the engines have ended")
    assert any("not today" in reason.text("en") for reason in run.why)


def refused() -> None:
    """A station whose own policy got stricter says no, with its reason, and names itself."""
    policy = HOMES / "helpdesk" / "policy.toml"
    before = policy.read_text("utf-8")
    policy.write_text(re.sub(r"least_k = \d+", "least_k = 50", before), "utf-8")
    try:
        run = _schedule()
        _until(run, "refused")
    finally:
        policy.write_text(before, "utf-8")
    assert run.blamed is not None and run.blamed.slug == "helpdesk"
    assert [reason.code for reason in run.why] == ["policy.k"]


def file_gone() -> None:
    """A file that cannot be read is a refusal of that station, not a fault of the run; no path leaves the station."""
    file = Path(str(INPUTS / "creditor.csv"))
    hidden = file.with_suffix(".hidden")
    file.rename(hidden)
    try:
        run = _schedule()
        _until(run, "refused")
    finally:
        hidden.rename(file)
    assert run.blamed is not None and run.blamed.slug == "creditor"
    assert [reason.code for reason in run.why] == ["dataset.no_file"]


def attacker() -> None:
    """Somebody with the database writes a valid-looking contract with a lower k, signatures copied, and runs of it.
    Every station refuses, because it never signed that text. The first refusal ends a run for all, so each station is
    asked while the others are held. The platform's own sweep is held too: it would end such a run as well, and then
    nothing would be known of the stations."""
    forged = _forged_contract()
    sweepers = [pid for program in ("worker", "beat") for pid in _pids(f"celery -A nicpet {program}")]
    with _held(sweepers):
        for party in PARTIES:
            with _held([_agent_of(other) for other in PARTIES if other != party]):
                run = _forged_run(forged)
                _until(run, "refused")
            assert run.blamed is not None and run.blamed.slug == party
            assert "contract.not_signed" in _refusals(forged)[party], party
            assert not (_station(party)("status").count(str(run.pk))), "no attempt was begun"


@contextmanager
def _held(pids: list[int]) -> Iterator[None]:
    """These processes stand still meanwhile, as they would on a machine that hangs."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _forged_contract() -> Contract:
    signed = UseCase.objects.get().contracts.get(state="signed")
    document = signed.read().document()
    document["specification"]["disclosure"]["k"] = 10
    document["specification_sha256"] = digest(document["specification"])
    forged = Contract.objects.create(
        use_case=signed.use_case, kind="trial_contract", data=canonical(document).decode(), sha256=digest(document),
        code=code(digest(document)), keys=signed.keys, state="signed", drafted_by=signed.drafted_by,
    )  # fmt: skip
    for paper in signed.documents.all():
        forged.documents.create(sha256=paper.sha256, kind=paper.kind, data=paper.data)
    for signature in signed.signatures.all():
        Signature.objects.create(
            contract=forged, organisation=signature.organisation, kind=signature.kind, jws=signature.jws
        )
    return forged


def _forged_run(forged: Contract) -> Run:
    moment = clock.now()
    run = Run.objects.create(
        contract=forged, slot=1, requested_by=forged.drafted_by, queued_at=moment, changed_at=moment,
        history=[{"state": "queued", "at": moment.isoformat(), "attempt": 1}],
    )  # fmt: skip
    backends.of(run).start(run)
    return run


def revoked() -> None:
    """A station withdraws while the output is being checked: the run ends before release, and nothing runs after."""
    run = _schedule()
    _until(run, "checking")
    contract = run.contract
    _station("creditor")("revoke", contract.sha256, "--reason", "the basis fell away")
    _until(run, "cancelled")
    assert not run.results.exists()
    contract.refresh_from_db()
    assert contract.state == "revoked" and contract.use_case.state == "assessing"
    _eventually(lambda: all(_sealed_left(party, run) == 0 for party in PARTIES), "sealed shares are destroyed")


def station_silent() -> None:
    """A station that is off: the run ends by itself after two minutes, and says whose station it waited for."""
    with _held([_agent_of("creditor")]):
        run = _schedule()
        _until(run, "failed", seconds=180)
    assert run.blamed is not None and run.blamed.slug == "creditor"
    assert [reason.code for reason in run.why] == ["run.no_ready"]


def worker_killed() -> None:
    """The worker, the beat and the web server die, and the broker forgets everything: the sweep still finds the run."""
    for program in ("celery -A nicpet worker", "celery -A nicpet beat", "gunicorn nicpet.wsgi"):
        for pid in _pids(program):
            os.kill(pid, signal.SIGKILL)
    run = _schedule()
    doorbell.valkey().flushdb()
    _until(run, "checking", seconds=120)
    _release(run)


# What the scenes share


def _schedule() -> Run:
    contract = Contract.objects.get(state="signed", kind="contract")
    return actions.schedule_run(contract=contract, by=cast.person("town", "innovation_manager"))


def _until(run: Run, state: str, *, seconds: float = 60) -> None:
    def arrived() -> bool:
        run.refresh_from_db()
        assert not run.ended or run.state == state, f"{run.state}: {[reason.text('en') for reason in run.why]}"
        return run.state == state

    _eventually(arrived, f"the run is {state}", seconds)


def _eventually(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)


def _release(run: Run) -> None:
    _station("helpdesk")("output", "release", str(run.pk), "--reasons", "fine", "--function", "checker")
    _until(run, "released")
    assert run.results.count() == 1


def _station(party: str) -> Station:
    return Station(HOMES / party)


def _pids(words: str) -> list[int]:
    """Processes of this very instance whose command line holds these words."""
    return [pid for pid, line in _commands() if words in line and _ours(pid)]


def _commands() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                yield int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue


def _ours(pid: int) -> bool:
    try:
        return str(INSTANCE).encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def _agent_of(party: str) -> int:
    (pid,) = [pid for pid, line in _commands() if f"station --home {HOMES / party} run" in line]
    return pid


def _engines(party: str) -> list[int]:
    agent = _agent_of(party)
    children = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(agent)], capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in children.splitlines() if "station.engine" in line]


def _engine_of(party: str) -> int:
    """Its engine, as soon as there is one."""
    found: list[int] = []

    def appeared() -> bool:
        found[:] = _engines(party)
        return bool(found)

    _eventually(appeared, f"the engine of {party} runs")
    return found[0]


def _kill_station(party: str) -> None:
    """Whoever watches over the instance starts it again."""
    pid = _agent_of(party)
    os.kill(pid, signal.SIGKILL)
    _eventually(lambda: any(_agent != pid for _agent in _agents(party)), f"the station of {party} is back")


def _agents(party: str) -> list[int]:
    return [pid for pid, line in _commands() if f"station --home {HOMES / party} run" in line]


def _sealed_left(party: str, run: Run) -> int:
    """Sealed shares of a run that a station still has."""
    with sqlite3.connect(f"file:{HOMES / party / 'station.db'}?mode=ro", uri=True) as database:
        (number,) = database.execute(
            "SELECT count(*) FROM share WHERE run = ? AND jwe IS NOT NULL", (str(run.pk),)
        ).fetchone()
    return int(number)


def _refusals(contract: Contract) -> dict[str, list[str]]:
    """By party, what its station itself put down as refusals of a contract's runs."""

    found = {}
    for party in PARTIES:
        with sqlite3.connect(f"file:{HOMES / party / 'station.db'}?mode=ro", uri=True) as database:
            query = "SELECT jws FROM statement WHERE type = 'refusal' AND contract = ?"
            for (token,) in database.execute(query, (contract.sha256,)):
                found[party] = [reason["code"] for reason in unverified(token)["reasons"]]
    return found


def _events(run: Run) -> list[str]:
    return list(Event.objects.about(run).values_list("type", flat=True))


def _no_id_is_left(planted: set[str]) -> None:
    """Canaries: the partners' ids are in no table, no broker, no log and no other file of the instance."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                _assert_clean(row, planted, f"table {table}")
    for file in INSTANCE.rglob("*"):
        if file.is_file() and INPUTS not in file.parents and "postgres" not in str(file.relative_to(INSTANCE)):
            try:
                _assert_clean(file.read_bytes().decode("latin-1"), planted, str(file))
            except PermissionError:
                continue


def _assert_clean(text: str, planted: set[str], where: str) -> None:
    found = set(re.findall(r"(?<!\d)\d{9}(?!\d)", text)) & planted
    assert not found, f"{len(found)} ids in {where}"


SCENES = {
    scene.__name__: scene
    for scene in (
        set_up, released, withheld, engine_killed, station_killed, cancelled, refused, file_gone, attacker, revoked,
        station_silent, worker_killed,
    )
}  # fmt: skip

if __name__ == "__main__":
    SCENES[sys.argv[1]]()
