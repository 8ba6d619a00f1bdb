"""Where SPU's own environment is. It has other versions of what we use, so nothing of it is ever imported here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from station.reasons import Refused

ENVIRONMENT = ".venv-spu"


def python() -> Path | None:
    """The Python of SPU's environment: that of NICPET_SPU, or beside our own. None when it is not installed."""
    home = Path(os.environ.get("NICPET_SPU") or Path(sys.prefix).parent / ENVIRONMENT)
    found = home / "bin/python"
    return found if found.is_file() else None


def python_or_refused() -> Path:
    found = python()
    if found is None:
        raise Refused("engine.not_installed", engine="spu")
    return found
