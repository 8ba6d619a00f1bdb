"""bin/bench: measures in the set-up environment, with a yardstick that only it needs; ``web`` and ``dpia`` on an
instance of their own."""

import os
import subprocess

from bin.machine import pango, setup, venv, wheels
from bin.machine.instance import passing
from bin.machine.paths import PYTHON, ROOT


def main(arguments: list[str]) -> int:
    setup.prepare()
    wheels.ensure("-bench", "the yardstick")
    os.chdir(ROOT)
    if arguments[:1] and arguments[0] in OWN:
        return _on_its_own(OWN[arguments[0]], arguments[1:])
    os.execve(PYTHON, [str(PYTHON), "-m", "bench", *arguments], {**venv.environment(), **pango.environment()})


OWN = {"web": "bench.web", "dpia": "bench.dossier"}


def _on_its_own(module: str, arguments: list[str]) -> int:
    with passing(module.replace(".", "-"), outer_servers=False) as instance:
        environment = {**instance.environment(), **pango.environment()}
        subprocess.run([PYTHON, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
        return subprocess.run([PYTHON, "-m", module, *arguments], cwd=ROOT, env=environment).returncode
