import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bin.machine.paths import ROOT
from bin.machine.processes import Household, end_session, spawn, wait_until
from bin.machine.say import Trouble

SLEEPER = [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('awake', flush=True); time.sleep(60)",
]
PARENT = """
import pathlib, sys, time
from bin.machine.processes import spawn
child = spawn("child", [sys.executable, "-c", "import time; time.sleep(60)"], log=pathlib.Path(sys.argv[1]), env={})
print(child.process.pid, flush=True)
time.sleep(60)
"""


LEADER = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "log")], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone_within(child, 5)


def test_a_stubborn_child_is_killed(tmp_path):
    log = tmp_path / "log"
    child = spawn("stubborn", STUBBORN, log=log, env={})
    wait_until(lambda: "awake" in log.read_text(), seconds=10, child=child)
    child.stop(patience=0.2)
    assert child.process.returncode == -signal.SIGKILL


def test_a_child_that_ends_early_is_told_with_the_end_of_its_log(tmp_path):
    program = [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]
    child = spawn("web", program, log=tmp_path / "web.log", env={})
    with pytest.raises(Trouble, match=r"(?s)web ended with code 3.*no such table"):
        wait_until(lambda: False, seconds=10, child=child)


def test_a_program_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Trouble, match="station could not be started: No such file"):
        spawn("station", ["/no/such/program"], log=tmp_path / "log", env={})


def test_a_household_tells_each_dead_once_and_stops_the_rest(tmp_path):
    household = Household()
    short = household.add(spawn("short", [sys.executable, "-c", ""], log=tmp_path / "short", env={}))
    long = household.add(spawn("long", SLEEPER, log=tmp_path / "long", env={}))
    short.process.wait()
    assert household.dead() == [short]
    assert household.dead() == []
    household.stop()
    assert not long.running and household.children == []


def test_a_session_ends_with_what_its_leader_started(tmp_path):
    leader = subprocess.Popen([sys.executable, "-c", LEADER], stdout=subprocess.PIPE, start_new_session=True)
    assert leader.stdout
    child = int(leader.stdout.readline())
    assert is_alive(child)
    end_session(leader, patience=5)
    leader.stdout.close()
    assert gone_within(child, 5)
