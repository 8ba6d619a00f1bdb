"""Child processes that end with their parent, write to their own log, and are stopped by their own pid."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bin.machine.commands import tail
from bin.machine.paths import ROOT
from bin.machine.say import Trouble

PR_SET_PDEATHSIG = 1
PATIENCE = 10.0  # seconds between asking a child to stop and killing it
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """A started process. `stop_signal` also reaches it when its parent ends in whatever way."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def ask(self) -> None:
        if self.running:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = PATIENCE) -> None:
        """Asks, waits, kills."""
        self.ask()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self) -> str:
        return tail(self.log.read_text(errors="replace")) if self.log.exists() else ""

    def obituary(self) -> str:
        code = self.process.returncode
        how = f"was ended by {signal.Signals(-code).name}" if code and code < 0 else f"ended with code {code}"
        return f"{self.name} {how}. The end of its log, {self.log}:\n{self.last_words()}"


def spawn(
    name: str,
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path = ROOT,
    switch: tuple[int, int] | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Starts argv in a session of its own, so that Ctrl-C reaches only the parent. `switch` is
    the user and group to become. Call it from the main thread:
    the kernel counts the end of the starting thread as the parent's end."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # links for new passwords may be in it

    with log.open("ab") as output:
        try:
            process = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
                user=switch[0] if switch else None,
                group=switch[1] if switch else None,
                extra_groups=[] if switch else None,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, stop_signal),
            )
        except OSError as error:
            raise Trouble(f"{name} could not be started: {error.strerror} ({argv[0]}).") from None
    return Child(name, process, log, stop_signal)


def die_with_parent(signum: signal.Signals = signal.SIGTERM) -> None:
    """To be called in a new child: the kernel sends it signum when its parent ends."""
    _libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)


def end_session(leader: subprocess.Popen[bytes], patience: float = PATIENCE) -> None:
    """Ends a process that was started in a session of its own, with whatever it started and left behind."""
    for signum in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):  # nobody is left in it
            os.killpg(leader.pid, signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            leader.wait(patience)
            return


def wait_until(condition: Callable[[], bool], *, seconds: float, child: Child, pause: float = 0.05) -> None:
    """Waits for a child to be of use; Trouble with its last words when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        if not child.running:
            raise Trouble(child.obituary())
        if time.monotonic() > deadline:
            raise Trouble(f"{child.name} did not answer within {seconds:.0f} s. Its log:\n{child.last_words()}")
        time.sleep(pause)


@dataclass
class Household:
    """The children of one instance: stopped together, the last started first asked."""

    children: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> Child:
        self.children.append(child)
        return child

    def dead(self) -> list[Child]:
        """Children that ended by themselves; each is told once."""
        gone = [child for child in self.children if not child.running]
        self.children = [child for child in self.children if child not in gone]
        return gone

    def stop(self) -> None:
        """All are asked at once, in reverse, and then waited for; a second Ctrl-C does not leave anyone behind."""
        former = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            for child in reversed(self.children):
                child.ask()
            for child in reversed(self.children):
                child.stop()
            self.children.clear()
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
