"""The engine as a station starts it: three child processes, JSON lines, files made here."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
import uuid
from datetime import date
from pathlib import Path

import pytest

from bench import engines, subjects
from bench.engines import Three
from demo import plain
from station.contract.canonical import digest
from station.contract.contract import read_contract
from station.ledger import Ledger
from station.reasons import Reason, Refused, sentences
from station.sealing import unseal
from tests.station.engine.questions import Listed, Question, debts, number, register

PHASES = ["reading", "connecting", "tags", "matching", "moving", "grouping", "comparing", "sealing"]


def small() -> Question:
    """beta asks, alpha knows debts, gamma has nothing."""
    lists = {"beta": register({"Ede": 9, "Urk": 8}, padding=3), "alpha": debts(range(4, 13), padding=1)}
    return Question("beta", lists, ["place"])


def long() -> Question:
    """Cells enough to be caught in the middle."""
    base = Listed({"age": {"kind": "int", "minimum": 0, "maximum": 3999}}, [[number(n), n] for n in range(2000)])
    return Question("beta", {"beta": base, "alpha": debts(range(500)), "gamma": debts(range(900))}, ["age"])


def play(question: Question, folder: Path, act=None, **options) -> Three:
    """Starts three engines; ``act`` may meddle. Every engine is gone afterwards."""

    async def whole() -> Three:
        three = await engines.start(question.specification, **options)
        try:
            async with asyncio.timeout(60):
                if act is None:
                    await three.go(await three.prepare(question.write(folder)))
                    await three.finish()
                else:
                    await act(three, question.write(folder))
                for engine in three.engines.values():
                    await engine.process.wait()
        finally:
            await three.stop()
        return three

    return asyncio.run(whole())


def blamed(message: dict) -> tuple[str | None, str]:
    assert message["is"] == "failed", message
    assert all(reason["code"] in sentences() for reason in message["reasons"])
    return message["blames"], message["reasons"][0]["code"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[Three, Question, Path]:
    """One run with two lists and a third without, in a directory of its own that is also its temporary one."""
    folder, place = tmp_path_factory.mktemp("rows"), tmp_path_factory.mktemp("place")
    with (folder / "stderr").open("w+b") as stderr:
        three = play(small(), folder, directory=place, stderr=stderr)
    return three, small(), folder


def test_three_processes_give_the_plain_table(finished):
    three, question, folder = finished
    assert three.table() == question.plain(folder)
    assert [row[-1] for row in three.table()["rows"]] == [5, 4]
    assert all(engine.process.returncode == 0 for engine in three.engines.values())


def test_three_lists_and_conditions_at_the_base(tmp_path):
    base = Listed(
        {"flag": {"kind": "bool"}, "age": {"kind": "int", "minimum": -1, "maximum": 1}, "c": {"kind": "int"}},
        [[number(n), "true" if n % 2 else "false", n % 3 - 1, n % 5] for n in range(60)],
        conditions=[{"column": "c", "op": "in", "value": [0, 1, 3]}],
    )
    lists = {"gamma": base, "beta": debts(range(50)), "alpha": debts(range(10, 60), padding=9)}
    question = Question("gamma", lists, ["flag", "age"])
    three = play(question, tmp_path)
    assert three.table() == question.plain(tmp_path)
    assert 0 < three.table()["suppressed"] < 6


def test_what_an_engine_tells(finished):
    three, question, _ = finished
    for name, engine in three.engines.items():
        assert {message["is"] for message in engine.said} == {"progress", "prepared", "computed"}
        seen = [message["phase"] for message in engine.said if message["is"] == "progress"]
        assert list(dict.fromkeys(seen)) == PHASES
        percents = [message["percent"] for message in engine.said if message["is"] == "progress"]
        assert percents == sorted(percents)
        assert percents[-1] < 100
        prepared = next(message for message in engine.said if message["is"] == "prepared")
        mine = question.specification.inputs_of(name)
        assert prepared["padded_rows"] == {entry.id: entry.padded_rows for entry in mine}
        assert (prepared["snapshot"] is None) == (name == "gamma")
        ended = three.ended[name]
        assert 0 < ended["cpu"] < 60
        assert 20 < ended["peak_mib"] < 300
        assert ended["traffic"] > 1000


def test_shares_are_sealed_for_checker_and_recipients_alone(finished):
    three, question, _ = finished
    output = question.specification.outputs[0]
    for sender, message in three.ended.items():
        assert set(message["shares"]) == {output.name}
        sealed = message["shares"][output.name]
        assert set(sealed) == {output.checker, *output.recipients} == {"alpha", "beta"}
        names = {"session": three.session, "output": output.name, "sender": sender}
        for receiver in sealed:
            share = unseal(sealed[receiver], three.engines[receiver].key, receiver=receiver, **names)
            assert len(share["values"]) == 2
        with pytest.raises(Refused):
            unseal(sealed["beta"], three.engines["alpha"].key, receiver="beta", **names)


def test_one_share_tells_nothing(finished):
    """The same table, computed twice: every single share is another number, and none is a count."""
    three, question, folder = finished
    again = play(question, folder)
    values = [
        unseal(
            message["shares"]["table"]["alpha"], each.engines["alpha"].key,
            session=each.session, output="table", sender=sender, receiver="alpha",
        )["values"]
        for each in (three, again) for sender, message in each.ended.items()
    ]  # fmt: skip
    numbers = [int(value) for share in values for value in share]
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) > 1000


def test_nothing_is_left_behind_and_nothing_is_said_of_a_row(finished):
    """No file in working and temporary directory, nothing on standard error, no id, cell or cents in any message."""
    three, question, folder = finished
    place = folder.parent / next(p.name for p in folder.parent.iterdir() if p.name.startswith("place"))
    assert list(place.rglob("*")) == []
    assert (folder / "stderr").read_bytes() == b""
    said = json.dumps([engine.said for engine in three.engines.values()])
    assert not any(str(row[0]) in said for listed in question.lists.values() for row in listed.rows)


def test_while_it_computes_no_file_is_open(tmp_path):
    async def act(three: Three, files: dict[str, Path]) -> None:
        await three.go(await three.prepare(files))
        for engine in three.engines.values():
            while (await engine.hear("progress"))["phase"] != "tags":
                pass
            directory = Path(f"/proc/{engine.process.pid}/fd")
            links = [str(link.readlink()) for link in directory.iterdir()]
            assert not [link for link in links if link.startswith("/") and not link.startswith(("/dev/", "/proc/"))]
        await three.finish()

    play(small(), tmp_path, act, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize(("victim", "phase"), [("alpha", "tags"), ("beta", "comparing"), ("gamma", "comparing")])
def test_a_process_that_dies_is_named_by_the_others(victim, phase, tmp_path):
    async def act(three: Three, files: dict[str, Path]) -> None:
        await three.go(await three.prepare(files))
        engine = three.engines[victim]
        while (await engine.hear("progress"))["phase"] != phase:
            pass
        engine.process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        await three.finish()
        assert time.monotonic() - killed < 20

    three = play(long(), tmp_path, act)
    assert three.ended.pop(victim)["is"] == "gone"
    for name, message in three.ended.items():
        organisation, code = blamed(message)
        assert organisation == victim, name
        assert code in ("engine.peer_lost", "transport.unreachable")


def test_an_engine_that_is_told_to_stop_is_gone(tmp_path):
    """Its agent stops it, or closes its standard input; the others name it."""

    async def act(three: Three, files: dict[str, Path]) -> None:
        await three.go(await three.prepare(files))
        while (await three.engines["gamma"].hear("progress"))["phase"] != "tags":
            pass
        three.engines["gamma"].process.stdin.close()
        await three.finish()

    three = play(long(), tmp_path, act)
    assert three.ended["gamma"] == {"is": "gone", "code": 0}
    assert [blamed(three.ended[name])[0] for name in ("alpha", "beta")] == ["gamma"] * 2


def test_an_engine_with_other_readys_does_not_compute(tmp_path):
    """The platform gave gamma another nonce of alpha: its session is another one, and all know."""

    async def act(three: Three, files: dict[str, Path]) -> None:
        prepared = await three.prepare(files)
        readys = [
            {"organisation": name, "tls_cert": prepared[name]["tls_cert"], "address": prepared[name]["address"],
             "enc_key": engine.key.as_dict(private=False), "nonce": "one"}
            for name, engine in sorted(three.engines.items())
        ]  # fmt: skip
        others = [{**readys[0], "nonce": "other"}, *readys[1:]]
        for name, engine in three.engines.items():
            given = others if name == "gamma" else readys
            await engine.tell({"do": "go", "readys": given, "session": digest(given)})
        await three.finish()

    three = play(small(), tmp_path, act)
    assert blamed(three.ended["alpha"]) == ("gamma", "transport.other_session")
    assert blamed(three.ended["beta"]) == ("gamma", "transport.other_session")
    assert blamed(three.ended["gamma"])[1] == "transport.other_session"


# --- one engine alone ---


def alone(*messages: dict) -> list[dict]:
    """What one engine answers."""
    given = "".join(json.dumps(message) + "\n" for message in messages)
    done = subprocess.run(
        [sys.executable, "-m", "station.engine"], input=given, capture_output=True, text=True, timeout=60,
        env=engines._environment(None),
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def prepare(question: Question, name: str, files: dict[str, Path], **changes) -> dict:
    spec = question.specification
    sources = {entry.id: {"path": str(files[name]), "format": "csv"} for entry in spec.inputs_of(name)}
    return {
        "do": "prepare", "contract": engines.contract_of(spec), "organisation": name, "run": str(uuid.uuid4()),
        "attempt": 1, "dataset": sources, "listen": {"host": "127.0.0.1", "port": 0},
    } | changes  # fmt: skip


def test_rows_it_cannot_read_are_refused_without_their_values(tmp_path):
    files = small().write(tmp_path)
    files["beta"].write_text("id,place\n000000001,Ede\n000000001,Ede\n12345,Atlantis\n", "utf-8")
    last = alone(prepare(small(), "beta", files))[-1]
    assert last["blames"] is None
    assert {reason["code"] for reason in last["reasons"]} == {"dataset.form", "dataset.categories"}
    assert "Atlantis" not in json.dumps(last)
    assert "12345" not in json.dumps(last)


def test_a_port_in_use_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = {"host": "127.0.0.1", "port": taken.getsockname()[1]}
        last = alone(prepare(small(), "beta", small().write(tmp_path), listen=listen))[-1]
    assert last["reasons"][0]["code"] == "transport.port"
    assert "?" not in Reason.from_document(last["reasons"][0]).text("nl")


def test_a_contract_that_it_does_not_know_is_refused(tmp_path):
    message = prepare(small(), "beta", small().write(tmp_path))
    message["contract"]["specification"]["parameters"]["base"] = "delta"
    assert alone(message)[-1]["reasons"][0]["code"] == "specification.unknown_input"
    message = prepare(small(), "beta", small().write(tmp_path))
    message["contract"]["specification"]["engine"] = "abacus"
    assert alone(message)[-1]["reasons"][0]["code"] == "engine.unknown"
    message = prepare(small(), "beta", small().write(tmp_path), organisation="delta")
    assert alone(message)[-1]["reasons"][0]["code"] == "engine.not_computing"


def test_its_end_of_input_is_its_end(tmp_path):
    said = alone(prepare(small(), "beta", small().write(tmp_path)))
    assert [message["is"] for message in said] == ["progress", "prepared"]
    assert alone({"do": "stop"}) == alone() == []


def test_a_fault_of_ours_is_told_by_kind_and_place(tmp_path):
    message = prepare(small(), "beta", small().write(tmp_path))
    del message["dataset"]
    (last,) = [m for m in alone(message) if m["is"] == "failed"]
    assert last["reasons"][0]["code"] == "engine.internal"
    assert last["reasons"][0]["facts"]["kind"] == "KeyError"


@pytest.mark.slow
@pytest.mark.parametrize("givers", [2, 3])
def test_a_hundred_thousand_rows(givers, tmp_path):
    plan = subjects.make(tmp_path / "subject", rows=100_000, givers=givers).plan
    three = asyncio.run(engines.compute(plan.specification, plan.files))
    assert three.table() == plain.table(plan.specification, plan.files)


# --- the query ledger ---


def test_a_second_answer_that_differs_by_one_person_is_refused_with_one_text(tmp_path):
    """The engine's rows against the station's own ledger: the number stays there, and an override serves one run."""
    files, ledger = small().write(tmp_path), Ledger(tmp_path / "station.db")
    dataset = small().specification.inputs_of("beta")[0].dataset
    order = {"path": str(tmp_path / "station.db"), "key": "0" * 64, "day": "2026-01-05"}

    message = prepare(small(), "beta", files, ledger=order)
    contract = read_contract(message["contract"]).sha256

    def asked(run: str) -> dict:
        return alone(message | {"run": run})[-1]

    assert asked("first")["is"] == "prepared"
    assert ledger.answered(dataset) == [], "it was not opened"
    ledger.charge(contract, 1, "first", 1)
    assert asked("same rows")["is"] == "prepared"

    lines = files["beta"].read_text("utf-8").splitlines()
    files["beta"].write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    refused = asked("one less")
    assert [reason["code"] for reason in refused["reasons"]] == ["query.refused"]
    assert refused["reasons"][0]["facts"] == {}
    (known,) = ledger.query_refusals()
    assert [reason.code for reason in known.reasons] == ["query.few_changed"] and known.reasons[0].facts["number"] == 1

    ledger.allow_query(contract, day=date(2026, 1, 5), steward="steward", officer="dpo", reasons="an objection")
    assert asked("allowed")["is"] == "prepared"
    assert asked("allowed")["is"] == "prepared", "all attempts of that run"
    assert asked("next")["is"] == "failed"
