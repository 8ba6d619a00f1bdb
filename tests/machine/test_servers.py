"""The private PostgreSQL and Valkey, started, killed and started again."""

import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest
import redis

from bin.machine import ports, private
from bin.machine.instance import Instance
from bin.machine.locks import Claim
from bin.machine.private import Account
from bin.machine.say import Trouble


@pytest.fixture
def instance(tmp_path):
    made = Instance(tmp_path / "instance", ports.any_free(), ports.any_free(), outer_servers=False)
    yield made
    made.stop()
    made.erase()


def execute(instance, statement):
    with psycopg.connect(instance.environment()["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone() if cursor.description else None


def test_both_answer_keep_their_data_and_shut_others_out(instance):
    instance.start_servers()
    environment = instance.environment()
    execute(instance, "create table kept as select 'é' as letter")
    assert execute(instance, "select upper(letter) from kept") == ("É",)
    with redis.Redis.from_url(environment["REDIS_URL"]) as broker:
        broker.set("nudge", "1")
    sockets = Path(environment["DATABASE_URL"].partition("host=")[2])
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700

    instance.stop()
    instance.start_servers()
    assert execute(instance, "select letter from kept") == ("é",)
    with redis.Redis.from_url(environment["REDIS_URL"]) as broker:
        assert broker.get("nudge") == b"1"


def test_postgres_comes_back_after_a_kill(instance):
    instance.start_servers()
    execute(instance, "create table kept as select 1 as number")
    postgres = next(child for child in instance.household.children if child.name == "PostgreSQL")
    postgres.process.send_signal(signal.SIGKILL)
    postgres.process.wait()
    assert instance.household.dead() == [postgres]
    instance.stop()
    instance.start_servers()
    assert execute(instance, "select number from kept") == (1,)


def test_data_of_another_version_is_refused_with_what_to_do(instance):
    instance.start_servers()
    instance.stop()
    (private.home(instance.directory, Account.own()) / "postgres/PG_VERSION").write_text("9\n")
    with pytest.raises(Trouble, match=r"made by PostgreSQL 9.*--reset"):
        instance.start_servers()


def test_the_secret_stays_the_same_and_is_for_the_owner_alone(instance):
    first = instance.environment()["NICPET_SECRET_KEY"]
    assert instance.environment()["NICPET_SECRET_KEY"] == first and len(first) > 50
    assert stat.S_IMODE((instance.directory / "secret").stat().st_mode) == 0o600


def test_outer_servers_are_followed_when_asked(instance, tmp_path, monkeypatch):
    instance.start_servers()
    outer = instance.environment()
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, outer[name])
    follower = Instance(tmp_path / "follower", 1, 2)
    follower.start_servers()
    assert follower.environment()["DATABASE_URL"] == outer["DATABASE_URL"]
    assert follower.household.children == []


def test_an_outer_server_that_does_not_answer_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://127.0.0.1:{ports.any_free()}/nicpet")
    with pytest.raises(Trouble, match="DATABASE_URL"):
        Instance(tmp_path, 1, 2).start_servers()


def test_a_second_claim_learns_who_holds_the_first(tmp_path):
    first, second = Claim(tmp_path / "lock"), Claim(tmp_path / "lock")
    assert first.take() is None
    first.write("process 7, address X")
    assert second.take() == "process 7, address X"
    first.release()
    assert second.take() is None
    second.release()


def test_the_next_free_port_skips_one_in_use():
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert ports.answers(port)
        assert ports.next_free(port) > port


def test_an_old_python_gets_a_sentence(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 1)")
    for command in ("setup", "test", "demo", "bench"):
        done = subprocess.run(
            ["python3", f"bin/{command}"],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "needs Python 3.11 or newer; this is 3.9" in done.stderr
