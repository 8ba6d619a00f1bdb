"""Citations to begin with, as data: examples that nobody verified."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FILLS = ("regime", "ground", "law_id", "article", "special", "criminal", "number", "secrecy", "secrecy_provision")


def shown(language: str) -> list[dict[str, Any]]:
    """All examples in one language, each with its key."""
    return [{"key": key, **_in(entry, language)} for key, entry in _examples().items()]


def filled(key: str, language: str) -> dict[str, Any]:
    """What an example fills in of the form; nothing for a key that is none."""
    entry = _examples().get(key)
    if entry is None:
        return {}
    texts = _in(entry, language)
    found = {name: texts[name] for name in FILLS if name in texts}
    return found | {"provision": texts["provision"], "remark": texts["mark"]}


def _in(entry: dict[str, Any], language: str) -> dict[str, Any]:
    texts = {name: value[language] if isinstance(value, dict) else value for name, value in entry.items()}
    return texts | {"mark": {"nl": "voorbeeld, niet geverifieerd", "en": "example, unverified"}[language]}


@cache
def _examples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(
        files("collaborations").joinpath("basis_examples.yaml").read_text("utf-8")
    )
    return found
