"""Who the invented people are: ``people.yaml``. Without Django, since the stations' side reads it too."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def describe() -> dict[str, Any]:
    """Names, addresses per role, functions and mandates."""
    found: dict[str, Any] = yaml.safe_load(files("demo").joinpath("people.yaml").read_text("utf-8"))
    return found


def speaks() -> str:
    """The language of the terminal: Dutch where it is set so, else English."""
    return "nl" if os.environ.get("LANG", "").startswith("nl") else "en"
