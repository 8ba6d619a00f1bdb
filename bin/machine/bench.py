"""bin/bench: measures in the set-up environment, with a yardstick that only it needs."""

import os

from bin.machine import pango, setup, venv, wheels
from bin.machine.paths import PYTHON, ROOT


def main(arguments: list[str]) -> int:
    setup.prepare()
    wheels.ensure("-bench", "the yardstick")
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "-m", "bench", *arguments], {**venv.environment(), **pango.environment()})
