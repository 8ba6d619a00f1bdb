"""Whatever message of a computation comes short, its receiver notices, and its sender is named."""

import re
import tempfile
from pathlib import Path

import pytest

from station.transport.connection import PeerLost
from tests.station.engine.circles import NAMES, Message, together
from tests.station.engine.questions import Question, debts, register

LABELS = [
    "join/beta/tags", "join/beta/move", "join/beta/move/rest", "join/beta/hand", "enter/2", "multiply/3", "cells",
    "cells/rest", "mpyc",
]  # fmt: skip


def ended(change, label: str) -> tuple[Message, dict]:
    """Everybody's end when the first message of this kind is changed on its way; and that message."""
    changed: list[Message] = []

    def tamper(message: Message) -> bytes:
        if changed or re.sub("mpyc/.*", "mpyc", message.label) != label:
            return message.body
        changed.append(message)
        return change(message.body)

    lists = {"alpha": register({"Ede": 5, "Urk": 4}), "beta": debts(range(3)), "gamma": debts(range(5))}
    with tempfile.TemporaryDirectory() as folder:
        found = together(Question("alpha", lists, ["place"]).player(Path(folder)), tamper=tamper)
    return changed[0], found


def names_the_sender(message: Message, found: dict) -> bool:
    lost = found[message.receiver]
    assert isinstance(lost, PeerLost), lost
    return (lost.organisation, lost.reason.code) == (NAMES[message.sender - 1], "engine.peer_misfit")


@pytest.mark.parametrize("label", LABELS)
def test_a_message_that_comes_short_is_noticed_and_its_sender_named(label):
    assert names_the_sender(*ended(lambda body: body[:-1], label))


@pytest.mark.parametrize("label", [label for label in LABELS if not label.endswith("tags")])
def test_numbers_outside_the_field_or_the_list_are_noticed(label):
    assert names_the_sender(*ended(lambda body: b"\xff" * len(body), label))
