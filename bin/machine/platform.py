"""A whole platform on one instance: servers, migrations, programs, and the watch over them."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bin.machine import programs
from bin.machine.commands import run
from bin.machine.instance import SERVERS, Instance
from bin.machine.paths import PYTHON, ROOT
from bin.machine.processes import die_with_parent, end_session, spawn, wait_until
from bin.machine.programs import Program
from bin.machine.say import Trouble, step, warn

PAUSE = 0.3  # seconds between two looks at the children
RESTARTS = 3  # then a program that keeps crashing stays down


class Platform:
    def __init__(self, instance: Instance, *, restart: bool) -> None:
        self.instance = instance
        self.restart = restart
        self.started: dict[str, Program] = {}
        self.crashes: Counter[str] = Counter()

    @property
    def stations(self) -> Path:
        return self.instance.directory / "stations"

    def start(self) -> None:
        self.instance.start_servers()
        with step("Bringing the database up to date"):
            run(
                [PYTHON, "manage.py", "migrate", "--noinput"],
                failing="The database could not be brought up to date.",
                env=self.instance.environment(),
            )
        self.stations.mkdir(mode=0o700, exist_ok=True)
        with step("Starting web, doorbell, worker and beat"):
            for program in (
                programs.web(self.instance.web_port),
                programs.doorbell(self.instance.doorbell_port),
                programs.worker(),
                programs.beat(self.instance.directory),
            ):
                self._start(program)
        self._start_new_stations()

    def foreground(self, argv: Sequence[str | Path]) -> int:
        """Runs a command to its end, on our own output, and watches over the programs meanwhile."""
        child = subprocess.Popen(
            [str(part) for part in argv],
            cwd=ROOT,
            env=self.instance.environment(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        try:
            self.watch(lambda: child.poll() is None)
        except BaseException:
            end_session(child)
            raise
        return child.returncode

    def watch(self, going_on: Callable[[], bool] = lambda: True) -> None:
        while going_on():
            self._start_new_stations()
            for child in self.instance.household.dead():
                self._lost(child.name, child.obituary())
            time.sleep(PAUSE)

    def stop(self) -> None:
        with step("Stopping"):
            self.instance.stop()

    def _lost(self, name: str, obituary: str) -> None:
        if name in SERVERS:
            raise Trouble(obituary)
        warn(obituary)
        self.crashes[name] += 1
        if not self.restart:
            return
        if self.crashes[name] > RESTARTS:
            warn(f"{name} crashed {self.crashes[name]} times and stays down. The rest goes on.")
            return
        warn(f"Starting {name} again.")
        self._start(self.started[name])

    def _start(self, program: Program) -> None:
        """The programs are known before they are ready, so that a failing start is stopped with the rest."""
        log = self.instance.logs / f"{program.name}.log"
        child = spawn(program.name, program.argv, log=log, env=self.instance.environment())
        self.instance.household.add(child)
        self.started[program.name] = program
        if program.ready:
            wait_until(program.ready, seconds=program.seconds, child=child)

    def _start_new_stations(self) -> None:
        for program in programs.stations(self.stations):
            if program.name not in self.started:
                self._start(program)
