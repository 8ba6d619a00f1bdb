"""What MPyC's messages may be: arrays of whole numbers and nothing else. No pickle is read, whoever sends it."""

import os
import pickle
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from station.engine import mpc, wire
from station.transport.connection import PeerLost
from tests.station.engine.circles import together
from tests.station.engine.questions import Question, debts, register

LARGEST = 2**511 - 1


class Evil:
    """Makes a directory when it is unpickled."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __reduce__(self):
        return os.mkdir, (self.place,)


def array(numbers):
    made = np.empty(len(numbers), dtype=object)
    made[:] = numbers
    return made


@given(st.lists(st.integers(-LARGEST, LARGEST)))
@example([2**63 - 1, -(2**63)])
@example([2**63])
def test_numbers_come_back(numbers):
    found = wire.loads(wire.dumps(array(numbers)))
    assert found.dtype == object
    assert found.tolist() == numbers
    assert all(type(number) is int for number in found)


@given(st.binary(max_size=200))
@example(struct.pack("<II", 0, 0))
@example(struct.pack("<II", 1, 4) + bytes(4))
@example(struct.pack("<II", 2**32 - 1, 2**32 - 1))
@example(pickle.dumps(np.arange(3)))
def test_anything_else_is_refused(raw):
    try:
        found = wire.loads(raw)
    except ValueError:
        return
    assert wire.loads(wire.dumps(found)).tolist() == found.tolist()


@given(st.lists(st.integers(-LARGEST, LARGEST), min_size=1), st.data())
def test_a_cut_or_longer_message_is_refused(numbers, data):
    raw = wire.dumps(array(numbers))
    with pytest.raises(ValueError, match="not an array"):
        wire.loads(raw[: data.draw(st.integers(0, len(raw) - 1))])
    with pytest.raises(ValueError, match="not an array"):
        wire.loads(raw + b"\0")


@pytest.mark.parametrize("thing", [[1], np.zeros((2, 2), dtype=object), array([1.5]), array(["1"]), array([True])])
def test_only_arrays_of_whole_numbers_leave(thing):
    with pytest.raises(TypeError):
        wire.dumps(thing)


def test_a_number_of_any_size_does_not_leave():
    with pytest.raises(ValueError, match="too large"):
        wire.dumps(array([2**512]))


def test_mpyc_has_no_pickle():
    assert vars(mpc.load().pickle).keys() == {"dumps", "loads"}
    assert mpc.load().pickle.loads is not pickle.loads


def test_a_pickle_from_a_peer_is_refused_and_its_sender_named():
    """In the middle of a real computation beta sends a program instead of its share."""
    lists = {"alpha": register({"Ede": 5}), "beta": debts(range(3))}
    question = Question("alpha", lists, ["place"])
    with tempfile.TemporaryDirectory() as folder:
        trap = Path(folder) / "opened"

        def tamper(message):
            evil = message.sender == 2 and message.label.startswith("mpyc/")
            return pickle.dumps(Evil(str(trap))) if evil else message.body

        ended = together(question.player(Path(folder) / "rows"), tamper=tamper)
        assert not trap.exists()
        pickle.loads(pickle.dumps(Evil(str(trap))))  # the trap works
        assert trap.exists()
    for point in (1, 3):
        assert isinstance(ended[point], PeerLost)
        assert ended[point].reason.code == "engine.peer_misfit"
        assert ended[point].organisation == "beta"
