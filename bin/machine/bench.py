"""bin/bench: measures in the set-up environment."""

import os

from bin.machine import pango, setup, venv
from bin.machine.paths import PYTHON, ROOT


def main(arguments: list[str]) -> int:
    setup.prepare()
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "-m", "bench", *arguments], {**venv.environment(), **pango.environment()})
