"""Servers of one's own: asked once, with a sentence that does not repeat the address."""

import os

import pytest

from bin.machine import outer
from bin.machine.say import Trouble


@pytest.mark.parametrize(("variable", "name"), [("DATABASE_URL", "PostgreSQL"), ("REDIS_URL", "Valkey")])
def test_the_servers_of_this_test_answer(variable, name):
    assert os.environ[variable]
    outer.ask(variable, name)


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("DATABASE_URL", "postgresql://somebody:secret@127.0.0.1:1/nicpet"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "redis://:secret@127.0.0.1:1/0"),
        ("REDIS_URL", "nonsense"),
    ],
)
def test_one_that_does_not_answer(monkeypatch, variable, address):
    monkeypatch.setenv(variable, address)
    with pytest.raises(Trouble) as trouble:
        outer.ask(variable, "server")
    assert f"leave {variable} out" in str(trouble.value)
    assert "secret" not in str(trouble.value)
    assert "Traceback" not in str(trouble.value)
