"""Who is mentioned in a text: ``@`` and the whole name, as it stands in the list of people beside the form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from accounts.models import User


def mentioned(text: str, people: Iterable[User]) -> list[User]:
    """Everybody among these people whose name follows an ``@``. Of two names that both fit, the longer one is meant;
    people with the same name are all meant."""
    names: dict[str, list[User]] = {}
    for person in people:
        names.setdefault(person.full_name.casefold(), []).append(person)
    longest_first = sorted((name for name in names if name), key=len, reverse=True)
    if not longest_first:
        return []
    pattern = "|".join(re.escape(name) for name in longest_first)
    found = re.findall(rf"(?<!\w)@({pattern})(?!\w)", text.casefold())
    return [person for name in dict.fromkeys(found) for person in names[name]]


def unknown(text: str, people: Iterable[User]) -> list[str]:
    """What follows an ``@`` at the beginning of a word and is nobody's whole name: whoever wrote it is told."""
    left, known = text, sorted((person.full_name for person in people if person.full_name), key=len, reverse=True)
    for name in known:
        left = re.sub(rf"(?<!\w)@{re.escape(name)}(?!\w)", "", left, flags=re.IGNORECASE)
    return list(dict.fromkeys(re.findall(r"(?<![\w.])@[^\W\d_]\w*", left)))[:5]
