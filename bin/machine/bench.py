"""bin/bench: measures in the set-up environment, with a yardstick that only it needs; ``web`` on an instance of its
own."""

import os
import subprocess

from bin.machine import pango, setup, venv, wheels
from bin.machine.instance import passing
from bin.machine.paths import PYTHON, ROOT


def main(arguments: list[str]) -> int:
    setup.prepare()
    wheels.ensure("-bench", "the yardstick")
    os.chdir(ROOT)
    if arguments[:1] == ["web"]:
        return _web(arguments[1:])
    os.execve(PYTHON, [str(PYTHON), "-m", "bench", *arguments], {**venv.environment(), **pango.environment()})


def _web(arguments: list[str]) -> int:
    with passing("bench-web", outer_servers=False) as instance:
        environment = instance.environment()
        subprocess.run([PYTHON, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
        return subprocess.run([PYTHON, "-m", "bench.web", *arguments], cwd=ROOT, env=environment).returncode
