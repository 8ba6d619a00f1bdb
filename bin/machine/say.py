"""Progress for the person at the terminal, on standard error; standard output is kept for results."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """Something cannot go on. The text is for the person who can mend it: what is wrong, and what to do next."""


class Voice:
    quiet = False


def line(text: str) -> None:
    if not Voice.quiet:
        print(text, file=sys.stderr, flush=True)


def warn(text: str) -> None:
    """Said even when quiet."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    line(f"  {text} ...")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 1:
        line(f"  {text}: done in {took:.0f} s")
