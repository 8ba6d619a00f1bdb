"""Conditions: a row each of column, comparison and value; the column's form says how the value is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.forms.section import EMPTY_CHOICE, FieldSet, SectionForm, choices
from computations.specifying import words

YES, NO = ("true", "yes", "ja", "1"), ("false", "no", "nee", "0")
SHOWN = 8  # categories named in a help text


def build(
    form: SectionForm, key: str, label: str, stored: list[dict[str, Any]], columns: list[tuple[str, str]]
) -> Iterator[FieldSet]:
    """One row more than there are conditions, or two when another was asked for."""
    number = form.rows(f"{key}_column", len(stored) + 1 + form.setting.more)
    rows = [
        _build_row(form, key, place, stored[place] if place < len(stored) else {}, columns) for place in range(number)
    ]
    intro = say(
        "A row of the list counts when it meets all of these. Choose – to leave a condition out. With “is one of”: "
        "values separated by a semicolon. For yes or no: true or false."
    )
    yield FieldSet(label, rows, intro=intro)
    form.checks.append(lambda: _check(form, key))


def _build_row(
    form: SectionForm, key: str, place: int, given: dict[str, Any], columns: list[tuple[str, str]]
) -> tuple[str, ...]:
    column = f"{given['input']}.{given['column']}" if given else ""
    label = {name: f"{words.FIELDS[name]} {place + 1}" for name in ("column", "op", "value")}
    which = forms.ChoiceField(label=label["column"], choices=[EMPTY_CHOICE, *columns])
    op = forms.ChoiceField(label=label["op"], choices=choices(words.OPERATORS))
    value = forms.CharField(label=label["value"], max_length=5_000, help_text=_help(form, column))
    return (
        form.add(f"{key}_column_{place}", which, column),
        form.add(f"{key}_op_{place}", op, given.get("op")),
        form.add(f"{key}_value_{place}", value, typed(given.get("value"))),
    )


def read(form: SectionForm, key: str) -> list[dict[str, Any]]:
    return list(form.conditions.get(key, []))


def typed(value: Any) -> str:
    """A stored value as somebody would type it."""
    if isinstance(value, list):
        return "; ".join(typed(entry) for entry in value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def value_of(text: str, op: str, kind: dict[str, Any]) -> Any:
    """What was typed, in the form of the column; ValidationError says what to type."""
    if op == "in":
        return [_one(part.strip(), kind) for part in text.split(";") if part.strip()]
    return _one(text.strip(), kind)


def _check(form: SectionForm, key: str) -> None:
    found, place = [], 0
    while f"{key}_column_{place}" in form.fields:
        column = form.cleaned_data.get(f"{key}_column_{place}")
        if column:
            found.append(_row(form, key, place, column))
        place += 1
    form.conditions[key] = [entry for entry in found if entry is not None]


def _row(form: SectionForm, key: str, place: int, column: str) -> dict[str, Any] | None:
    op, text = form.cleaned_data.get(f"{key}_op_{place}") or "", form.cleaned_data.get(f"{key}_value_{place}") or ""
    if not op or not text.strip():
        form.add_error(f"{key}_{'value' if op else 'op'}_{place}", say("Choose a comparison and fill in a value."))
        return None
    entry, name = column.split(".", 1)
    try:
        value = value_of(text, op, type_of(form, column) or {})
    except ValidationError as error:
        form.add_error(f"{key}_value_{place}", error)
        return None
    return {"input": entry, "column": name, "op": op, "value": value}


def _one(text: str, kind: dict[str, Any]) -> bool | int | str:
    match kind.get("kind"):
        case "int":
            try:
                return int(text)
            except ValueError:
                raise ValidationError(_("Type a whole number, without dots or commas.")) from None
        case "bool":
            if text.lower() not in (*YES, *NO):
                raise ValidationError(_("Type true or false."))
            return text.lower() in YES
        case "code" if text not in kind["values"]:
            raise ValidationError(
                _("This is not one of the categories: %(known)s.") % {"known": _first(kind["values"])}
            )
    return text


def type_of(form: SectionForm, column: str) -> dict[str, Any] | None:
    entry, _dot, name = column.partition(".")
    columns = [c for e in form.setting.draft["inputs"] if e["id"] == entry for c in e["columns"] if c["name"] == name]
    return columns[0]["type"] if columns else None


def _help(form: SectionForm, column: str) -> str:
    kind = type_of(form, column) if column else None
    if kind and kind["kind"] == "code":
        return say("Categories: %(known)s") % {"known": _first(kind["values"])}
    return words.form_of(kind) if kind else ""


def _first(categories: list[str]) -> str:
    return ", ".join(categories[:SHOWN]) + (", …" if len(categories) > SHOWN else "")
