"""Servers of one's own, named in DATABASE_URL and REDIS_URL: whether they answer, before anything relies on them."""

import os
import subprocess

from bin.machine.paths import PYTHON
from bin.machine.say import Trouble

ASK = {
    "DATABASE_URL": "import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=5).close()",
    "REDIS_URL": "import sys, redis; redis.from_url(sys.argv[1], socket_timeout=5).ping()",
}


def ask(variable: str, name: str) -> None:
    """Trouble when the server that a variable names cannot be used. The address is not repeated: it may hold a
    password."""
    argv = [str(PYTHON), "-c", ASK[variable], os.environ[variable]]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if done.returncode:
        why = next((row for row in reversed(done.stderr.splitlines()) if row and not row[0].isspace()), "")
        raise Trouble(
            f"The {name} that {variable} names does not answer. {why.rpartition('Error: ')[2]}\n"
            f"Start it or mend {variable}, or leave {variable} out: then a private one is started."
        )
