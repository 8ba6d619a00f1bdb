"""Why something is refused: a code, the facts, and a sentence for the person who can mend it, in both languages.

The sentences are data (``reasons.yaml``), one entry per code, so that the station and the platform say the same thing
and a test can see that every code that occurs has its sentence. Facts never hold a partner's rows or ids.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Fact = str | int


@dataclass(frozen=True)
class Reason:
    """``code`` is an entry of ``reasons.yaml``; ``facts`` fill its sentence."""

    code: str
    facts: dict[str, Fact] = field(default_factory=dict)

    def text(self, language: str = "nl") -> str:
        """The sentence in ``nl`` or ``en``; an unknown code or fact still yields something readable."""
        sentence = sentences().get(self.code, {}).get(language)
        if sentence is None:
            return self.code
        return sentence.format_map(_Readable({name: said(value, language) for name, value in self.facts.items()}))

    def document(self) -> dict[str, Any]:
        return {"code": self.code, "facts": dict(self.facts)}

    @classmethod
    def from_document(cls, document: Any) -> Reason:
        """Reads what another program sent; anything odd becomes a plain 'unreadable reason', never an error."""
        if not isinstance(document, dict) or not isinstance(document.get("code"), str):
            return cls("reason.unreadable")
        facts = document.get("facts")
        if not isinstance(facts, dict):
            facts = {}
        kept: dict[str, Fact] = {str(k)[:60]: v if isinstance(v, int) else str(v)[:300] for k, v in facts.items()}
        return cls(document["code"][:80], kept)


class Refused(Exception):  # noqa: N818 (a refusal is an outcome, not a fault)
    """Something was refused, for one or more reasons."""

    def __init__(self, *reasons: Reason | str, **facts: Fact) -> None:
        self.reasons: list[Reason] = [Reason(r, facts) if isinstance(r, str) else r for r in reasons]
        super().__init__("; ".join(reason.text("en") for reason in self.reasons))


@cache
def sentences() -> dict[str, dict[str, str]]:
    """code -> {nl, en}."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(files("station").joinpath("reasons.yaml").read_text("utf-8"))
    return loaded


DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: (\d{2}:\d{2}))?")
MONTHS = {
    language: months.split()
    for language, months in (
        ("nl", "januari februari maart april mei juni juli augustus september oktober november december"),
        ("en", "January February March April May June July August September October November December"),
    )
}


def said(value: Any, language: str) -> Any:
    """A fact as people read it: a day (and minute) written out; anything else as it is."""
    found = DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[3]) <= 31 or not 1 <= int(found[2]) <= 12:
        return value
    month = MONTHS.get(language, MONTHS["en"])[int(found[2]) - 1]
    return f"{int(found[3])} {month} {found[1]}" + (f", {found[4]}" if found[4] else "")


class _Readable(dict[str, Fact]):
    def __missing__(self, key: str) -> str:
        return "?"
