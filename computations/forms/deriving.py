"""Derived columns as rows of a form. A sum of terms is typed as people write it: ``3 x uwv.income - svb.aow``.

What a row needs depends on its kind: terms, a comparison and a number (or bounds); or the names of rows before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from computations.forms import conditions
from computations.forms.section import EMPTY_CHOICE, FieldSet, SectionForm, choices
from computations.specifying import words

TERM = re.compile(r"([+-]?)\s*(?:(\d+)\s*[x*×]\s*)?([a-z][a-z0-9_-]*)\.([A-Za-z_][A-Za-z0-9_]*)\s*")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_OF_NAMES = ("all", "any", "none", "at_least")
_KINDS = {"condition": _("condition on one column"), **words.DERIVED_KINDS}


def build(form: SectionForm, key: str, label: str, stored: list[dict[str, Any]]) -> Iterator[FieldSet]:
    number = form.rows(f"{key}_kind", len(stored) + 1 + form.setting.more)
    rows = [_row(form, key, place, stored[place] if place < len(stored) else {}) for place in range(number)]
    intro = say(
        "A column that is made from others, row by row. Of what: a column for a condition, a dataset for “stands in "
        "the list”, a sum such as “3 x uwv.income - svb.pension”, or names of rows above. With bands: bounds separated "
        "by a semicolon."
    )
    yield FieldSet(label, rows, intro=intro)
    form.checks.append(lambda: _check(form, key))


def read(form: SectionForm, key: str) -> list[dict[str, Any]]:
    return list(form.conditions.get(key, []))


def _row(form: SectionForm, key: str, place: int, given: dict[str, Any]) -> tuple[str, ...]:
    def label(name: str) -> str:
        return f"{words.FIELDS[name]} {place + 1}"

    kind = forms.ChoiceField(label=label("kind"), choices=[EMPTY_CHOICE, *_KINDS.items()])
    return (
        form.add(f"{key}_name_{place}", forms.CharField(label=label("name"), max_length=63), given.get("name", "")),
        form.add(f"{key}_kind_{place}", kind, given.get("kind", "")),
        form.add(f"{key}_of_{place}", forms.CharField(label=label("of"), max_length=2_000), of_text(given)),
        form.add(
            f"{key}_op_{place}", forms.ChoiceField(label=label("op"), choices=choices(words.OPERATORS)), given.get("op")
        ),
        form.add(f"{key}_value_{place}", forms.CharField(label=label("value"), max_length=2_000), value_text(given)),
    )


def of_text(given: dict[str, Any]) -> str:
    """What a stored row is made of, as somebody would type it."""
    if "terms" in given:
        return terms_text(given["terms"])
    if "of" in given:
        return "; ".join(given["of"])
    return ".".join(filter(None, (given.get("input"), given.get("column"))))


def terms_text(terms: list[dict[str, Any]]) -> str:
    text = ""
    for term in terms:
        factor = term.get("factor", 1)
        times = "" if abs(factor) == 1 else f"{abs(factor)} x "
        sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
        text += f"{sign}{times}{term['input']}.{term['column']}"
    return text


def value_text(given: dict[str, Any]) -> str:
    found = given.get("bounds", given.get("number", given.get("value")))
    return conditions.typed(found)


def _check(form: SectionForm, key: str) -> None:
    found, place = [], 0
    while f"{key}_kind_{place}" in form.fields:
        row = {
            name: form.cleaned_data.get(f"{key}_{name}_{place}") or "" for name in ("name", "kind", "of", "op", "value")
        }
        if row["kind"] or row["name"]:
            try:
                found.append(_read(form, row))
            except ValidationError as error:
                form.add_error(f"{key}_{error.code or 'of'}_{place}", error.messages[0])
        place += 1
    form.conditions[key] = found


def _read(form: SectionForm, row: dict[str, str]) -> dict[str, Any]:
    """One row as it is stored; ValidationError names the field in its code."""
    kind, of, value = row["kind"], row["of"].strip(), row["value"].strip()
    if not NAME.fullmatch(row["name"]):
        raise ValidationError(say("Use small letters, digits and _, a letter first."), code="name")
    made: dict[str, Any] = {"kind": kind, "name": row["name"]}
    if kind == "present":
        return {**made, "input": of}
    if kind == "condition":
        return {**made, **_condition(form, of, row["op"], value)}
    if kind in _OF_NAMES:
        names = [name.strip() for name in of.split(";") if name.strip()]
        if not names or not all(map(NAME.fullmatch, names)):
            raise ValidationError(say("Type names of rows above, separated by a semicolon."), code="of")
        return {**made, "of": names} | ({"number": _whole(value)} if kind == "at_least" else {})
    if kind == "bands":
        return {**made, "terms": terms(of), "bounds": [_whole(part) for part in value.split(";")]}
    if kind != "compare":
        raise ValidationError(say("Choose a kind."), code="kind")
    if row["op"] not in ("gt", "ge", "lt", "le"):
        raise ValidationError(say("Choose more than, at least, less than or at most."), code="op")
    return {**made, "terms": terms(of), "op": row["op"], "value": _whole(value)}


def _condition(form: SectionForm, of: str, op: str, value: str) -> dict[str, Any]:
    entry, _dot, column = of.partition(".")
    kind = conditions.type_of(form, of)
    if kind is None:
        raise ValidationError(say("Type a column as dataset.column."), code="of")
    if not op or not value:
        raise ValidationError(say("Choose a comparison and fill in a value."), code="value" if op else "op")
    try:
        read_value = conditions.value_of(value, op, kind)
    except ValidationError as error:
        raise ValidationError(error.messages[0], code="value") from error
    return {"input": entry, "column": column, "op": op, "value": read_value}


def terms(text: str) -> list[dict[str, Any]]:
    """``3 x a.b - c.d`` as terms; ValidationError when it is something else."""
    found, place = [], 0
    while place < len(text):
        match = TERM.match(text, place)
        if match is None or (place and not match[1]):
            break
        factor = int(match[2] or 1) * (-1 if match[1] == "-" else 1)
        found.append({"input": match[3], "column": match[4], "factor": factor})
        place = match.end()
    if not found or place < len(text):
        raise ValidationError(say("Type a sum such as “3 x uwv.income - svb.pension”."), code="of")
    return found


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValidationError(say("Type a whole number, without dots or commas."), code="value") from None
