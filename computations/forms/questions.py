"""The parameters of an analysis as fields of a form, made from the analysis's own schema.

A parameter's type says which question is asked: the name of an input, one or more columns, conditions, a number, yes
or no, one of fixed words. A new analysis needs no form of its own.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from pydantic.fields import FieldInfo

from computations.forms import conditions, deriving
from computations.forms.section import EMPTY_CHOICE, FieldSet, SectionForm
from computations.specifying.words import FIELDS, VALUES
from station.analyses.derived import Derived
from station.analyses.tabulation import Sum
from station.specification import ColumnRef, Condition, Key

MOST_COLUMNS = 4  # selects for a list of columns whose schema names no maximum


@dataclass
class Question:
    """One parameter: ``build`` adds its fields to a form, ``read`` takes its value out of them."""

    name: str
    field: FieldInfo

    simple = True  # one field, which needs no set of its own

    @property
    def label(self) -> str:
        return str(FIELDS.get(self.name, self.field.title or self.name))

    def build(self, form: SectionForm, value: Any) -> Iterator[FieldSet]:
        made = self.made(form)
        made.required = self.field.is_required()
        yield FieldSet(self.label, [(form.add(self.key, made, self.default(value)),)])

    def read(self, form: SectionForm) -> Any:
        return form.cleaned_data[self.key]

    def made(self, form: SectionForm) -> forms.Field:
        raise NotImplementedError

    def default(self, value: Any) -> Any:
        return self.field.get_default() if value is None and not self.field.is_required() else value

    @property
    def key(self) -> str:
        return f"parameter_{self.name}"


class InputName(Question):
    def made(self, form: SectionForm) -> forms.Field:
        names = form.setting.names
        options = [
            (entry["id"], f"{names.get(entry['organisation'], entry['organisation'])}: {entry['dataset']}")
            for entry in form.setting.draft["inputs"]
        ]
        return forms.ChoiceField(label=self.label, choices=[EMPTY_CHOICE, *options])


class Columns(Question):
    """A list of columns, one select each, because their order counts."""

    simple = False

    @property
    def number(self) -> int:
        return next((m.max_length for m in self.field.metadata if hasattr(m, "max_length")), MOST_COLUMNS)

    def build(self, form: SectionForm, value: Any) -> Iterator[FieldSet]:
        options = [EMPTY_CHOICE, *column_choices(form, ("group",) if self.name.startswith("group") else None)]
        given, rows = [f"{ref['input']}.{ref['column']}" for ref in value or []], list[str]()
        for place in range(self.number):
            required = place == 0 and self.field.is_required()
            made = forms.ChoiceField(label=f"{FIELDS['column']} {place + 1}", choices=options, required=required)
            rows.append(form.add(f"{self.key}_{place}", made, given[place] if place < len(given) else ""))
        alert = "" if options[1:] else say("First choose on the page of a dataset which columns are used to group by.")
        yield FieldSet(self.label, [tuple(rows)], alert=alert)

    def read(self, form: SectionForm) -> list[dict[str, str]]:
        chosen = [form.cleaned_data[f"{self.key}_{place}"] for place in range(self.number)]
        return [_reference(name) for name in dict.fromkeys(filter(None, chosen))]


class OneColumn(Question):
    def made(self, form: SectionForm) -> forms.Field:
        return forms.ChoiceField(label=self.label, choices=[EMPTY_CHOICE, *column_choices(form)])

    def default(self, value: Any) -> Any:
        return f"{value['input']}.{value['column']}" if value else ""

    def read(self, form: SectionForm) -> Any:
        name = form.cleaned_data[self.key]
        return _reference(name) if name else None


class Conditions(Question):
    simple = False

    def build(self, form: SectionForm, value: Any) -> Iterator[FieldSet]:
        yield from conditions.build(form, self.key, self.label, value or [], column_choices(form))

    def read(self, form: SectionForm) -> list[dict[str, Any]]:
        return conditions.read(form, self.key)


class DerivedColumns(Question):
    simple = False

    def build(self, form: SectionForm, value: Any) -> Iterator[FieldSet]:
        yield from deriving.build(form, self.key, self.label, value or [])

    def read(self, form: SectionForm) -> list[dict[str, Any]]:
        return deriving.read(form, self.key)


class Names(Question):
    """Short names, of derived columns or of datasets, separated by a semicolon."""

    def made(self, form: SectionForm) -> forms.Field:
        return forms.CharField(label=self.label, help_text=_("Names, separated by a semicolon."))

    def default(self, value: Any) -> Any:
        return "; ".join(value or [])

    def read(self, form: SectionForm) -> list[str]:
        return [name.strip() for name in (form.cleaned_data[self.key] or "").split(";") if name.strip()]


class Amounts(Question):
    """Columns to add up, each with the number above which it is cut off."""

    simple = False

    def build(self, form: SectionForm, value: Any) -> Iterator[FieldSet]:
        given, rows = value or [], list[tuple[str, ...]]()
        options = [EMPTY_CHOICE, *column_choices(form, ("measure",))]
        for place in range(min(4, form.rows(f"{self.key}_column", len(given) + 1))):
            one = given[place] if place < len(given) else {}
            column = forms.ChoiceField(label=f"{FIELDS['column']} {place + 1}", choices=options)
            cap = forms.IntegerField(label=f"{FIELDS['cap']} {place + 1}", min_value=1)
            name = f"{one['input']}.{one['column']}" if one else ""
            fields = form.add(f"{self.key}_column_{place}", column, name), form.add(f"{self.key}_cap_{place}", cap)
            cap.initial = one.get("cap")
            rows.append(fields)
        yield FieldSet(
            self.label,
            rows,
            intro=say("Nobody may be too large a part of a sum: the larger the cap, the larger a sum must be."),
        )

    def read(self, form: SectionForm) -> list[dict[str, Any]]:
        found, place = [], 0
        while f"{self.key}_column_{place}" in form.fields:
            if name := form.cleaned_data[f"{self.key}_column_{place}"]:
                found.append({**_reference(name), "cap": form.cleaned_data[f"{self.key}_cap_{place}"]})
            place += 1
        return found


class Number(Question):
    def made(self, form: SectionForm) -> forms.Field:
        return forms.IntegerField(label=self.label)


class YesNo(Question):
    def build(self, form: SectionForm, value: Any) -> Iterator[FieldSet]:
        made = forms.BooleanField(label=self.label, required=False)
        yield FieldSet(self.label, [(form.add(self.key, made, self.default(value)),)])

    def made(self, form: SectionForm) -> forms.Field:
        return forms.BooleanField(label=self.label)


class OneOf(Question):
    def made(self, form: SectionForm) -> forms.Field:
        words = get_args(self.field.annotation)
        return forms.ChoiceField(label=self.label, choices=[EMPTY_CHOICE, *((w, VALUES.get(w, w)) for w in words)])


class Anything(Question):
    """A parameter of a form that no field knows: as JSON."""

    def made(self, form: SectionForm) -> forms.Field:
        return forms.JSONField(label=self.label, help_text=_("As JSON."))


_KINDS: tuple[tuple[Any, type[Question]], ...] = (
    (bool, YesNo), (int, Number), (str, InputName), (ColumnRef, OneColumn), (list[ColumnRef], Columns),
    (list[Condition], Conditions), (list[Derived], DerivedColumns), (list[Sum], Amounts), (list[Key], Names),
)  # fmt: skip


def questions(parameters: type[Any]) -> list[Question]:
    return [_kind(field)(name, field) for name, field in parameters.model_fields.items()]


def column_choices(form: SectionForm, uses: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """Every column that is used otherwise than to align the lists; with ``uses`` only those."""
    return [
        (f"{entry['id']}.{column['name']}", f"{entry['id']}.{column['name']}")
        for entry in form.setting.draft["inputs"]
        for column in entry["columns"]
        if (column["use"] in uses if uses else column["use"] != "join_key")
    ]


def _kind(field: FieldInfo) -> type[Question]:
    annotation = field.annotation
    if get_origin(annotation) in (Union, types.UnionType):  # "or None": the same question, not required
        annotation = next((a for a in get_args(annotation) if a is not type(None)), annotation)
    if get_origin(annotation) is Literal:
        return OneOf
    return next((question for kind, question in _KINDS if annotation == kind), Anything)


def _reference(name: str) -> dict[str, str]:
    entry, column = name.split(".", 1)
    return {"input": entry, "column": column}
