"""The command line, a module per noun. Exit codes: 0 done, 1 refused with reasons, 2 wrong call, 3 platform away."""

from station.cli.main import main

__all__ = ["main"]
