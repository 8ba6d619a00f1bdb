"""Filters for what stands in a specification or a contract."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils import formats
from pydantic import BaseModel

from computations.specifying import words

register = template.Library()


@register.filter
def word(value: str) -> str:
    """The word for a fixed value (``joint_controller``); anything else as it is."""
    return str(words.VALUES.get(value, value))


@register.filter
def words_for(values: list[str]) -> str:
    return ", ".join(word(value) for value in values)


@register.filter
def form_of(kind: Any) -> str:
    """The form of a column in words."""
    return words.form_of(kind.model_dump(mode="json") if isinstance(kind, BaseModel) else kind)


@register.filter
def fours(text: str) -> list[str]:
    """A contract code or hash in groups of four, for reading aloud."""
    plain = text.replace("-", "")
    return [plain[start : start + 4] for start in range(0, len(plain), 4)]


@register.filter
def day(text: str) -> str:
    """An ISO day as a date, in the reader's form; anything else as it is."""
    try:
        return formats.date_format(date.fromisoformat(text), "j F Y")
    except ValueError:
        return text
