"""Filters the templates share. Widgets themselves are files in ``templates/components``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from web.language import language
from web.moments import Days
from web.tones import tone

register = template.Library()
CHOSEN = mark_safe(" selected")


@register.filter
def in_language(text: Any) -> str:
    """The text in the reader's language, from a mapping or an object that holds ``nl`` and ``en``."""
    if isinstance(text, dict):
        return str(text.get(language()) or text.get("nl", ""))
    return str(getattr(text, language(), text))


@register.filter
def reason_text(reason: Any) -> str:
    """The sentence of a ``station.reasons.Reason`` in the reader's language."""
    return reason.text(language())


@register.filter
def since(moment: datetime) -> str:
    return Days().since(moment)


@register.filter
def state_tone(state: str) -> str:
    return tone(state)


@register.filter
def is_group(field: BoundField) -> bool:
    """Radio buttons and several checkboxes stand in a fieldset with a legend."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.simple_tag
def badge(label: str, tone: str = "") -> SafeString:
    """A state in a word, in its colour."""
    return format_html('<span class="badge{}">{}</span>', f" badge--{tone}" if tone else "", label)


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: str = "") -> SafeString:
    """The options of a select, at once: in a template every one of hundreds of partners takes its own steps."""
    rows = ((value, CHOSEN if value == chosen else "", label) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@register.filter
def at(mapping: dict[str, Any], key: str) -> Any:
    """``mapping[key]``, or the key itself."""
    return mapping.get(key, key)
