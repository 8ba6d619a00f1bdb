"""The measurements measure what they say. (The yardstick needs a package that only bin/bench installs.)"""

import os
import subprocess
import sys
import time

import pytest

from bench import in_the_open, showing, subjects
from bench.measuring import Measured
from bench.processes import Watch
from bench.road import Road
from demo import plain
from station.contract.rules import specification_reasons


@pytest.mark.parametrize("givers", [2, 3])
def test_duckdb_in_the_open_gives_the_plain_table(givers, tmp_path):
    subject = subjects.make(tmp_path / "s", rows=20_000, givers=givers)
    assert specification_reasons(subject.plan.specification) == []
    opened = in_the_open.answer(subject)
    assert opened.table == plain.table(subject.plan.specification, subject.plan.files)
    assert opened.table["suppressed"] < len(opened.table["rows"])
    assert opened.cpu > 0


def test_the_same_numbers_give_the_same_files(tmp_path):
    one, other = (subjects.make(tmp_path / name, rows=300, givers=3) for name in ("one", "other"))
    for name, file in one.plan.files.items():
        assert file.read_bytes() == other.plan.files[name].read_bytes()


def test_a_blinding_per_row_is_the_time_of_one_multiplication_for_each_row():
    measured = Measured("x", 100_000, 3, [5.0, 10.0, 2.5], 1.0, 1.0, [1, 1, 1], [1.0, 1.0, 1.0], 50.0, 0.1, 0.1)
    assert measured.blindings == [1.0, 2.0, 0.5]
    assert measured.target == 2.4
    row = next(line for line in showing.engine_table([measured]).splitlines() if line.startswith("x "))
    assert row.split()[1:6] == ["5.0", "10.0", "2.5", "2.00", "2.4"]


def test_orchestration_is_what_the_engine_did_not_take():
    road = Road(5.5, 4.75, 200, {})
    assert road.overhead == 0.75
    assert "0.75 s" in showing.road_table(road)


def test_a_watch_sees_children_of_children_come_and_go():
    inner = "import time; kept = bytearray(64 << 20); time.sleep(1.2)  # marked"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    started = time.monotonic()
    with Watch(os.getpid(), lambda command: "# marked" in command, every=0.02) as watch:
        subprocess.run([sys.executable, "-c", outer], check=True)
    took = time.monotonic() - started
    (seen,) = [seen for seen in watch.seen.values() if "# marked" in seen.command and "subprocess" not in seen.command]
    assert 1.0 < seen.last - seen.started <= took
    assert 64 < watch.most_mib < 200
