"""What the command line says, in the partner's language; the sentences are data (``messages.yaml``)."""

from __future__ import annotations

import os
import sys
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TextIO

import yaml

from station.reasons import Reason, Refused
from station.rendering.document import plain

LANGUAGES = ("nl", "en")


@cache
def messages() -> dict[str, dict[str, str]]:
    """key -> {nl, en}."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        files("station.cli").joinpath("messages.yaml").read_text("utf-8")
    )
    return loaded


def language_of(root: Path) -> str:
    """STATION_LANGUAGE, else the language of ``station.toml``, else Dutch."""
    chosen = os.environ.get("STATION_LANGUAGE", "")
    if chosen not in LANGUAGES:
        try:
            chosen = str(tomllib.loads((root / "station.toml").read_text("utf-8")).get("language"))
        except (OSError, ValueError):
            chosen = "nl"
    return chosen if chosen in LANGUAGES else "nl"


class Voice:
    """Speaks one language on standard output; refusals go to standard error."""

    def __init__(self, language: str) -> None:
        self.language = language

    def text(self, key: str, **facts: object) -> str:
        return messages()[key][self.language].format(**facts)

    def say(self, key: str, **facts: object) -> None:
        self.line(self.text(key, **facts))

    def line(self, text: str, *, to: TextIO | None = None) -> None:
        """One line; what others sent never steers the terminal."""
        print(plain(text, self.language), file=to, flush=True)

    def refuse(self, reasons: list[Reason]) -> None:
        for reason in reasons:
            self.line(f"- {reason.text(self.language)}", to=sys.stderr)

    def ask(self, key: str, **facts: object) -> str:
        """One typed line; Refused when there is nobody to type it."""
        print(self.text(key, **facts), end=" ", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise Refused("cli.nobody_there")
        return line.strip()

    def confirm(self, key: str, **facts: object) -> bool:
        return self.ask(key, **facts).lower() in ("j", "ja", "y", "yes")
