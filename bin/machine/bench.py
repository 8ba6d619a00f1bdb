"""bin/bench: measures in the set-up environment, with a yardstick that only it needs; ``web`` on an instance of its
own."""

import os
import subprocess
import tempfile
from pathlib import Path

from bin.machine import pango, ports, setup, venv, wheels
from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, ROOT, VAR


def main(arguments: list[str]) -> int:
    setup.prepare()
    wheels.ensure("-bench", "the yardstick")
    os.chdir(ROOT)
    if arguments[:1] == ["web"]:
        return _web(arguments[1:])
    os.execve(PYTHON, [str(PYTHON), "-m", "bench", *arguments], {**venv.environment(), **pango.environment()})


def _web(arguments: list[str]) -> int:
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-web-", dir=VAR) as directory:
        Path(directory).chmod(0o755)
        instance = Instance(Path(directory), ports.any_free(), ports.any_free(), durable=False, outer_servers=False)
        try:
            instance.start_servers()
            environment = instance.environment()
            subprocess.run([PYTHON, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
            return subprocess.run([PYTHON, "-m", "bench.web", *arguments], cwd=ROOT, env=environment).returncode
        finally:
            instance.stop()
            instance.erase()
