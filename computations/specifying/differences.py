"""What differs between two specifications (or two drafts), field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from computations.specifying.words import FIELDS, VALUES, form_of

Path = tuple[str, ...]
IDENTITY = ("organisation", "id", "name")
COLUMN, CONDITION = {"input", "column"}, {"input", "column", "op", "value"}
LONGEST = 400


@dataclass(frozen=True)
class Change:
    """``before`` or ``after`` is empty when the field was added or taken away."""

    where: str
    before: str
    after: str


def differences(before: Any, after: Any) -> list[Change]:
    old, new = dict(leaves(before)), dict(leaves(after))
    paths = [*old, *(path for path in new if path not in old)]
    return [
        Change(" › ".join(path), old.get(path, ""), new.get(path, ""))
        for path in paths
        if old.get(path, "") != new.get(path, "")
    ]


def leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every field with its value as text."""
    for where, value in fields(node, path):
        yield where, _said(value, where)


def fields(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every field with its value as it stands. Parties, datasets and columns go by their name, not by their place."""
    if isinstance(node, dict) and path[-1:] != (str(FIELDS["type"]),):
        for name, value in node.items():
            yield from fields(value, (*path, str(FIELDS.get(name, name))))
    elif isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for place, item in enumerate(node, 1):
            yield from _item(item, place, path)
    else:
        yield path, node


def shown(value: Any) -> str:
    """One value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(shown(entry) for entry in value)
    text = str(VALUES.get(value, value)) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _item(item: Any, place: int, path: Path) -> Iterator[tuple[Path, Any]]:
    if set(item) in (COLUMN, CONDITION):
        yield (*path, str(place)), item
    else:
        name = next((str(item[key]) for key in IDENTITY if item.get(key)), str(place))
        yield from fields(item, (*path, name))


def _said(value: Any, path: Path) -> str:
    if not isinstance(value, dict):
        return shown(value)
    if set(value) == COLUMN:
        return f"{value['input']}.{value['column']}"
    return condition(value) if set(value) == CONDITION else _type(value)


def condition(entry: dict[str, Any]) -> str:
    """``belastingdienst.arrears_cents is more than 0``."""
    return f"{entry['input']}.{entry['column']} {VALUES[entry['op']]} {shown(entry['value'])}"


def _type(kind: dict[str, Any]) -> str:
    values = kind.get("values")
    return f"{form_of(kind)}: {shown(values)}" if values else form_of(kind)
