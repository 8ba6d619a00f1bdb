"""What is wrong with a template, in the words of who can mend it, with the line and the place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import ValidationError

from dpia.template_file import Path, Source
from station.reasons import Reason, Refused

MOST_PROBLEMS = 20
ENGLISH, DUTCH = 0, 1
SAID: dict[str, tuple[str, str]] = {
    "missing": ("this is missing", "dit ontbreekt"),
    "extra_forbidden": ("this name is not known here", "deze naam is hier niet bekend"),
    "string_too_short": ("the text is empty", "de tekst is leeg"),
    "string_too_long": ("the text is too long", "de tekst is te lang"),
    "string_pattern_mismatch": (
        "only small letters, digits and _, beginning with a letter (a version is 1.2.3)",
        "alleen kleine letters, cijfers en _, met een letter vooraan (een versie is 1.2.3)",
    ),
    "too_short": ("at least one is needed", "er is er minstens één nodig"),
    "list_type": ("a list is expected here", "hier hoort een lijst"),
    "model_type": ("names with values are expected here", "hier horen namen met waarden"),
    "dict_type": ("names with values are expected here", "hier horen namen met waarden"),
    "bool_type": ("true or false is expected here", "hier hoort true of false"),
}
"""Kind of mistake -> what to say in English and Dutch."""


class Wrong(ValueError):
    """A mistake in a template, said in both languages."""

    def __init__(self, en: str, nl: str) -> None:
        super().__init__(en)
        self.en, self.nl = en, nl


def problems(error: ValidationError, source: Source) -> Refused:
    """Every mistake with the line it stands on; the first twenty of them."""
    found = list(dict.fromkeys(_said(error, source)))
    return Refused(*(Reason("template.problem", facts) for facts in map(dict, found[:MOST_PROBLEMS])))


def _said(error: ValidationError, source: Source) -> Iterator[tuple[tuple[str, str | int], ...]]:
    for one in error.errors(include_url=False):
        path: Path = tuple(one["loc"])
        en, nl = _words(one)
        yield (("line", source.line(path)), ("place", _place(path, source.data)), ("problem", nl), ("problem_en", en))


def _words(one: Any) -> tuple[str, str]:
    raised = one.get("ctx", {}).get("error")
    if isinstance(raised, Wrong):
        return raised.en, raised.nl
    if one["type"] == "string_type":
        return _no_text(one["input"])
    if one["type"] == "literal_error":
        expected = str(one["ctx"]["expected"]).replace(" or ", ", ")
        return f"this has to be one of {expected}", f"dit moet een van deze zijn: {expected}"
    return SAID.get(one["type"], (str(one["msg"]), str(one["msg"])))


def _no_text(given: Any) -> tuple[str, str]:
    """YAML reads ``no`` and ``2026-11-24`` as something else than text."""
    if isinstance(given, bool | int | float | date):
        said = str(given).lower() if isinstance(given, bool) else str(given)
        kind = "yes-or-no value" if isinstance(given, bool) else "date" if isinstance(given, date) else "number"
        soort = "ja-of-nee-waarde" if isinstance(given, bool) else "datum" if isinstance(given, date) else "getal"
        return (
            f"YAML reads this as a {kind} ({said}); put quotes around it when it is a text",
            f"YAML leest dit als een {soort} ({said}); zet er aanhalingstekens omheen als het tekst is",
        )
    return "a text is expected here", "hier hoort een tekst"


def _place(path: Path, data: Any) -> str:
    """The way to it by the names people gave: ``p3 > operations > columns > what``."""
    names: list[str] = []
    for step in path:
        data = _inside(data, step)
        called = next((data[key] for key in ("id", "key") if isinstance(data, dict) and key in data), None)
        if isinstance(step, int):
            names.append(str(called) if called is not None else str(step + 1))
        elif step not in ("parts", "points", "questions"):
            names.append(step)
    return " > ".join(names) or "template"


def _inside(data: Any, step: str | int) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None
